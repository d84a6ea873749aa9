"""A sheet of a case as a page to print, and its PDF (B4, B9, E6)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import LookAt
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import looked_at
from chalicelib.services.files.papers import paper_of
from chalicelib.web.desk_pages import find_box, framed
from chalicelib.web.qr import qr
from chalicelib.web.rendering import Reader, page
from chalicelib.web.sheet import sheet_named, sheet_of
from chalicelib.web.sheet_signers import SIGNED_BY


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
        csrf=visit.csrf or "",
        **find_box(visit.member),
        alive=True,
        bucket=desk.files.origin() if any(part.pictures for part in sheet.parts) else "",
    )


def pdf_page(reader: Reader, visit: Visit, case: Case, asked: str, paper_id: str) -> Response:
    """Where the PDF is had that was asked for; the page looks again by itself until it is there."""
    sheet, words = sheet_named(asked), reader.words
    paper = paper_of(wiring.desk(), visit.member, case, paper_id, f"{case.number}-{sheet}.pdf")
    where = f"desk/{case.community}/cases/{case.number}/paper"
    stands = "failed" if paper.failed else "ready" if paper.address else "making"
    return page(
        reader,
        "pdf.html",
        **framed(reader, visit, "list"),
        here=f"{reader.root}{where}/{sheet}/{paper_id}",
        title=f"{case.number} · {words(f'paper.{sheet}')}",
        stands=stands,
        said=words(f"paper.{stands}"),
        address=paper.address,
        paper_path=f"{where}?sheet={sheet}",
        again=2 if stands == "making" else 0,
    )
