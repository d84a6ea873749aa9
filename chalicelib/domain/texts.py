"""Texts as people type them: what of them is kept, and what makes one no text (A3)."""

import re
import unicodedata
from enum import StrEnum

from chalicelib.domain.errors import InvalidInputError

DROPPED = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
)
"""Characters that show nothing and are taken out of every text.

Among them are those that turn the order of what stands around them (a phone number would read backwards).
The joiners U+200C and U+200D stay, for emoji and for scripts that need them.
"""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""A character that no text may hold.

That is a control character (Cc) other than a line break or tab, or half of a surrogate pair (Cs).
"""

LOST = "\ufffd"
"""What stands where a character was lost on the way."""

GAP = "□"
"""What stands in words that a machine has sent for each character that was lost on the way, as in print."""

LONGEST_QUOTED = 60
"""How much of a value that could not be taken the desk is shown, in characters."""

_NO_CHARACTER = re.compile(f"{CONTROL.pattern}|{LOST}")

_BLANK = re.compile(
    r"[\u115f\u1160\u2800\u3164\uffa0\ufdd0-\ufdef\ufff0-\ufff8\ufffc\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Characters of visible categories that show nothing.

They are fillers of Hangul, an empty braille cell, the place of an object that did not come along, what is no
character at all, and tags.
"""

_VISIBLE = {"L", "N", "P", "S"}
"""Categories of what can be seen alone. Marks cannot; what is private or newer than our tables can."""


_RIGHT_TO_LEFT = {"R", "AL"}

_BLOCKS_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks in which scripts stand that read from the right: a text without any of them is not looked at."""


def isolated(text: str) -> str:
    """The text set apart (FSI … PDI) where its direction would turn the sentence."""
    turns = _BLOCKS_RIGHT_TO_LEFT.search(text) and any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text
    )
    return f"\u2068{text}\u2069" if turns else text


class TextFault(StrEnum):
    """What makes a text no text."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL = "control"
    LOST = "lost"


def cleaned(text: str) -> str:
    """The text without what shows nothing, and without outer white space; empty if nothing is left to see."""
    kept = DROPPED.sub("", text).strip()
    return kept if any(map(_shows, kept)) or CONTROL.search(kept) else ""


def with_gaps(text: str) -> str:
    """The text with a gap for each character that it may not hold."""
    return _NO_CHARACTER.sub(GAP, text)


def quoted(name: str, value: str) -> str:
    """What was sent and could not be taken, as the desk reads it (`field: value`), each part cut short."""
    return with_gaps(DROPPED.sub("", f"{name[:LONGEST_QUOTED]}: {value[:LONGEST_QUOTED]}"))


def _shows(character: str) -> bool:
    category = unicodedata.category(character)
    return (category[0] in _VISIBLE or category in {"Co", "Cn"}) and not _BLANK.match(character)


def fault_of(text: str, longest: int | None) -> TextFault | None:
    """The fault of a cleaned text of at most `longest` characters; None if there is none."""
    if not text:
        return TextFault.MISSING
    if longest is not None and len(text) > longest:
        return TextFault.TOO_LONG
    if CONTROL.search(text):
        return TextFault.CONTROL
    return TextFault.LOST if LOST in text else None


def checked_text(name: str, value: str, longest: int, *, required: bool = True) -> str:
    """The text as it is kept (`cleaned`); InvalidInputError says what is wrong with it, and where."""
    value = cleaned(value)
    fault = fault_of(value, longest)
    place = value.find(LOST) + 1
    match fault:
        case TextFault.MISSING if required:
            said = (
                f"'{name}' is empty; write a text of 1 to {longest} characters, at least one of them visible."
            )
        case TextFault.TOO_LONG:
            said = f"'{name}' has {len(value)} characters; at most {longest} are taken."
        case TextFault.CONTROL:
            said = f"'{name}' holds control characters; send plain text."
        case TextFault.LOST:
            said = (
                f"'{name}' has a character that was lost on the way (U+FFFD at character {place}); "
                "send the text as UTF-8, or say its charset."
            )
        case _:
            return value
    raise InvalidInputError(said, fault, field=name, length=len(value), longest=longest, place=place)


def folded(text: str) -> str:
    """A text to compare by: without gaps, width and case.

    For instance "３ 栋 A" is "3栋a".
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
