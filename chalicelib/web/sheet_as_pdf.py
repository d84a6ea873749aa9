"""A sheet of a case as its PDF, with the pictures that its reader sees (B4, B9, E6)."""

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Member
from chalicelib.services.files.papers import PaperOrder
from chalicelib.services.files.showing import bytes_of, kept_files
from chalicelib.web import words as catalogue
from chalicelib.web.file_fields import FileLine
from chalicelib.web.pdf import pdf_of
from chalicelib.web.pdf_pictures import Picture, picture_for_paper
from chalicelib.web.sheet import sheet_named, sheet_of


def sheet_as_pdf(case: Case, member: Member, order: PaperOrder) -> bytes:
    """The PDF that somebody asked for, as far as they see the case."""
    desk, words = wiring.desk(), catalogue.words(order.language)
    kept = kept_files(desk, case)

    def picture_of(file: FileLine) -> Picture | None:
        data = bytes_of(desk, kept, file.place)
        return picture_for_paper(data) if data else None

    return pdf_of(sheet_of(case, member, sheet_named(order.sheet), words), words, picture_of)
