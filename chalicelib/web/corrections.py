"""The routes of the pages about classifications, with who may read them (A8)."""

from chalice.app import Blueprint, Response

from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import CORRECTION_READERS, as_page
from chalicelib.web.rendering import query_value, reader_of

correction_pages = Blueprint(__name__)


@route(correction_pages, "/desk/{community}/corrections", policy=staff(*CORRECTION_READERS), refused=as_page)
def show_corrections(visit: Visit, community: str) -> Response:
    """What people decided otherwise than the triage proposed."""
    return _shown(visit, "corrections")


@route(correction_pages, "/desk/{community}/audit", policy=staff(*CORRECTION_READERS), refused=as_page)
def show_audit(visit: Visit, community: str) -> Response:
    """The sample whose classifications somebody else judges."""
    return _shown(visit, "audit")


@route(
    correction_pages,
    "/desk/{community}/corrections/export",
    policy=staff(*CORRECTION_READERS),
    refused=as_page,
)
def export_corrections(visit: Visit, community: str) -> Response:
    """The corrections of a month as a file."""
    from chalicelib.web.corrections_page import corrections_file

    return corrections_file(visit, query_value(visit.request, "month"))


def _shown(visit: Visit, which: str) -> Response:
    from chalicelib.web.corrections_page import sorted_page

    month, cursor = (query_value(visit.request, name) for name in ("month", "cursor"))
    return sorted_page(reader_of(visit.request), visit, which, month, cursor)
