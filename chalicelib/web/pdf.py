"""A sheet as PDF (B4, B9, E6): drawn by reportlab, with the part of the font that it uses.

Only the function that makes PDFs ever loads this: the library and the font cost others nothing but their room
in the package. Why this library and this font, docs/decisions.md says.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from chalicelib.web.pdf_flow import HEIGHT, WIDTH, Code, Frame, Letters, Mark, Placed, Stroke
from chalicelib.web.pdf_sheet import Pictures, pages_of
from chalicelib.web.sheet import Sheet
from chalicelib.web.words import Words

FONT = "WenQuanYiMicroHei"
FONT_FILE = Path(__file__).parents[1] / "fonts" / f"{FONT}.ttf"
GREY = 0.35
STROKE = 0.5
BOLDER = 0.035
"""How thick the outline is that makes letters bold, in their size: the font has one weight."""


def pdf_of(sheet: Sheet, words: Words, pictures: Pictures) -> bytes:
    """The PDF of a sheet."""
    font = _font()
    pages = pages_of(sheet, words, pictures, lambda text: font.stringWidth(text, 1), has)
    written = io.BytesIO()
    canvas = Canvas(
        written,
        pagesize=(WIDTH, HEIGHT),
        pageCompression=1,
        lang=words.language,
        initialFontName=FONT,  # type: ignore[arg-type]  # the stubs take it for a number
    )
    canvas.setTitle(f"{sheet.number} {sheet.title}")
    canvas.setAuthor(sheet.community)
    canvas.setCreator("Suda")
    for page in pages:
        canvas.setLineWidth(STROKE)
        for mark in page:
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@cache
def _font() -> Any:
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    return pdfmetrics.getFont(FONT)


def has(char: str) -> bool:
    """Whether the font has a character."""
    return ord(char) in _font().face.charToGlyph


def _draw(canvas: Any, mark: Mark) -> None:
    match mark:
        case Letters():
            _write(canvas, mark)
        case Stroke(x, y, to_x):
            canvas.line(x, y, to_x, y)
        case Frame(x, y, width, height):
            canvas.rect(x, y, width, height)
        case Placed(x, y, width, height, picture):
            canvas.drawImage(ImageReader(io.BytesIO(picture.jpeg)), x, y, width, height)
        case Code():
            _draw_code(canvas, mark)


def _write(canvas: Any, letters: Letters) -> None:
    canvas.saveState()  # how letters are drawn would hold for all that follow
    canvas.setLineWidth(letters.size * BOLDER)
    line = canvas.beginText(letters.x, letters.y)
    line.setFont(FONT, letters.size)
    line.setFillGray(GREY if letters.grey else 0)
    if letters.bold:
        line.setTextRenderMode(2)
    line.textOut(letters.text)
    canvas.drawText(line)
    canvas.restoreState()


def _draw_code(canvas: Any, code: Code) -> None:
    """The modules of the code, in runs; what is around them stays white."""
    rows = segno.make_qr(code.address, error="m").matrix
    side = code.side / len(rows)
    canvas.setFillGray(0)
    for place, row in enumerate(rows, 1):
        begins = None
        for at, dark in enumerate((*row, 0)):
            if dark and begins is None:
                begins = at
            elif not dark and begins is not None:
                y = code.y + code.side - place * side
                canvas.rect(code.x + begins * side, y, (at - begins) * side, side, stroke=0, fill=1)
                begins = None
