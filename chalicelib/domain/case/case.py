"""The case: what its events add up to (fold.py adds them up)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.about import About
from chalicelib.domain.case.alarm import Alarm, OutsideCall
from chalicelib.domain.case.assignment import Assignment
from chalicelib.domain.case.call_back import CallBack
from chalicelib.domain.case.climbed import Climb
from chalicelib.domain.case.clocks import Clocks, Deadlines
from chalicelib.domain.case.ending import Ending
from chalicelib.domain.case.files import File
from chalicelib.domain.case.follow_up import FollowUp, Rating
from chalicelib.domain.case.incident import Incident
from chalicelib.domain.case.malicious import Track
from chalicelib.domain.case.measures import Measure
from chalicelib.domain.case.order import Order
from chalicelib.domain.case.points import Point
from chalicelib.domain.case.reply import ReplyDuty, Stand
from chalicelib.domain.case.report_duty import ReportDuty
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.case.sorting import Sorting
from chalicelib.domain.case.tally import Tally
from chalicelib.domain.case.telling import Telling
from chalicelib.domain.case.work import Work
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.regulation.limits import Clock


class State(StrEnum):
    """The states of a case; domain/lifecycle.py says what leads from one to another."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    PROPOSED = "proposed"
    WORKING = "working"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    OBJECTED = "objected"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


IN_DISPATCH = frozenset({State.REGISTERED, State.ASSIGNED, State.SIGNED, State.PROPOSED, State.WORKING})
"""The states in which somebody has still to solve the case."""

GOES_ON = IN_DISPATCH | {State.COMPLETED}
"""The states of a case that is worked on, or followed up."""

OPEN = GOES_ON | {State.OBJECTED}
"""The states with running timers: to be solved, followed up, or decided on after an objection."""


