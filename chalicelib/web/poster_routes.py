"""The route of the posters with QR codes, for whoever takes reports down (A1)."""

from chalice.app import Blueprint, Response

from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import INTAKE, as_page
from chalicelib.web.rendering import query_value, reader_of

poster_pages = Blueprint(__name__)


@route(poster_pages, "/desk/{community}/posters", policy=staff(*INTAKE), refused=as_page)
def posters(visit: Visit, community: str) -> Response:
    """A poster for each building that was typed, and the form to type them."""
    from chalicelib.web.poster_page import poster_page

    return poster_page(reader_of(visit.request), visit, query_value(visit.request, "buildings") or "")
