"""What every form checks when it is made.

Its texts are not too long, and its instants have a zone.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import checked_text

SHORT, LONG = 100, 2000
"""The longest length of a text of one line, and of several lines, in characters."""


def text(longest: int = LONG, *, optional: bool = False) -> Any:
    """A text field with its longest length; a required one may not be blank."""
    default = None if optional else MISSING
    return field(default=default, metadata={"longest": longest})


def longest_lengths(form: type) -> Mapping[str, int]:
    """Longest length, in characters, of each text field of a form."""
    return {entry.name: entry.metadata["longest"] for entry in fields(form) if "longest" in entry.metadata}


def check(form: Any, *, blank_is_none: bool = False) -> None:
    """Strip and measure the texts of a form; refuse instants without a zone.

    A form calls it when it is made. A blank text is refused, also where the text may be left out; with
    `blank_is_none` that one becomes None. Raises InvalidInputError.
    """
    for entry in fields(form):
        value = getattr(form, entry.name)
        if isinstance(value, str) and "longest" in entry.metadata:
            required = not (blank_is_none and entry.default is None)
            checked = checked_text(entry.name, value, entry.metadata["longest"], required=required)
            object.__setattr__(form, entry.name, checked if required else checked or None)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InvalidInputError(f"'{entry.name}' has no zone; write it like 2026-11-22T09:00:00+08:00.")


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A form with a note that may be left out."""

    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class RequiredNoteForm:
    """A form with a note."""

    note: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """A form with a reason."""

    reason: str = text()

    def __post_init__(self) -> None:
        check(self)
