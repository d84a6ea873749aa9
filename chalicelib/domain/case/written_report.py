"""What the history says of the written report on a serious case: owed, carried on, filed (B6).

Whether it is owed is a fact of the case and not of a round: it ends with the filing, or when there is nothing
left to report on.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, WrittenReport
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock

_OF_ITS_TIMERS = f"{Clock.REPORT}:"


def overdue(case: Case, marked: ev.MarkedOverdue) -> Case:
    """The case with one more clock marked late; that may be what starts the clock of the report."""
    late = replace(case, fired=(*case.fired, marked.key), overdue=(*case.overdue, marked.clock))
    if not marked.deadlines:
        return late
    return replace(
        late,
        report_owed=True,
        deadlines={**case.deadlines, **{one.clock: one for one in marked.deadlines}},
        fired=tuple(key for key in late.fired if not key.startswith(_OF_ITS_TIMERS)),
    )


def owed_as_classified(case: Case, deadlines: Mapping[Clock, Deadline]) -> bool:
    """Whether the report is owed under another classification, which is so while its clock runs."""
    if Clock.REPORT in case.deadlines or Clock.REPORT in deadlines:
        return Clock.REPORT in deadlines and Clock.REPORT not in case.met
    return case.report_owed


def owed_when_closed(case: Case, closing: ev.Closed) -> bool:
    """Whether the report is owed once the case is closed: not for a round that was found untrue."""
    if closing.reason is ev.CloseReason.UNTRUE:
        return owed_from_before(case)
    return closing.report_owed or case.report_owed


def owed_from_before(case: Case) -> bool:
    """Whether a round that has ended owes the report: whatever becomes of this one does not pay it."""
    running = case.deadlines.get(Clock.REPORT)
    return case.report_owed and (running is None or running.started_at < case.round_started_at)


def carried_on(before: Case, after: Case) -> Case:
    """The new round `after`, with the clock of the report that is still owed from before, or is set aside."""
    running, aside = before.deadlines.get(Clock.REPORT), before.set_aside.get(Clock.REPORT)
    is_owed = running is not None and before.report_owed and Clock.REPORT not in before.met
    if not is_owed and aside is None:
        return after
    return replace(
        after,
        deadlines={**after.deadlines, Clock.REPORT: running} if running and is_owed else after.deadlines,
        set_aside={Clock.REPORT: aside} if aside else {},
        overdue=tuple(one for one in before.overdue if one is Clock.REPORT),
        fired=tuple(key for key in before.fired if key.startswith(_OF_ITS_TIMERS)),
    )


def filed(case: Case, filing: ev.ReportFiled, at: datetime, by: str) -> Case:
    """The report is there: nothing is owed any more."""
    return replace(
        case,
        report_owed=False,
        reports_filed=case.reports_filed + 1,
        written_report=WrittenReport(at, by, filing.course, filing.cause, filing.measures, filing.next_steps),
    )
