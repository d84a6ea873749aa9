"""The route of the page of corrections, with who may read it (A8)."""

from chalice.app import Blueprint, Response

from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import CORRECTION_READERS, as_page
from chalicelib.web.rendering import query_value, reader_of

correction_pages = Blueprint(__name__)


@route(correction_pages, "/desk/{community}/corrections", policy=staff(*CORRECTION_READERS), refused=as_page)
def corrections(visit: Visit, community: str) -> Response:
    """What people decided otherwise than the triage proposed."""
    from chalicelib.web.corrections_page import corrections_page

    month, cursor = (query_value(visit.request, name) for name in ("month", "cursor"))
    return corrections_page(reader_of(visit.request), visit, month, cursor)
