"""The forms of what was said to a resident, or by one: times for a visit, answers, consent (B8, B11, G11)."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case.form_fields import SHORT, check, text
from chalicelib.domain.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """The form of a proposed time for a visit (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


MANNERS = ("phone", "in_person", "in_writing")
"""The ways in which people speak with a resident."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form of an answer that was given to the resident (C1, C12, C15).

    `manner` is one of `MANNERS`; `spoken_to` is whom. `given_at` is when; without it, now.
    """

    said: str = text()
    manner: str = text(SHORT)
    spoken_to: str | None = text(SHORT, optional=True)
    given_at: datetime | None = None

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)


@dataclass(frozen=True, slots=True)
class DeliveryForm:
    """The form of what became of a message to the resident; only the desk itself fills it in (B8).

    `told` is the version of the event that it is about. `heard_at` is when it left by `channel`; without it
    no message could leave, and `why` says why, as a code word.
    """

    told: int
    channel: str = text(SHORT)
    heard_at: datetime | None = None
    why: str | None = text(SHORT, optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AgreedVisitForm:
    """The form of a visit that the desk agreed on with the resident (B11).

    `spoken_to` is who agreed in the resident's name, `spoken_at` when, and `manner` how (`MANNERS`).
    """

    visit_at: datetime
    spoken_at: datetime
    spoken_to: str = text(SHORT)
    manner: str = text(SHORT)
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """The form of a plan that a resident agreed to by word (G11); the fields are those of a visit."""

    spoken_at: datetime
    spoken_to: str = text(SHORT)
    manner: str = text(SHORT)
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)


@dataclass(frozen=True, slots=True)
class RefusalForm:
    """The form of a plan that a resident refused by word, and why (B10)."""

    spoken_at: datetime
    spoken_to: str = text(SHORT)
    manner: str = text(SHORT)
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)


def _check_manner(manner: str) -> None:
    if manner not in MANNERS:
        raise InvalidInputError(f"'manner' is one of: {', '.join(MANNERS)}.")
