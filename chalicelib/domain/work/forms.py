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
class ChargeForm:
    """The form of saying whether the work costs the resident money, and why (G11).

    `on_list`: the price list has its price, so nobody has to work one out (C16).
    """

    chargeable: bool
    reason: str = text()
    on_list: bool = False

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class CauseForm:
    """The form of the department's answer: the cause, and what is done about it (B4)."""

    cause: str = text()
    plan: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReferForm:
    """The form of sending a resident to whom it is for to solve (B1)."""

    to: str = text(SHORT)
    explanation: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class CompleteForm:
    """The form of a completion (B4, B9): what was done, what caused it, and what prevents it.

    The cause is owed where the department has not answered yet.
    """

    result: str = text()
    prevention: str | None = text(optional=True)
    cause: str | None = text(optional=True)

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
