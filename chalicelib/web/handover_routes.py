"""The routes of handovers of shifts (B14), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.handover import HandoverForm
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

handover_pages = Blueprint(__name__)

HANDOVER = "/desk/{community}/handover"


@route(handover_pages, HANDOVER, policy=staff(*CASE_READERS), refused=as_page)
def handover(visit: Visit, community: str) -> Response:
    """What a shift hands over, and the latest handovers, to read, sign and print."""
    from chalicelib.web.handover_page import handover_page

    department = query_value(visit.request, "department") or ""
    return handover_page(reader_of(visit.request), visit, department)


@route(handover_pages, HANDOVER + "/{act}", policy=staff(*CASE_READERS), refused=as_page)
def act_again(visit: Visit, community: str, act: str) -> Response:
    """A reload of a form that was not taken: back to the page."""
    return go_to(reader_of(visit.request), f"desk/{community}/handover")


@form_route(handover_pages, HANDOVER + "/{act}", staff(*CASE_READERS), HandoverForm)
def handover_act(visit: Visit, community: str, act: str) -> Response:
    """A shift is handed over, or signed for."""
    from chalicelib.web.handover_page import act_on

    return act_on(reader_of(visit.request), visit, act)
