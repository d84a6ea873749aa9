"""The written report on a serious case: whether it is owed, and what was filed (B6).

Whether it is owed is a fact of the case and not of a round: it ends with the filing, or when there is nothing
left to report on.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.clocks import Clocks
from chalicelib.domain.regulation.limits import Clock


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
class ReportDuty:
    """The duty to report in writing on a serious case: `owed`, whatever round it comes from.

    `last` is the latest of the `filed` reports.
    """

    owed: bool = False
    last: WrittenReport | None = None
    filed: int = 0


def after(duty: ReportDuty, event: ev.Event, clocks: Clocks) -> ReportDuty:
    """What an event makes of it; `clocks` are those before the event."""
    match event.payload:
        case ev.MarkedOverdue(deadlines=deadlines) if deadlines:
            return replace(duty, owed=True)
        case ev.Classified(deadlines=deadlines):
            started = any(deadline.clock is Clock.WRITTEN_REPORT for deadline in deadlines)
            if Clock.WRITTEN_REPORT in clocks.deadlines or started:
                return replace(duty, owed=started and Clock.WRITTEN_REPORT not in clocks.met)
            return duty
        case ev.Closed(reason=ev.CloseReason.UNTRUE) | ev.Withdrawn() | ev.Merged():
            return replace(duty, owed=owed_from_before(duty, clocks))
        case ev.Closed(report_owed=owed):
            return replace(duty, owed=owed or duty.owed)
        case ev.ReportFiled() as filing:
            report = WrittenReport(
                event.at, event.actor.id, filing.course, filing.cause, filing.measures, filing.next_steps
            )
            return ReportDuty(False, report, duty.filed + 1)
        case _:
            return duty


def owed_from_before(duty: ReportDuty, clocks: Clocks) -> bool:
    """Whether a round that has ended owes the report: whatever becomes of this one does not pay it."""
    running = clocks.deadlines.get(Clock.WRITTEN_REPORT)
    return duty.owed and (running is None or running.started_at < clocks.started_at)
