"""What may be asked of a case: one form per command.

The forms are data: the transition table names them, the API reads and documents them, the pages draw
their fields from them. A text field says its longest length; the check runs whoever makes the form.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.events import RevisitOutcome
from chalicelib.domain.people import Actor

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


def _checked(form: Any) -> None:
    """What every form does when it is made: texts are stripped and measured, instants must have a zone."""
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
        _checked(self)


@dataclass(frozen=True, slots=True)
class RequiredNoteForm:
    note: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    reason: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class ClassifyForm:
    """A correction (A8): only what is given changes. `care` needs the resident's consent (G15)."""

    reason: str = text()
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    complexity: str | None = None
    care: bool | None = None

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class AssignForm:
    """`handler` is a username; the department defaults to the case's own."""

    handler: str = text(SHORT)
    reason: str = text()
    department: str | None = text(SHORT, optional=True)

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class SignForm:
    """The electronic signature (B2): the name as the signer writes it."""

    signature: str = text(SHORT)

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class ProposeForm:
    cause: str = text()
    plan: str = text()
    price_fen: int | None = None

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class PauseForm:
    """`reason` is one of the regulation's; `evidence` says what proves it; `until` is within the cap (G4)."""

    until: datetime
    reason: str = text(SHORT)
    evidence: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    until: datetime
    reason: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """A time agreed with the resident (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class CompleteForm:
    result: str = text()
    prevention: str | None = text(optional=True)

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class RateForm:
    """The survey (D1): `score` 1 (very bad) to 5 (very good)."""

    score: int
    comment: str | None = text(optional=True)
    suggestion: str | None = text(optional=True)

    def __post_init__(self) -> None:
        _checked(self)
        if not 1 <= self.score <= 5:
            raise InvalidInputError("'score' is a whole number from 1 (very bad) to 5 (very good).")


@dataclass(frozen=True, slots=True)
class RevisitForm:
    """What a revisit found (D4). `manner` is `phone` or `visit`; `promised` has a `promised_until` (D8)."""

    outcome: RevisitOutcome
    manner: str = text(SHORT)
    note: str | None = text(optional=True)
    work_inspected: str | None = text(optional=True)
    conduct: str | None = text(optional=True)
    suggestions: str | None = text(optional=True)
    charge_checked: bool | None = None
    signature: str | None = text(SHORT, optional=True)
    promised_until: datetime | None = None
    fault: str | None = text(optional=True)

    def __post_init__(self) -> None:
        _checked(self)
        if self.manner not in {"phone", "visit"}:
            raise InvalidInputError("'manner' is one of: phone, visit.")


@dataclass(frozen=True, slots=True)
class ArchiveForm:
    cause: str = text()
    course: str = text()
    result: str = text()
    lesson: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class RejectForm:
    findings: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class MergeForm:
    """`into` is the number of the case that goes on."""

    into: str = text(SHORT)
    reason: str = text()

    def __post_init__(self) -> None:
        _checked(self)


@dataclass(frozen=True, slots=True)
class TimersForm:
    """No fields: what is due is read from the case."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command for one case. `id` is the caller's key: the same id is carried out once."""

    name: str
    actor: Actor
    at: datetime
    id: str
    form: Any


def longest_lengths(form: type) -> Mapping[str, int]:
    """Longest length, in characters, of each text field of a form."""
    return {one.name: one.metadata["longest"] for one in fields(form) if "longest" in one.metadata}
