"""A signature as a page sends it: a small PNG that was drawn with a finger (B9)."""

import binascii
import zlib
from base64 import b64decode
from collections.abc import Iterator
from struct import unpack_from

from chalicelib.domain.content.checking import checked
from chalicelib.domain.content.chunks import PNG
from chalicelib.domain.content.kinds import FileRefusedError
from chalicelib.domain.errors import InvalidInputError

BEGINS = "data:image/png;base64,"
MOST_KB, WIDEST, HIGHEST = 60, 2000, 1200
"""How large a drawn signature may be (ours): a telephone's width at three points each, and room to spare."""

FEWEST_LINES = 3
"""A picture of fewer different lines of points has nothing drawn on it."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""The color type of a PNG → how many values a point has."""


def drawn_png(text: str) -> bytes:
    """The picture of a drawn signature, without anything beside it; InvalidInputError says what is wrong.

    Its points are looked at: what only begins like a picture is none.
    """
    if len(text) > len(BEGINS) + MOST_KB * 1024 * 4 // 3 + 4:
        raise _large()
    if not text.startswith(BEGINS):
        raise _wrong()
    try:
        data = checked(b64decode(text.removeprefix(BEGINS), validate=True)).data
    except (binascii.Error, FileRefusedError, ValueError):
        raise _wrong() from None
    if not data.startswith(PNG) or data[12:16] != b"IHDR":
        raise _wrong()
    width, height, depth, color, interlaced = _heading(data)
    if width > WIDEST or height > HIGHEST:
        raise _large()
    if depth != 8 or color not in CHANNELS or interlaced or not (width and height):
        raise _wrong()
    line = 1 + width * CHANNELS[color]
    points = _points(data, line * height)
    if len(points) != line * height:
        raise _wrong()
    if len({points[at : at + line] for at in range(0, len(points), line)}) < FEWEST_LINES:
        raise InvalidInputError("Nothing was drawn; let the resident sign in the frame.", "signature_blank")
    return data


def _heading(data: bytes) -> tuple[int, int, int, int, int]:
    if len(data) < 29:
        raise _wrong()
    width, height, depth, color, _, _, interlaced = unpack_from(">IIBBBBB", data, 16)
    return width, height, depth, color, interlaced


def _points(data: bytes, most: int) -> bytes:
    """The unpacked lines of a picture; one byte more than `most` where there is more of them."""
    try:
        return zlib.decompressobj().decompress(b"".join(_packed(data)), most + 1)
    except zlib.error:
        raise _wrong() from None


def _packed(data: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while at + 12 <= len(data):
        length, name = unpack_from(">I4s", data, at)
        if name == b"IDAT":
            yield data[at + 8 : at + 8 + length]
        at += 12 + length


def _wrong() -> InvalidInputError:
    return InvalidInputError(
        f"'signature' is a PNG as a page draws it, written '{BEGINS}…'; sign once more, or hand in "
        "the signed paper.",
        "signature_wrong",
    )


def _large() -> InvalidInputError:
    return InvalidInputError(
        f"'signature' has at most {MOST_KB} KB, {WIDEST} by {HIGHEST} points; sign once more, smaller.",
        "signature_large",
        most=MOST_KB,
        width=WIDEST,
        height=HIGHEST,
    )
