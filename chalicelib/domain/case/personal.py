"""Which fields hold what identifies a resident, or a resident's own words (G24).

Events are for ever, personal data is not: the values of such fields are stored apart from event and case,
in a row that can be emptied (adapters/dynamo/contact.py). The fields are marked where they stand, in events/.
In memory they are texts like any other. A text that was erased is empty, not None: that there was one stays
true, and so does whatever was counted or decided by it.

What staff write of their own work is not marked: it is the company's record. Where staff write down what a
resident said or arranged, it is.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from functools import cache
from operator import is_
from typing import Annotated, Any, TypeVar, get_args

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

from chalicelib.domain.marks import marks_of

Value = TypeVar("Value")

Personal = Annotated[Value, Meta(extra={"personal": True})]
"""A personal field, of a text or of several.

`reason: Personal[str]`. A field that was marked once stays marked: rows of then hold no text in it.
"""

Who = Annotated[Value, Meta(extra={"personal": True, "who": True})]
"""A personal field that says who or where somebody is; what they said is kept longer."""

WHO_FIELDS = frozenset({"resident_name", "phone", "email", "unit", "spoken_to", "care_by"})
"""The names of the fields that are marked so, wherever they stand; a test holds the two together."""

CARE, CARE_FIELD = "care", "care_by"
"""Who agreed to the note that they need help: a text of its own, gone once that is taken back (G15)."""


class DataKind(StrEnum):
    """A kind of personal data; each is kept for a time of its own (G24)."""

    CONTACT = "contact"  # who a resident is, and how to reach and find them
    WORDS = "words"  # what was said, by a resident or about one
    NOTICES = "notices"  # by which message of the providers something was told


def is_personal(kind: Any, name: str) -> bool:
    """Whether a field of a kind of value is marked as personal."""
    return "personal" in marks_of(kind)[name]


def is_who(place: str) -> bool:
    """Whether a place such as `1.report.phone` is one that says who somebody is."""
    return _field_at(place) in WHO_FIELDS


def is_of_care(place: str) -> bool:
    """Whether a place says who agreed to a note of care."""
    return _field_at(place) == CARE_FIELD


def _field_at(place: str) -> str:
    return next(part for part in reversed(place.split(".")) if not part.isdecimal())


def kind_of(place: str) -> DataKind:
    """The kind of personal data at a place."""
    return DataKind.CONTACT if is_who(place) else DataKind.WORDS


def emptied(value: Value, kinds: Collection[str]) -> Value:
    """A copy in which the personal texts of these kinds are empty."""

    def left(place: str, text: str) -> str | None:
        return None if kind_of(place) in kinds else text

    whole: Value = rewritten(value, left, "")
    return whole


def rewritten(value: Any, change: Callable[[str, str], str | None], path: str) -> Any:
    """A copy in which `change(place, text)` stands for each personal text; one that it drops is empty."""
    changed: dict[str, Any] = {}
    kind: Any = type(value)
    for name, is_text in _places(kind):
        if held := getattr(value, name):
            part = _part(held, change, path + name, is_text=is_text)
            if part is not held:
                changed[name] = "" if part is None else part
    return replace(value, **changed) if changed else value


def _part(held: Any, change: Callable[[str, str], str | None], place: str, *, is_text: bool) -> Any:
    if isinstance(held, tuple):
        parts = [
            part and _part(part, change, f"{place}.{at}", is_text=is_text) for at, part in enumerate(held)
        ]
        if all(map(is_, parts, held)):
            return held
        return tuple(part for part in parts if part is not None)
    return change(place, held) if is_text else rewritten(held, change, f"{place}.")


@cache
def _places(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a value that hold personal texts: as such (True), or somewhere inside."""
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        return ()
    found = []
    for held in fields(kind):
        if is_personal(kind, held.name):
            found.append((held.name, True))
        elif any(_places(inner) for inner in (held.type, *get_args(held.type))):
            found.append((held.name, False))
    return tuple(found)
