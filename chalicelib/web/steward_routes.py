"""The routes of the stewards of buildings (B2), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.duty.stewards import LONGEST_BUILDING, SETTERS
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_value, reader_of

steward_pages = Blueprint(__name__)

STEWARDS = "/desk/{community}/stewards"


@route(steward_pages, STEWARDS, policy=staff(*CASE_READERS), refused=as_page)
def stewards(visit: Visit, community: str) -> Response:
    """The stewards by building, and the form of the manager."""
    from chalicelib.web.steward_page import steward_page

    building = query_value(visit.request, "building") or ""
    return steward_page(reader_of(visit.request), visit, {"building": building[:LONGEST_BUILDING]})


@form_route(steward_pages, STEWARDS, staff(*SETTERS), with_files=True)
def set_steward(visit: Visit, community: str) -> Response:
    """A steward is set for a building, or taken away."""
    from chalicelib.web.steward_page import steward_form

    return steward_form(reader_of(visit.request), visit)
