"""The case: what its events add up to (see history.py, which adds them up)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import events as ev
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.regulation.limits import Clock


class State(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    PROPOSED = "proposed"
    WORKING = "working"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


IN_DISPATCH = frozenset({State.REGISTERED, State.ASSIGNED, State.SIGNED, State.PROPOSED, State.WORKING})
"""States in which somebody has still to solve the case."""

OPEN = IN_DISPATCH | {State.COMPLETED}
"""States with running timers: to be solved, or to be followed up."""


@dataclass(frozen=True, slots=True)
class CurrentPause:
    """A pause that has not ended: since when, why, proof, and when it ends by itself (G4)."""

    since: datetime
    reason: str
    evidence: str
    until: datetime

    def ended(self, at: datetime) -> Pause:
        """The pause as it is over at `at`: at its own end, if that came first."""
        return Pause(self.since, min(at, self.until), self.reason)


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """Asked of the manager before the deadline, not decided yet (G5)."""

    requested_by: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round that has ended: whose it was then, and whether it was completed, or the case found untrue,
    withdrawn or merged.

    `late`: its time to solve had run out. `took` is from its beginning to its end, `paused` what of that the
    case stood still, both wall-clock. `first_late`: the first answer or the arrival was late (rounds.py).
    """

    handler: str | None
    completed: bool
    late: bool
    took: timedelta
    paused: timedelta
    first_late: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    round: int
    score: int
    satisfied: bool
    comment: str | None
    suggestion: str | None
    at: datetime
    handler: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What was reported to the superior about a serious case, when and by whom (B6)."""

    filed_at: datetime
    filed_by: str
    course: str
    cause: str
    measures: str
    next_steps: str


@dataclass(frozen=True, slots=True)
class Case:
    """One registered matter. What belongs to a round starts anew with it (history.py, `_reopened`).

    `first_asked` took the case in (A9). `signed_by` and `completed_by` are the people who did so; that may be
    the head of the department in place of the handler. `met` says when a clock was stopped, `overdue` which
    were marked late, `fired` which timers have fired, `rungs` whom those of the ladder told. `set_aside` has
    the clocks that a correction ended or counted from a later start, as they were before it.
    `rounds` has each round that has ended, `returned_from` says whose work came back.
    `revisited_by` counts revisits of all rounds that reached the resident, by the rank of who made them,
    without those of second people.
    `last_revisit_at` is the last attempt of this round, `last_reached_at` the last that reached the resident;
    `revisit_left_out`: the case was closed without a revisit that was owed. `revisit_owed`: the round before
    owed one when this began; only the work of this round, and its own revisits, take its place.
    `checked_revisitor` wrote the answer after which a second person is to ask again (G6); `asked_again`
    counts what second people were answered in all rounds, `asked_again_differs` where it was something else.
    `fault` is what a revisit found wrong with the work of `fault_worker`, in the round before or, where the
    case was closed with it, in this one; `fault_told_at` is when it had been put to that person in writing.
    `returned_by` is what made this round (rating, revisit, …) and `returned_because` what was said of it.
    `report_owed`: a written report has to be filed, from whatever round; `written_report` is the last of
    `reports_filed`, while `report` is what the resident reported.
    `former_handlers` have had the case before, `worked_by` have signed for it, done it or declined it.
    `assigned_version` and `completed_version` are the events that work link and survey link belong to.
    """

    community: str
    number: str
    version: int
    state: State
    round: int
    report: ev.Report
    classification: ev.Classification
    regulation: str
    regulation_version: str
    zone: str
    registered_at: datetime
    round_started_at: datetime
    first_asked: str
    deadlines: Mapping[Clock, Deadline]
    met: Mapping[Clock, datetime] = field(default_factory=dict)
    set_aside: Mapping[Clock, Deadline] = field(default_factory=dict)
    overdue: tuple[Clock, ...] = ()
    fired: tuple[str, ...] = ()
    rungs: Mapping[str, str] = field(default_factory=dict)
    handler: str | None = None
    assigned_version: int = 0
    signed_by: str | None = None
    former_handlers: tuple[str, ...] = ()
    worked_by: tuple[str, ...] = ()
    declined_by: tuple[str, ...] = ()
    plan: ev.Proposed | None = None
    plan_agreed: bool = False
    price_asked: bool = False
    appointment: datetime | None = None
    pause: CurrentPause | None = None
    pauses: tuple[Pause, ...] = ()
    extension_request: ExtensionRequest | None = None
    extensions: int = 0
    result: str | None = None
    on_the_spot: bool = False
    completed_at: datetime | None = None
    completed_by: str | None = None
    completed_version: int = 0
    rounds: tuple[Round, ...] = ()
    returned_from: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    sample: ev.Sample | None = None
    revisitor: str | None = None
    revisit_rank: str | None = None
    revisit_due_at: datetime | None = None
    revisits: tuple[ev.RevisitRecorded, ...] = ()
    revisits_recorded: int = 0
    revisited_by: Mapping[str, int] = field(default_factory=dict)
    checked_revisitor: str | None = None
    asked_again: int = 0
    asked_again_differs: int = 0
    promises: int = 0
    promises_kept: int = 0
    last_revisit_at: datetime | None = None
    last_reached_at: datetime | None = None
    review_group: tuple[str, ...] = ()
    fault: str | None = None
    fault_worker: str | None = None
    fault_told_at: datetime | None = None
    returned_by: str | None = None
    returned_because: str | None = None
    report_owed: bool = False
    written_report: WrittenReport | None = None
    reports_filed: int = 0
    findings: str | None = None
    objection: str | None = None
    closed_at: datetime | None = None
    close_reason: ev.CloseReason | None = None
    revisit_left_out: bool = False
    revisit_owed: bool = False
    merged_into: str | None = None
    urged_at: datetime | None = None
    urged: int = 0
    recent_commands: tuple[str, ...] = ()

    @property
    def solve_due_at(self) -> datetime:
        """When the case must be solved."""
        return self.deadlines[Clock.SOLVE].due_at

    @property
    def arrival_due_at(self) -> datetime | None:
        """When somebody must be there, if that is promised, still open, and due before the work is."""
        due = None if Clock.ON_SITE in self.met else self.deadlines.get(Clock.ON_SITE)
        return due.due_at if due is not None and due.due_at < self.solve_due_at else None

    @property
    def rating(self) -> Rating | None:
        """The resident's rating of this round, if there is one."""
        return next((one for one in self.ratings if one.round == self.round), None)

    @property
    def promised_until(self) -> datetime | None:
        """By when a revisitor of this round owes the resident an answer, if one does (D8)."""
        for one in reversed(self.revisits):
            if one.outcome in ev.ANSWERED:
                return None
            if one.promised_until is not None:
                return one.promised_until
        return None

    @property
    def fault_untold(self) -> bool:
        """Whether a fault found at a revisit has still to be put to the worker in writing (C17)."""
        return self.fault_worker is not None and self.fault_told_at is None

    @property
    def answerable(self) -> str:
        """Who answers for the case: whoever took it in, until a handler has signed (A9)."""
        return self.handler if self.handler and self.signed_by else self.first_asked

    def all_handlers(self) -> frozenset[str]:
        """Everybody who has had a part in the work, in any round: none of them may revisit it (G6).

        Nor whoever declined it; but not who had it for a while and neither signed nor declined: else any
        assignment could keep somebody from asking.
        """
        people = (self.handler, self.signed_by, self.completed_by, *self.worked_by)
        return frozenset(one for one in people if one)
