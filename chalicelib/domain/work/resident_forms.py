"""The forms of what was said to a resident, or by one: times for a visit, answers (B8, B11)."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case.form_fields import SHORT, check, text
from chalicelib.domain.case.spoken import check_manner


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """The form of a proposed time for a visit (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


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
        check_manner(self.manner)


@dataclass(frozen=True, slots=True)
class DeliveryForm:
    """The form of what became of a message to the resident; only the desk itself fills it in (B8).

    `told` is the version of the event that it is about. `heard_at` is when it left by `channel`; without it
    no message could leave, or it came back, and `why` says why, as a code word.
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
        check_manner(self.manner)
