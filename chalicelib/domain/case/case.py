"""The case: what its events add up to (see fold.py, which adds them up)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.assignment import Assignment
from chalicelib.domain.case.clocks import Clocks, Deadlines
from chalicelib.domain.case.ending import Ending
from chalicelib.domain.case.follow_up import FollowUp, Rating
from chalicelib.domain.case.tally import Tally
from chalicelib.domain.case.work import Work
from chalicelib.domain.case.written_report import ReportDuty
from chalicelib.domain.deadlines.deadline import Deadline
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
class RoundRecord:
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
class Case:
    """One registered matter, in parts: what belongs to a round is in `clocks`, `work` and `follow_up`.

    A new round begins with new ones of those (fold.py). `first_asked` took the case in (A9). `rounds` has
    each round that has ended. `recent_commands` are ids, so that a repeated command is told from a new one.
    """

    community: str
    number: str
    version: int
    state: State
    regulation: str
    regulation_version: str
    zone: str
    registered_at: datetime
    first_asked: str
    report: ev.Report
    classification: ev.Classification
    clocks: Clocks
    round: int = 1
    rounds: tuple[RoundRecord, ...] = ()
    assignment: Assignment = field(default_factory=Assignment)
    work: Work = field(default_factory=Work)
    follow_up: FollowUp = field(default_factory=FollowUp)
    ending: Ending = field(default_factory=Ending)
    tally: Tally = field(default_factory=Tally)
    report_duty: ReportDuty = field(default_factory=ReportDuty)
    recent_commands: tuple[str, ...] = ()

    @property
    def deadlines(self) -> Deadlines:
        """The clocks of the round, and that of the written report if it runs or was met (B6)."""
        report = self.report_duty.clock
        return {**self.clocks.deadlines, report.clock: report} if report else self.clocks.deadlines

    @property
    def met(self) -> Mapping[Clock, datetime]:
        """When each of its clocks was met, the written report's among them."""
        met_at = self.report_duty.met_at
        return {**self.clocks.met, Clock.WRITTEN_REPORT: met_at} if met_at else self.clocks.met

    @property
    def overdue(self) -> tuple[Clock, ...]:
        """The clocks that were marked late, the written report's among them."""
        late = self.report_duty.overdue and self.report_duty.clock is not None
        return (*self.clocks.overdue, Clock.WRITTEN_REPORT) if late else self.clocks.overdue

    @property
    def open(self) -> tuple[Deadline, ...]:
        """The deadlines that nothing has met yet."""
        duty = self.report_duty
        return (*self.clocks.open, duty.deadline) if duty.owed and duty.deadline else self.clocks.open

    @property
    def fired(self) -> tuple[str, ...]:
        """The timers that have fired in this round, and those of the written report."""
        return (*self.clocks.fired, *self.report_duty.fired)

    @property
    def rating(self) -> Rating | None:
        """The resident's rating of this round, if there is one."""
        return next((rating for rating in self.tally.ratings if rating.round == self.round), None)

    @property
    def answerable(self) -> str:
        """Who answers for the case: whoever took it in, until a handler has signed (A9)."""
        has_signed = self.assignment.handler and self.assignment.signed_by
        return self.assignment.handler if self.assignment.handler and has_signed else self.first_asked

    @property
    def worker(self) -> str | None:
        """Whose work of this round the resident judges; nobody's where it has not been completed."""
        return self.rounds[-1].handler if self.work.completed_at is not None else None
