"""The forms of the commands until the work is done, and those that many commands share (see commands.py)."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.case.form_fields import SHORT, check, text


@dataclass(frozen=True, slots=True)
class RejectForm:
    findings: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ProposeForm:
    cause: str = text()
    plan: str = text()
    price_fen: int | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class PauseForm:
    """`reason` is one of the regulation's; `evidence` says what proves it; `until` is within the cap (G4)."""

    until: datetime
    reason: str = text(SHORT)
    evidence: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    until: datetime
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReplanForm:
    """Why the calendar is not what it was; `amended` is the day that somebody amended, if one did (G1)."""

    reason: str = text()
    amended: date | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """A time agreed with the resident (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class CompleteForm:
    result: str = text()
    prevention: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)
