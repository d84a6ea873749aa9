"""A sheet of a case as a page to print, on A4 (B4, B9, E6)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import LookAt
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import looked_at
from chalicelib.web.qr import qr
from chalicelib.web.rendering import Reader, page
from chalicelib.web.sheet import SIGNED_BY, sheet_named, sheet_of


def paper_page(reader: Reader, visit: Visit, case: Case, asked: str) -> Response:
    """One sheet of a case; the case file for a name that is none."""
    desk, words = wiring.desk(), reader.words
    looked_at(desk, visit.member, case, LookAt.EXPORT)
    sheet = sheet_of(case, visit.member, sheet_named(asked), words)
    return page(
        reader,
        "paper.html",
        community=desk.directory.community(case.community),
        here=f"{reader.root}desk/{case.community}/cases/{case.number}/paper",
        case_path=f"desk/{case.community}/cases/{case.number}",
        sheet=sheet,
        sheets=[(name, words(f"paper.{name}")) for name in SIGNED_BY],
        code=qr(sheet.address),
        bucket=desk.files.origin() if any(part.pictures for part in sheet.parts) else "",
    )
