"""The events of the follow-up: survey, revisits, a new round, the end."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from chalicelib.domain.case.personal import Personal
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import StoredKey


class CloseReason(StrEnum):
    """Why a case was closed; only `satisfied` counts as satisfaction (G7).

    `neutral`: the resident's last word was neither, also after a person had called (D7).
    `dissatisfied`: not satisfied once more, after all the returns that the regulation allows (G9). `silent`:
    nobody answered. `decided`: by a leader. `untrue`: the findings were upheld. `unreached`: a call broke off
    before anything was said, and nobody could be called back (A1).
    """

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    SILENT = "silent"
    DECIDED = "decided"
    UNTRUE = "untrue"
    UNREACHED = "unreached"


class RevisitOutcome(StrEnum):
    """What a revisit found; `not_reached` is an outcome of its own (G6).

    `neutral`: reached, and neither satisfied nor dissatisfied (D7). `promised`: the resident asked what could
    not be answered on the spot, and was given a time (D8).
    """

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"
    PROMISED = "promised"


ANSWERED = frozenset({RevisitOutcome.SATISFIED, RevisitOutcome.NEUTRAL, RevisitOutcome.DISSATISFIED})
"""The outcomes of a revisit at which the resident answered."""


class Rated(Struct, frozen=True):
    """The resident answered the survey; `score` is 1 to 5.

    `neutral`: neither satisfied nor dissatisfied; before November 2026 there was nothing between.
    """

    score: int
    satisfied: bool
    comment: Personal[str | None] = None
    suggestion: Personal[str | None] = None
    neutral: bool = False


class SurveyReminded(Struct, frozen=True):
    """The resident was reminded of the survey."""

    key: StoredKey


class RevisitDrawn(Struct, frozen=True):
    """Somebody was drawn to revisit (D3, G6); None: nobody is there to ask.

    The revisitor had no part in the work. `because` says how the person was found: `sample`, `quota`, the
    desk in its `turn`, or `again`, to ask a second time after the case has closed. A draw can be repeated
    from its `seed` and, for a quota, from the cases that each rank had revisited or was to in the month
    (`so_far`), of the `pool` whose work was done.
    """

    key: StoredKey
    revisitor: str | None
    due_at: datetime
    rank: str | None = None
    because: str = "turn"
    seed: str | None = None
    so_far: Mapping[str, int] = field(default_factory=dict)
    pool: int = 0


class RevisitRecorded(Struct, frozen=True):
    """A revisit was made, or tried (D4).

    `manner` is `phone` or `visit`; `rank` is the role of who revisited. `promised_until` is by when an answer
    was promised (D8); `fault` is what was found wrong with the work. `asked_again`: this answer ends the
    round, and the lot said whether a second person asks the resident again (G6); None: no lot was drawn. `at`
    is when, for the days of vain attempts. `points` are what the resident wants dealt with, `points_raised`
    how many they are, also when their texts are erased, and `points_due_at` by when they are answered (D4).
    `drawn` names the file of what the resident drew at the visit, `device` what it was drawn on.
    """

    outcome: RevisitOutcome
    manner: str
    note: Personal[str | None] = None
    work_inspected: Personal[str | None] = None
    conduct: Personal[str | None] = None
    suggestions: Personal[str | None] = None
    charge_checked: bool | None = None
    signature: Personal[str | None] = None
    rank: str | None = None
    promised_until: datetime | None = None
    fault: Personal[str | None] = None
    asked_again: bool | None = None
    at: datetime | None = None
    points: Personal[tuple[str, ...]] = ()
    points_raised: int = 0
    points_due_at: datetime | None = None
    drawn: str | None = None
    device: Personal[str | None] = None

    @property
    def is_a_verdict(self) -> bool:
        """Whether the revisit says if the work is good.

        The resident has answered, or a fault was found.
        """
        return self.outcome in ANSWERED or self.fault is not None


class PointAnswered(Struct, frozen=True):
    """A point raised at a revisit was dealt with, and the resident is told (D4).

    `point` is its number within the case; `done` says what was done, `answer` what the resident is told.
    """

    point: int
    done: str
    answer: str


class PointChased(Struct, frozen=True):
    """A point raised at a revisit was not answered in time (D4, D8).

    `person` of that rank was told. No person: nobody is there to tell.
    """

    point: int
    rank: str
    person: str | None


class AskedAgain(Struct, frozen=True):
    """A second person asked the resident after the closing (G6).

    `outcome` is what they were told, or that nobody was reached.
    """

    outcome: RevisitOutcome
    manner: str
    note: Personal[str | None] = None


SET_FREE = "set_free"
"""The cause of a new round of a merged case: it stands alone again (A16, G13)."""

LEFT = "left"
"""The cause of a new round of a case that belongs to an incident no more; it keeps its clocks (A16)."""

NO_RETURN = frozenset({SET_FREE, LEFT})
"""The causes of a round that came of no dissatisfaction."""


class Reopened(Struct, frozen=True):
    """A new round began (D7).

    `cause` is rating, revisit, resident, staff or objection; or `SET_FREE`: nobody was dissatisfied, the case
    goes on by itself again; or `LEFT`: it was joined to an incident by mistake. `reason` may be empty.
    `worker` did the work in which a revisit found fault, and is to be told in writing (C17). `spoken_to`: the
    desk did it by the resident's word (agreement.py).
    """

    cause: str
    reason: Personal[str]
    review_group: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    worker: str | None = None
    spoken_to: Personal[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class WorkerNotified(Struct, frozen=True):
    """The worker was told in writing of a fault (C17).

    The notice has left, or was handed over.
    """

    note: str


class Closed(Struct, frozen=True):
    """The case was closed.

    `report_owed`: a serious case that ends unresolved needs a written report (B6). `worker` did the work in
    which the last possible revisit found fault, and is to be told of it in writing (C17); `note` then says
    what it is. `revisit_left_out`: a revisit was still owed, and the manager decided that it cannot be made;
    `note` says why. `note_told`: the resident reads the note, as the manager's words on an objection (B1).
    """

    reason: CloseReason
    note: Personal[str | None] = None
    report_owed: bool = False
    worker: str | None = None
    revisit_left_out: bool = False
    note_told: bool = False


class Archived(Struct, frozen=True):
    """The case was put away with its summary, after the last revisit (D10)."""

    cause: str
    course: str
    result: str
    lesson: str


FollowUpEvent = (
    Rated
    | SurveyReminded
    | RevisitDrawn
    | RevisitRecorded
    | PointAnswered
    | PointChased
    | AskedAgain
    | Reopened
    | WorkerNotified
    | Closed
    | Archived
)
"""Every event of the follow-up; a new payload belongs here."""
