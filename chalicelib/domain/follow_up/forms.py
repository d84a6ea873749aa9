"""The forms of the commands after the work, and of the ways to an end."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import SHORT, check, text
from chalicelib.domain.errors import InvalidInputError

SECOND_OUTCOMES = tuple(outcome for outcome in RevisitOutcome if outcome is not RevisitOutcome.PROMISED)
"""What a second asking can find.

Not a promise: there is nobody to keep it any more.
"""


@dataclass(frozen=True, slots=True)
class RateForm:
    """The form of the survey (D1): `score` 1 (very bad) to 5 (very good)."""

    score: int
    comment: str | None = text(optional=True)
    suggestion: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)
        if not 1 <= self.score <= 5:
            raise InvalidInputError("'score' is a whole number from 1 (very bad) to 5 (very good).")


@dataclass(frozen=True, slots=True)
class RevisitForm:
    """The form of a revisit: what it found (D4).

    `manner` is `phone` or `visit`; the outcome `promised` has a `promised_until` (D8).
    """

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
        check(self)
        _check_manner(self.manner)


@dataclass(frozen=True, slots=True)
class AskAgainForm:
    """The form of the second asking (G6); `manner` is `phone` or `visit`."""

    outcome: RevisitOutcome
    manner: str = text(SHORT)
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)
        if self.outcome not in SECOND_OUTCOMES:
            raise InvalidInputError(f"'outcome' is one of: {', '.join(SECOND_OUTCOMES)}.")


def _check_manner(manner: str) -> None:
    if manner not in {"phone", "visit"}:
        raise InvalidInputError("'manner' is one of: phone, visit.")


@dataclass(frozen=True, slots=True)
class ArchiveForm:
    """The form of the summary with which a case is put away (D10)."""

    cause: str = text()
    course: str = text()
    result: str = text()
    lesson: str = text()

    def __post_init__(self) -> None:
        check(self)
