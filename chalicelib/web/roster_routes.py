"""The routes of the duty roster (B14), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.duty.roster import PLANNERS
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

roster_pages = Blueprint(__name__)

ROSTER = "/desk/{community}/roster"
FILE = "file"


@route(roster_pages, ROSTER, policy=staff(*CASE_READERS), refused=as_page)
def roster(visit: Visit, community: str) -> Response:
    """A week of the roster, its gaps, and the forms of whoever writes it."""
    from chalicelib.web.roster_page import roster_page

    week, department = (query_value(visit.request, name) or "" for name in ("week", "department"))
    return roster_page(reader_of(visit.request), visit, week, department)


@route(roster_pages, ROSTER + "/{act}", policy=staff(*CASE_READERS), refused=as_page)
def act_again(visit: Visit, community: str, act: str) -> Response:
    """The roster as a file; else a reload of a form that was not taken: back to the roster."""
    if act == FILE and visit.member.role in PLANNERS:
        from chalicelib.web.roster_file import roster_csv

        return roster_csv(visit.member, reader_of(visit.request).words)
    return go_to(reader_of(visit.request), f"desk/{community}/roster")


@form_route(roster_pages, ROSTER + "/{act}", staff(*CASE_READERS), with_files=True)
def roster_act(visit: Visit, community: str, act: str) -> Response:
    """A turn, a leave or a swap; what is refused is shown again as it was typed."""
    from chalicelib.web.roster_forms import act_on

    return act_on(reader_of(visit.request), visit, act)