class Case(Struct, frozen=True):
    """One registered matter, put together from its parts.

    `changed_at` is the time of its last event, before which nothing more happens to it. `clocks`, `work`,
    `telling` and `follow_up` belong to the present round: a new round begins with new ones (fold.py).
    `assignment`, `tally`, `report_duty` and `about` go on from round to round; `ending` says how it ended,
    until it is taken up again. `rounds` has a record of each round that has ended. `first_asked` is whoever
    took the case in (A9). `points` were raised at revisits, of whatever round (D4). `joined` are the numbers
    of the cases that were merged into this one (A16). `recent_commands` are ids of people's commands, each
    with its form's, so that one that is sent again is told from a new one. `track` is the malicious track of
    whoever reported it, if one was ever proposed (G14). `is_newer`: a newer release has written what this one
    does not know. `payer` pays for a repair (B13, G12), `loss` is what was lost, with who is liable (B16).
    `erased` kinds of personal data are gone, `erasure_asked_at`: the resident asked (G24). `proposal` is the
    triage's, `sorting` says who decided (A8). `call_back` is owed to whoever called (A1), `reply_duty` to who
    wrote (A12). `alarm` says who has an emergency, `outside_calls` who was called (A6). `incident` is the one
    that it leads; `offered` leads one that it may be of (A16). `order` is its work order (B9), `climbs` wait
    for whoever was told (B6).
    """

    community: str
    number: str
    version: int
    state: State
    regulation: str
    regulation_version: str
    zone: str
    registered_at: datetime
    changed_at: datetime
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
    reply_duty: ReplyDuty = field(default_factory=ReplyDuty)
    points: tuple[Point, ...] = ()
    telling: Telling = field(default_factory=Telling)
    about: About = field(default_factory=About)
    call_back: CallBack = field(default_factory=CallBack)
    joined: tuple[str, ...] = ()
    recent_commands: Mapping[str, str] = field(default_factory=dict)
    first_kind: str | None = None
    proposal: ev.Proposal | None = None
    sorting: Sorting = field(default_factory=Sorting)
    alarm: Alarm | None = None
    outside_calls: tuple[OutsideCall, ...] = ()
    files: tuple[File, ...] = ()
    incident: Incident | None = None
    order: Order = field(default_factory=Order)
    offered: str | None = None
    track: Track | None = None
    payer: ev.PayerFound | None = None
    loss: ev.LossRecorded | None = None
    measures: tuple[Measure, ...] = ()
    climbs: tuple[Climb, ...] = ()
    is_newer: bool = False
    erasure_asked_at: datetime | None = None
    erased: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether it leads an incident that is not over: its work is the work of all (A16)."""
        return self.incident is not None and not self.incident.dissolved and self.state in IN_DISPATCH

    @property
    def is_joined(self) -> bool:
        """Whether it waits for the work of the incident that it was joined to (A16)."""
        return self.state is State.MERGED and self.ending.by_incident

    @property
    def returns(self) -> int:
        """How often it came back; a round after it was set free is no return (A16, D7)."""
        return self.round - 1 - self.tally.set_free

    @property
    def deadlines(self) -> Deadlines:
        """The round's deadlines by clock, and the written report's while owed or met (B6)."""
        report = self.report_duty.clock
        return {**self.clocks.deadlines, report.clock: report} if report else self.clocks.deadlines

    @property
    def met(self) -> Mapping[Clock, datetime]:
        """When each clock was met, by clock; the written report's is among them."""
        met_at = self.report_duty.met_at
        return {**self.clocks.met, Clock.WRITTEN_REPORT: met_at} if met_at else self.clocks.met

    @property
    def overdue(self) -> tuple[Clock, ...]:
        """The clocks that were marked late; the written report's is among them."""
        late = self.report_duty.overdue and self.report_duty.clock is not None
        return (*self.clocks.overdue, Clock.WRITTEN_REPORT) if late else self.clocks.overdue

    @property
    def open(self) -> tuple[Deadline, ...]:
        """The deadlines that nothing has met; after an objection the manager's alone (B1)."""
        if self.state is State.OBJECTED:
            return tuple(deadline for deadline in self.clocks.open if deadline.clock is Clock.OBJECTION)
        duty = self.report_duty
        return (*self.clocks.open, duty.deadline) if duty.owed and duty.deadline else self.clocks.open

    @property
    def ends_with_an_answer(self) -> bool:
        """Whether an answer is all that is waited for: an inquiry for which nobody has signed (A9, C12)."""
        is_inquiry = self.classification.kind == "inquiry" and self.classification.is_sorted
        return is_inquiry and self.state in {State.REGISTERED, State.ASSIGNED}

    @property
    def fired(self) -> tuple[TimerKey, ...]:
        """The timers that have fired in this round, and those of the written report."""
        return (*self.clocks.fired, *self.report_duty.fired)

    @property
    def rating(self) -> Rating | None:
        """The resident's rating of this round; None if there is none."""
        return next((rating for rating in self.tally.ratings if rating.round == self.round), None)

    @property
    def open_points(self) -> tuple[Point, ...]:
        """The points raised at revisits that nobody has answered yet (D4)."""
        return tuple(point for point in self.points if not point.dealt_with)

    @property
    def open_measures(self) -> tuple[Measure, ...]:
        """The measures that nobody has carried out yet; none of a withdrawn case (B12)."""
        withdrawn = self.state is State.WITHDRAWN
        return tuple(measure for measure in self.measures if measure.done_at is None and not withdrawn)

    @property
    def is_listed(self) -> bool:
        """Whether open work has it: it goes on, closed before it rained (B13), or a cost waits (G12)."""
        dry = self.state is State.CLOSED and self.work.acceptance.is_asked_after_closing
        return self.goes_on or dry or self.order.cost_waits(self.payer, self.rounds)

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended, or something waits: a point (D4), a decision (G14), a call (B8).

        Or a reply in writing (A12), a key at the desk, a bill that is owed (B9), an open measure (B12).
        """
        waits = bool(self.open_points or self.telling.to_call or self.open_measures) or self.awaits_decision
        return self.state in OPEN or waits or self.owes_reply or self.reply_pending or self.order.is_open

    @property
    def is_shown_open(self) -> bool:
        """Whether lists of open work show it: it goes on, or it has closed and a colleague is still asked.

        They are asked for the second asking (G6), or for the written report (B6), which archiving ends.
        """
        is_asked = self.follow_up.ask_again_after is not None or self.report_duty.owed
        return self.is_listed or (self.state is State.CLOSED and is_asked)

    @property
    def owes_reply(self) -> bool:
        """Whether an answer in writing is waited for (A12); whoever has withdrawn waits for none."""
        return self.reply_duty.owed and self.state is not State.WITHDRAWN

    @property
    def reply_pending(self) -> bool:
        """Whether a reply was begun and has not left."""
        return self.reply_duty.reply is not None and not self.reply_duty.stands(Stand.SENT)

    @property
    def awaits_decision(self) -> bool:
        """Whether the manager or the company head has to decide about the malicious track (G14)."""
        return self.track is not None and self.track.waits_for is not None

    @property
    def answerable(self) -> str:
        """The username of whoever answers for it (A9): whoever took it in, until a handler has signed."""
        has_signed = self.assignment.handler and self.assignment.signed_by
        return self.assignment.handler if self.assignment.handler and has_signed else self.first_asked

    @property
    def worker(self) -> str | None:
        """The username of whose work of this round the resident judges.

        None where it has not been completed.
        """
        return self.rounds[-1].handler if self.work.completed_at is not None else None
