"""What every form checks when it is made: how long its texts may be, and that instants have a zone."""

import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import InvalidInputError


def longest_lengths(form: type) -> Mapping[str, int]:
    """Longest length, in characters, of each text field of a form."""
    return {one.name: one.metadata["longest"] for one in fields(form) if "longest" in one.metadata}


SHORT, LONG = 100, 2000
"""Longest length of a one-line text and of a text of several lines, in characters."""


def text(longest: int = LONG, *, optional: bool = False) -> Any:
    """A text field with its longest length; a required one may not be blank."""
    default = None if optional else MISSING
    return field(default=default, metadata={"longest": longest})


def checked_text(name: str, value: str, longest: int, *, required: bool = True) -> str:
    """The text without outer white space; InvalidInputError if blank, too long or with control characters."""
    value = value.strip()
    if required and not value:
        raise InvalidInputError(f"'{name}' is empty; write a text of 1 to {longest} characters.")
    if len(value) > longest:
        raise InvalidInputError(f"'{name}' has {len(value)} characters; at most {longest} are taken.")
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\r\t" for one in value):
        raise InvalidInputError(f"'{name}' holds control characters; send plain text.")
    return value


def check(form: Any) -> None:
    """What a form does when it is made: texts are stripped and measured, instants must have a zone."""
    for one in fields(form):
        value = getattr(form, one.name)
        if isinstance(value, str) and "longest" in one.metadata:
            object.__setattr__(form, one.name, checked_text(one.name, value, one.metadata["longest"]))
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InvalidInputError(f"'{one.name}' has no zone; write it like 2026-11-22T09:00:00+08:00.")


@dataclass(frozen=True, slots=True)
class NoteForm:
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class RequiredNoteForm:
    note: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)
