"""A sheet laid out on A4 pages (B4, B9, E6): the same parts in the same order as its page has."""

from collections.abc import Callable

from chalicelib.web.file_fields import FileLine
from chalicelib.web.history import Entry
from chalicelib.web.pdf_flow import (
    BODY,
    FOOT,
    HEIGHT,
    LEADING,
    MARGIN,
    PICTURE_HEIGHT,
    SMALL,
    TITLE,
    WIDTH,
    Code,
    Flow,
    Letters,
    Mark,
    Stroke,
)  # fmt: skip
from chalicelib.web.pdf_pictures import Picture
from chalicelib.web.pdf_text import Has, Width
from chalicelib.web.sheet import Part, Sheet
from chalicelib.web.words import Words

CODE_SIDE = 84.0
ROW, SIGNED_ROW = 22.0, 28.0
"""The heights of a box to be filled in, and of one to sign in."""
HEADING_ROOM = 30.0
INDENT = 12.0

Pictures = Callable[[FileLine], Picture | None]
"""The picture of a file for paper; None where it cannot be read."""


def pages_of(
    sheet: Sheet, words: Words, pictures: Pictures, measure: Width, has: Has
) -> tuple[tuple[Mark, ...], ...]:
    """The pages of a sheet, each with all that is drawn on it."""
    flow = Flow(measure, has)
    _head(flow, sheet)
    to_sign = 10 + SIGNED_ROW * len(sheet.signers)
    for part in sheet.parts:
        if part.blanks:  # what is filled in by hand is signed on the same page
            flow.need(HEADING_ROOM + ROW * len(part.blanks) + to_sign)
        _part(flow, part, words, pictures)
    flow.need(to_sign)
    flow.gap(10)
    for signer in sheet.signers:
        dated = (words("paper.date"), 0.15), (signer.at, 0.3)
        flow.boxes(((signer.who, 0.18), (signer.name, 0.37), *dated), SIGNED_ROW)
    _feet(flow, sheet)
    return tuple(map(tuple, flow.pages))


def _head(flow: Flow, sheet: Sheet) -> None:
    flow.draw(Code(WIDTH - MARGIN - CODE_SIDE, HEIGHT - MARGIN - CODE_SIDE, CODE_SIDE, sheet.address))
    beside = CODE_SIDE + 12
    flow.write(sheet.community, BODY, right=beside, grey=True)
    for line in flow.wrapped(sheet.title, TITLE, WIDTH - 2 * MARGIN - beside):
        flow.line(line, TITLE, bold=True)
    flow.write(f"{sheet.number} · {sheet.state}", BODY + 1, right=beside)
    flow.write(sheet.printed, SMALL, right=beside, grey=True)
    flow.y = min(flow.y, HEIGHT - MARGIN - CODE_SIDE) - 4


def _feet(flow: Flow, sheet: Sheet) -> None:
    """At the foot of each page whose it is, and which of how many."""
    for place, page in enumerate(flow.pages, 1):
        page.append(Stroke(MARGIN, FOOT - 10, WIDTH - MARGIN))
        said = flow.wrapped(f"{sheet.number} · {sheet.title} · {sheet.community}", SMALL, 380)
        page.append(Letters(MARGIN, FOOT - 22, SMALL, said[0], grey=True))
        count = f"{place} / {len(flow.pages)}"
        page.append(Letters(WIDTH - MARGIN - flow.width(count, SMALL), FOOT - 22, SMALL, count))


def _part(flow: Flow, part: Part, words: Words, pictures: Pictures) -> None:
    if part.pictures:
        flow.need(PICTURE_HEIGHT + 80)  # no page ends with the heading alone
    flow.heading(part.heading)
    flow.write(part.said)
    flow.write(part.note, SMALL, grey=True)
    for name, value in part.facts:
        flow.named(name, value)
    for _ in range(part.lines):
        flow.need(24)
        flow.y -= 24
        flow.draw(Stroke(MARGIN, flow.y, WIDTH - MARGIN))
    for blank in part.blanks:
        flow.boxes(((blank, 0.3), ("", 0.7)), ROW)
    for clock in part.clocks:
        late = f" · {words('track.met_late' if clock.met else 'track.overdue')}" if clock.late else ""
        flow.need(2 * BODY * LEADING)
        flow.write(f"{clock.name}{words('page.colon')}{clock.due}{late}")
        for said in (clock.met, clock.first_due, *(clock.reasons or ())):
            flow.write(said, SMALL, INDENT, grey=True)
        flow.gap(3)
    for entry in part.entries:
        _entry(flow, entry, words)
    for file in part.pictures:
        _picture(flow, file, words, pictures)
    for file in part.others:
        flow.write(" · ".join(said for said in (file.label, file.said, file.note) if said))


def _entry(flow: Flow, entry: Entry, words: Words) -> None:
    late = f" · {words('track.overdue')}" if entry.late else ""
    flow.need(SMALL * LEADING + BODY * LEADING)
    flow.write(" · ".join(said for said in (entry.at, entry.by) if said) + late, SMALL, grey=True)
    flow.write(entry.title)
    for name, text in entry.details:
        if name:
            flow.named(name, text, left=INDENT)
        else:
            flow.write(text, left=INDENT)
    flow.gap(4)


def _picture(flow: Flow, file: FileLine, words: Words, pictures: Pictures) -> None:
    """The picture; one that cannot be read is named, so that nobody takes the file for whole."""
    caption, picture = f"{file.label} · {file.said}", pictures(file)
    if picture is None:
        flow.write(words("paper.picture_missing", file=caption))
    else:
        flow.picture(picture, caption)
