"""The route of a case on paper: contact sheet, work order, original, case file (B4, B9, E6)."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import readable_case
from chalicelib.web.form_route import as_page
from chalicelib.web.rendering import query_value, reader_of

paper_pages = Blueprint(__name__)


@route(paper_pages, "/desk/{community}/cases/{number}/paper", policy=staff(*CASE_READERS), refused=as_page)
def paper(visit: Visit, community: str, number: str) -> Response:
    """A case as a sheet to print; on record as an export."""
    from chalicelib.web.paper_page import paper_page

    found = readable_case(wiring.desk(), visit.member, number)
    return paper_page(reader_of(visit.request), visit, found, query_value(visit.request, "sheet") or "")
