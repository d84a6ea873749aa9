"""The duty to report in writing on a serious or unsolved case (B6).

It belongs to the case and not to a round: it ends with the filing, or when there is nothing left to report.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import TimerKey, timer_key
from chalicelib.domain.regulation.limits import Clock


class WrittenReport(Struct, frozen=True):
    """A written report on a serious case, as it was filed for the superior (B6)."""

    filed_at: datetime
    filed_by: str
    course: str
    cause: str
    measures: str
    next_steps: str


class ReportDuty(Struct, frozen=True):
    """The duty to report in writing on a serious or unsolved case (B6).

    `deadline` is its clock: it runs while the report is `owed`, and was met at `met_at`. A clock that neither
    runs nor was met was set aside by a correction, and comes back with its time. A case can owe the report
    without a clock, once it is closed. `unsolved`: the clock began as the case climbed above the manager.
    `last` is the latest of the `filed` reports.
    """

    owed: bool = False
    deadline: Deadline | None = None
    met_at: datetime | None = None
    overdue: bool = False
    unsolved: bool = False
    fired: tuple[TimerKey, ...] = ()
    last: WrittenReport | None = None
    filed: int = 0

    @property
    def clock(self) -> Deadline | None:
        """The deadline that runs or was met; not one that a correction has set aside."""
        return self.deadline if self.owed or self.met_at is not None else None

    def is_from_before(self, round_began: datetime) -> bool:
        """Whether the report is owed since an earlier round.

        Then it stays owed however the round ends that began at `round_began`: late in round 1, reopened,
        withdrawn in round 2 → still owed.
        """
        return self.owed and (self.deadline is None or self.deadline.started_at < round_began)


def registered(payload: ev.Registered) -> ReportDuty:
    """The duty of a new case: a serious one owes the report from the start."""
    started = _of_the_report(payload.deadlines)
    return _begun(ReportDuty(), started) if started else ReportDuty()


def after(duty: ReportDuty, event: ev.Event, round_began: datetime) -> ReportDuty:
    """The duty after one more event; `round_began` is of the round before the event."""
    match event.payload:
        case ev.MarkedOverdue(clock=Clock.WRITTEN_REPORT, key=key):
            return replace(duty, overdue=True, fired=(*duty.fired, timer_key(key)))
        case (
            ev.Reminded(clock=Clock.WRITTEN_REPORT, key=key)
            | ev.Escalated(clock=Clock.WRITTEN_REPORT, key=key)
        ):
            return replace(duty, fired=(*duty.fired, timer_key(key)))
        case ev.MarkedOverdue(deadlines=deadlines):
            started = _of_the_report(deadlines)
            return _begun(duty, started) if started else duty
        case ev.Escalated(deadlines=deadlines):
            started = _of_the_report(deadlines)
            return replace(_begun(duty, started), unsolved=True) if started else duty
        case ev.Classified(deadlines=deadlines):
            return _reclassified(duty, _of_the_report(deadlines))
        case ev.Replanned(deadlines=deadlines):  # a reminder that was given is not given again
            return replace(duty, deadline=_of_the_report(deadlines) or duty.deadline)
        case (
            ev.Closed(reason=ev.CloseReason.UNTRUE | ev.CloseReason.UNREACHED)
            | ev.Referred()
            | ev.Withdrawn()
            | ev.Merged()
        ):
            return duty if duty.is_from_before(round_began) else _without_clock(duty)
        case ev.Closed(report_owed=owed):
            return replace(duty, owed=owed or duty.owed)
        case ev.Reopened() if duty.met_at is not None:
            return _without_clock(duty)
        case ev.ReportFiled() as filing:
            return _filed(duty, event, filing)
        case _:
            return duty


def _of_the_report(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    return next((deadline for deadline in deadlines if deadline.clock is Clock.WRITTEN_REPORT), None)


def _begun(duty: ReportDuty, deadline: Deadline) -> ReportDuty:
    return replace(_without_clock(duty), owed=True, deadline=deadline)


def _reclassified(duty: ReportDuty, deadline: Deadline | None) -> ReportDuty:
    """The duty under another classification: set aside for a case that is not serious any more."""
    if deadline is None:
        return replace(duty, owed=duty.owed and duty.deadline is None)
    if duty.deadline is None or duty.deadline.due_at != deadline.due_at:
        return _begun(duty, deadline)
    return replace(duty, owed=duty.met_at is None)


def _without_clock(duty: ReportDuty) -> ReportDuty:
    return ReportDuty(last=duty.last, filed=duty.filed)


def _filed(duty: ReportDuty, event: ev.Event, filing: ev.ReportFiled) -> ReportDuty:
    """The report is there: nothing is owed any more."""
    steps = (filing.course, filing.cause, filing.measures, filing.next_steps)
    met_at = duty.met_at or (event.at if duty.clock is not None else None)
    report = WrittenReport(event.at, event.actor.id, *steps)
    return replace(duty, owed=False, met_at=met_at, last=report, filed=duty.filed + 1)
