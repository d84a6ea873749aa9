"""What a list shows of a case: one line, without anything personal but the beginning of what was said."""

from datetime import datetime

from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.records import CaseLine

SUMMARY = 60
"""How many characters of the report a line shows."""

REVISIT = "revisit"
"""What is due where no clock is."""


def line_of(case: Case, next_timer_at: datetime | None) -> CaseLine:
    """The line of a case whose workflow wakes at `next_timer_at`, the earliest of all its timers."""
    planned = [
        one
        for clock, one in case.deadlines.items()
        if clock not in case.met and not one.limit.around_the_clock and case.state in IN_DISPATCH
    ]
    due_at, due_for = due_next(case)
    return CaseLine(
        community=case.community,
        number=case.number,
        state=case.state,
        round=case.round,
        kind=case.classification.kind,
        matter=case.classification.matter,
        department=case.classification.department,
        urgency=case.classification.urgency,
        severity=case.classification.severity,
        handler=case.assignment.handler,
        due_at=due_at or next_timer_at or case.clocks.solve_due_at,
        overdue=Clock.SOLVE in case.overdue,
        registered_at=case.registered_at,
        next_timer_at=next_timer_at,
        summary=_beginning(case.report.text),
        planned_until=max((one.due_at for one in planned), default=None),
        provisional=any(one.provisional for one in planned),
        extension_asked=case.clocks.extension_request is not None and case.state in IN_DISPATCH,
        due_for=due_for,
        overdue_clocks=case.overdue,
        paused=case.clocks.pause is not None,
    )


def due_next(case: Case) -> tuple[datetime, str] | tuple[None, None]:
    """What is due first of an open case, and when: a clock that nobody has met yet, or its revisit (B7)."""
    if case.state not in OPEN:
        return None, None
    due = [(one.due_at, str(clock)) for clock, one in case.deadlines.items() if clock not in case.met]
    if case.state is State.COMPLETED and case.follow_up.revisit_due_at is not None:
        due.append((case.follow_up.revisit_due_at, REVISIT))
    return min(due, default=(None, None))


def _beginning(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SUMMARY else one_line[: SUMMARY - 1] + "…"
