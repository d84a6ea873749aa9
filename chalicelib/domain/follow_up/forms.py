"""The forms of the commands after the work, and of the ways to an end."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.own_signature import Drawn
from chalicelib.domain.errors import InvalidInputError

SECOND_OUTCOMES = tuple(outcome for outcome in RevisitOutcome if outcome is not RevisitOutcome.PROMISED)
"""What a second asking can find.

Not a promise: there is nobody to keep it any more.
"""


MOST_POINTS = 10
"""The most points that one revisit takes down."""


class RateForm(Struct, frozen=True):
    """The form of the survey (D1): `score` 1 (very bad) to 5 (very good)."""

    score: int
    comment: LongText | None = None
    suggestion: LongText | None = None

    def __post_init__(self) -> None:
        check(self)
        if not 1 <= self.score <= 5:
            raise InvalidInputError("'score' is a whole number from 1 (very bad) to 5 (very good).")


class RevisitForm(Struct, frozen=True):
    """The form of a revisit: what it found (D4).

    `manner` is `phone` or `visit`; the outcome `promised` has a `promised_until` (D8). `points` are what the
    resident wants dealt with, one a line: each is answered later. `signature` is the name of the resident who
    signed at a visit, `drawn` what they drew; or they signed a paper, handed in before with the stage
    `signed`. `device` is put in by the desk itself.
    """

    outcome: RevisitOutcome
    manner: ShortText
    note: LongText | None = None
    work_inspected: LongText | None = None
    conduct: LongText | None = None
    suggestions: LongText | None = None
    charge_checked: bool | None = None
    signature: ShortText | None = None
    promised_until: datetime | None = None
    fault: LongText | None = None
    points: LongText | None = None
    drawn: Drawn | None = None
    device: ShortText | None = None

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)
        if len(self.raised) > MOST_POINTS:
            raise InvalidInputError(
                f"'points' has {len(self.raised)} lines; at most {MOST_POINTS} points are taken, one a line.",
                "too_many_points",
                most=MOST_POINTS,
            )

    @property
    def raised(self) -> tuple[str, ...]:
        """The points that the resident raised: the lines of the text that say something."""
        return tuple(line.strip() for line in (self.points or "").splitlines() if line.strip())


class AnswerPointForm(Struct, frozen=True):
    """The form that answers a point raised at a revisit (D4).

    `point` is its number within the case; `done` says what was done, `answer` what the resident is told.
    """

    point: int
    done: LongText
    answer: LongText

    def __post_init__(self) -> None:
        check(self)


class AskAgainForm(Struct, frozen=True):
    """The form of the second asking (G6); `manner` is `phone` or `visit`."""

    outcome: RevisitOutcome
    manner: ShortText
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)
        _check_manner(self.manner)
        if self.outcome not in SECOND_OUTCOMES:
            raise InvalidInputError(f"'outcome' is one of: {', '.join(SECOND_OUTCOMES)}.")


def _check_manner(manner: str) -> None:
    if manner not in {"phone", "visit"}:
        raise InvalidInputError("'manner' is one of: phone, visit.")


class ArchiveForm(Struct, frozen=True):
    """The form of the summary with which a case is put away (D10)."""

    cause: LongText
    course: LongText
    result: LongText
    lesson: LongText

    def __post_init__(self) -> None:
        check(self)
