"""The fields of forms: how long a text may be, and that an instant has a zone."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import fields, force_setattr

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.marks import marks_of
from chalicelib.domain.texts import checked_text

SHORT, LONG = 100, 2000
"""The longest length of a text of one line, and of several lines, in characters."""


ShortText = Annotated[str, Meta(extra={"longest": SHORT})]
"""A text of one line; a required one may not be blank."""
LongText = Annotated[str, Meta(extra={"longest": LONG})]
"""A text of several lines; a required one may not be blank."""


@cache
def longest_lengths(form: type) -> Mapping[str, int]:
    """Longest length, in characters, of each text field of a form."""
    return {name: marks["longest"] for name, marks in marks_of(form).items() if "longest" in marks}


def check(form: Any, *, blank_is_none: bool = False) -> None:
    """Strip and measure the texts of a form; refuse instants without a zone.

    A form calls it when it is made. A blank text is refused even in a field that may be left out; with
    `blank_is_none` such a field becomes None instead. Raises InvalidInputError.
    """
    kind: Any = type(form)
    longest, optional = longest_lengths(kind), _may_be_none(kind)
    for name in form.__struct_fields__:
        value = getattr(form, name)
        if isinstance(value, str) and name in longest:
            required = not (blank_is_none and name in optional)
            checked = checked_text(name, value, longest[name], required=required)
            force_setattr(form, name, checked if required else checked or None)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InvalidInputError(f"'{name}' has no zone; write it like 2026-11-22T09:00:00+08:00.")


@cache
def _may_be_none(form: type) -> frozenset[str]:
    """The fields that are None where nobody filled them in."""
    return frozenset(field.name for field in fields(form) if field.default is None)


class NoteForm(Struct, frozen=True):
    """A form with a note that may be left out."""

    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)


class RequiredNoteForm(Struct, frozen=True):
    """A form with a note."""

    note: LongText

    def __post_init__(self) -> None:
        check(self)


class ReasonForm(Struct, frozen=True):
    """A form with a reason."""

    reason: LongText

    def __post_init__(self) -> None:
        check(self)
