"""Lines, boxes and pictures on A4 pages, one below the other (B9, E6).

Lengths are points, y grows upwards.
"""

from collections.abc import Sequence

from msgspec import Struct

from chalicelib.web.pdf_pictures import Picture
from chalicelib.web.pdf_text import Has, Width, lines_of, shown

WIDTH, HEIGHT = 595.28, 841.89
MARGIN, FOOT = 45.0, 52.0
LEADING = 1.45
"""From line to line, in sizes of the letters."""
BODY, SMALL, HEADING, TITLE = 9.5, 8.0, 11.5, 16.0
PICTURE_WIDTH, PICTURE_HEIGHT = 330.0, 300.0
"""How large a picture is at most: two on a page."""
LARGEST_POINT = 0.75
"""How large a point of a picture is at most: a small one, as a signature, is not blown up."""


class Letters(Struct, frozen=True):
    """A line of text, whose letters stand on `y`."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    grey: bool = False


class Stroke(Struct, frozen=True):
    """A thin line to write on, or that parts two things."""

    x: float
    y: float
    to_x: float


class Frame(Struct, frozen=True):
    """An empty box."""

    x: float
    y: float
    width: float
    height: float


class Placed(Struct, frozen=True):
    """A picture in its place."""

    x: float
    y: float
    width: float
    height: float
    picture: Picture


class Code(Struct, frozen=True):
    """A QR code of an address, its lower left corner and its side."""

    x: float
    y: float
    side: float
    address: str


Mark = Letters | Stroke | Frame | Placed | Code
"""What is drawn on a page."""


class Flow:
    """Pages that are filled from above; what does not fit goes on on the next one.

    `measure` is the width of a text in letters of size 1; `has` says whether the font has a character.
    """

    def __init__(self, measure: Width, has: Has) -> None:
        self._measure, self._has = measure, has
        self.pages: list[list[Mark]] = [[]]
        self.y = HEIGHT - MARGIN

    def draw(self, mark: Mark) -> None:
        """Draw something on this page."""
        self.pages[-1].append(mark)

    def need(self, height: float) -> None:
        """Go to the next page unless so much room is left on this one."""
        if self.y - height < FOOT and self.pages[-1]:
            self.pages.append([])
            self.y = HEIGHT - MARGIN

    def wrapped(self, text: str, size: float, most: float) -> list[str]:
        """The lines that a text has within a width."""
        return lines_of(shown(text, self._has), most, lambda piece: self.width(piece, size))

    def width(self, text: str, size: float) -> float:
        """How wide a text is in letters of a size."""
        return self._measure(text) * size

    def write(
        self, text: str, size: float = BODY, left: float = 0, right: float = 0, *, grey: bool = False
    ) -> None:
        """A text in lines over the width of the page.

        `left` and `right` are the room that stays free beside it.
        """
        for line in self.wrapped(text, size, WIDTH - 2 * MARGIN - left - right):
            self.line(line, size, left, grey=grey)

    def line(
        self, text: str, size: float = BODY, left: float = 0, *, bold: bool = False, grey: bool = False
    ) -> None:
        """One line that is known to fit."""
        self.need(size * LEADING)
        self.y -= size * LEADING
        self.draw(Letters(MARGIN + left, self.y + size * 0.3, size, text, bold, grey))

    def heading(self, text: str) -> None:
        """A heading, never the last thing on a page."""
        self.need(HEADING * LEADING + 4 * BODY * LEADING)
        self.gap(9)
        for line in self.wrapped(text, HEADING, WIDTH - 2 * MARGIN):
            self.line(line, HEADING, bold=True)
        self.gap(2)

    def gap(self, height: float) -> None:
        """Some room, but for the top of a page."""
        if self.pages[-1]:
            self.y -= height

    def named(self, name: str, value: str, size: float = BODY, left: float = 0, column: float = 92) -> None:
        """A name with its value beside it, each in lines of its own."""
        names = self.wrapped(name, size, column - 8)
        values = self.wrapped(value, size, WIDTH - 2 * MARGIN - left - column) or [""]
        for place in range(max(len(names), len(values))):
            self.need(size * LEADING)
            self.y -= size * LEADING
            base = self.y + size * 0.3
            if place < len(names):
                self.draw(Letters(MARGIN + left, base, size, names[place], grey=True))
            if place < len(values):
                self.draw(Letters(MARGIN + left + column, base, size, values[place]))

    def boxes(self, cells: Sequence[tuple[str, float]], height: float) -> None:
        """A row of boxes over the width of the page; each has its text, or is empty, and its share."""
        whole = WIDTH - 2 * MARGIN
        texts = [self.wrapped(text, BODY, whole * share - 10) for text, share in cells]
        height = max(height, max(map(len, texts)) * BODY * LEADING + 8)
        self.need(height)
        self.y -= height
        x = MARGIN
        for lines, (_, share) in zip(texts, cells, strict=True):
            self.draw(Frame(x, self.y, whole * share, height))
            top = self.y + height / 2 + len(lines) * BODY * LEADING / 2
            for place, line in enumerate(lines, 1):
                self.draw(Letters(x + 5, top - place * BODY * LEADING + BODY * 0.3, BODY, line))
            x += whole * share

    def picture(self, picture: Picture, caption: str) -> None:
        """A picture with its caption, both on one page."""
        scale = min(PICTURE_WIDTH / picture.width, PICTURE_HEIGHT / picture.height, LARGEST_POINT)
        width, height = picture.width * scale, picture.height * scale
        lines = self.wrapped(caption, SMALL, WIDTH - 2 * MARGIN)
        self.need(height + len(lines) * SMALL * LEADING + 8)
        self.y -= height
        self.draw(Placed(MARGIN, self.y, width, height, picture))
        for line in lines:
            self.line(line, SMALL, grey=True)
        self.y -= 8
