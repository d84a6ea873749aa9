"""Text in lines of a width, as Chinese and English are set together (B9, E6).

A line breaks between Chinese characters and between words; what closes never begins a line, and what opens
never ends one. A character that the font lacks stands as a box with its code, so that no name loses a part.
"""

import unicodedata
from collections.abc import Callable, Iterator

Width = Callable[[str], float]
"""How wide a text is, in the unit of the lines."""
Has = Callable[[str], bool]
"""Whether the font has a character."""

CLOSES = frozenset("，。、；：！？）】》〉」』”’…·～％°℃,.;:!?)]}%")
OPENS = frozenset("（【《〈「『“‘([{¥￥$#")
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Cs"})
"""The categories of what has no shape of its own; without it in the font it is left out."""


def shown(text: str, has: Has) -> str:
    """The text with what the font has; □(U+20BB7) for a character that it lacks."""
    return "".join(_shown(char, has) for char in text.replace("\t", " ").replace("\r", ""))


def _shown(char: str, has: Has) -> str:
    if char == "\n" or (has(char) and unicodedata.category(char) != "Cc"):
        return char
    if unicodedata.category(char) in UNSEEN:
        return ""
    return f"□(U+{ord(char):04X})"


def lines_of(text: str, most: float, width: Width) -> list[str]:
    """The lines of a text, none wider than `most` unless one character is; an empty text has none."""
    return (
        [line for paragraph in text.split("\n") for line in _wrapped(paragraph, most, width)] if text else []
    )


def _wrapped(text: str, most: float, width: Width) -> Iterator[str]:
    line, so_far = "", 0.0
    for piece in _pieces(text, most, width):
        wide = width(piece)
        if line and so_far + wide > most and piece.strip():
            yield line.rstrip()
            line, so_far = "", 0.0
            if piece.startswith(" "):
                piece = piece.lstrip()
                wide = width(piece)
        line, so_far = line + piece, so_far + wide
    yield line.rstrip()


def _pieces(text: str, most: float, width: Width) -> Iterator[str]:
    """What stays together: a word, or a character with what may not part from it."""
    piece = ""
    for char in text:
        if piece and not _sticks(piece[-1], char):
            yield from _cut(piece, most, width)
            piece = ""
        piece += char
    yield from _cut(piece, most, width)


def _sticks(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return before == after
    return after in CLOSES or before in OPENS or not (_is_wide(before) or _is_wide(after))


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}


def _cut(piece: str, most: float, width: Width) -> Iterator[str]:
    """A piece that is wider than a line, cut where it has to be."""
    while piece and width(piece) > most:
        fits = _fitting(piece, most, width)
        yield piece[:fits]
        piece = piece[fits:]
    if piece:
        yield piece


def _fitting(piece: str, most: float, width: Width) -> int:
    """How many characters fit, at least one."""
    total = 0.0
    for place, char in enumerate(piece):
        total += width(char)
        if total > most:
            return max(1, place)
    return len(piece)
