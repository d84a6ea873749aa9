"""The forms of the commands between the assignment and the end of the work.

Those that many commands share are in case/form_fields.py.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.case.form_fields import SHORT, check, text
from chalicelib.domain.errors import InvalidInputError

FINDINGS = ("true", "partly_true", "untrue")
"""What a complaint can be found to be (B1)."""


@dataclass(frozen=True, slots=True)
class VerifyForm:
    """The form of having looked into a complaint: what it was found to be, and by what (B1, S3)."""

    finding: str
    note: str = text()

    def __post_init__(self) -> None:
        if self.finding not in FINDINGS:
            raise InvalidInputError(f"There is no finding {self.finding!r}; there are {', '.join(FINDINGS)}.")
        check(self)


@dataclass(frozen=True, slots=True)
class RejectForm:
    """The form of finding a case untrue (B1)."""

    findings: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ProposeForm:
    """The form of a plan (B4); `price_fen` is its price in fen, ¥120 → 12000."""

    cause: str = text()
    plan: str = text()
    price_fen: int | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class PauseForm:
    """The form of a pause (G4).

    `reason` is one of the regulation's; `evidence` says what proves it; `until` is within the cap.
    """

    until: datetime
    reason: str = text(SHORT)
    evidence: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    """The form of a request for more time to solve (G5)."""

    until: datetime
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReplanForm:
    """The form of planning anew: why the calendar has changed (G1).

    `amended` is the day that somebody amended, if one did.
    """

    reason: str = text()
    amended: date | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """The form of a visit at a time agreed with the resident (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


MANNERS_OF_ANSWERS = ("phone", "in_person", "in_writing")
"""By which ways a person answers a resident."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form of an answer that was given to the resident (C1, C12, C15).

    `manner` is one of `MANNERS_OF_ANSWERS`; `spoken_to` is whom. `given_at` is when; without it, now.
    """

    said: str = text()
    manner: str = text(SHORT)
    spoken_to: str | None = text(SHORT, optional=True)
    given_at: datetime | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.manner not in MANNERS_OF_ANSWERS:
            raise InvalidInputError(f"'manner' is one of: {', '.join(MANNERS_OF_ANSWERS)}.")


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
class CompleteForm:
    """The form of a completion (B9): what was done, and what prevents it."""

    result: str = text()
    prevention: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class SuggestionForm:
    """The form of the manager's decision on a suggestion (A13).

    `answer` is what the resident is told of it.
    """

    adopted: bool
    answer: str = text()

    def __post_init__(self) -> None:
        check(self)
