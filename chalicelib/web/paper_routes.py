"""A case on paper: the routes of its sheets, and what makes their PDFs (B4, B9, E6)."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import readable_case
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

paper_pages = Blueprint(__name__)


log = logging.getLogger(__name__)

PAPER = "/desk/{community}/cases/{number}/paper"
KEY = re.compile(r"papers\.do/(([a-zA-Z0-9-]{1,24})/[0-9a-f]{32}/[0-9a-f]{16})")


@route(paper_pages, PAPER, policy=staff(*CASE_READERS), refused=as_page)
def paper(visit: Visit, community: str, number: str) -> Response:
    """A case as a sheet to print; on record as an export."""
    from chalicelib.web.paper_page import paper_page

    found = readable_case(wiring.desk(), visit.member, number)
    return paper_page(reader_of(visit.request), visit, found, query_value(visit.request, "sheet") or "")


@form_route(paper_pages, PAPER, staff(*CASE_READERS))
def ask_for_pdf(visit: Visit, community: str, number: str) -> Response:
    """A sheet is wanted as PDF; on record as an export before it is made (E8)."""
    from chalicelib.domain.case.looks import LookAt
    from chalicelib.services.access.looks import looked_at
    from chalicelib.services.files.papers import ask_for_paper
    from chalicelib.web.sheet import sheet_named

    desk, reader, member = wiring.desk(), reader_of(visit.request), visit.member
    case = readable_case(desk, member, number)
    sheet = sheet_named(form_fields(visit.request).get("sheet", ""))
    looked_at(desk, member, case, LookAt.EXPORT)
    paper_id = ask_for_paper(desk, member, case, sheet, reader.words.language)
    return go_to(reader, f"desk/{case.community}/cases/{case.number}/paper/{sheet}/{paper_id}")


@route(paper_pages, PAPER + "/{sheet}/{paper_id}", policy=staff(*CASE_READERS), refused=as_page)
def pdf(visit: Visit, community: str, number: str, sheet: str, paper_id: str) -> Response:
    """How far the PDF is that was asked for, and where it is had."""
    from chalicelib.web.paper_page import pdf_page

    found = readable_case(wiring.desk(), visit.member, number)
    return pdf_page(reader_of(visit.request), visit, found, sheet, paper_id)


def make_paper(event: Mapping[str, Any], _context: object = None) -> dict[str, bool]:
    """Make a PDF that the bucket tells of; whether there was anything to do.

    A function of its own, with the memory that pictures take; the others never import what draws a PDF.
    EventBridge may call it twice, late or out of order.
    """
    from chalicelib.services.files.papers import make_asked
    from chalicelib.web.sheet_as_pdf import sheet_as_pdf

    fits = KEY.fullmatch(str(((event.get("detail") or {}).get("object") or {}).get("key") or ""))
    if fits is None:
        log.warning("paper event not understood")
        return {"made": False}
    place, community_id = fits.groups()
    desk = wiring.desk()
    return {"made": make_asked(desk, desk.directory.community(community_id), place, sheet_as_pdf)}
