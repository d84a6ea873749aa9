"""What a list shows of a case: one line, without anything personal but the beginning of what was said."""

from datetime import datetime

from chalicelib.domain.case import IN_DISPATCH, Case, State
from chalicelib.services.records import CaseLine

SUMMARY = 60
"""How many characters of the report a line shows."""


def line_of(case: Case, next_timer_at: datetime | None) -> CaseLine:
    """The line of a case whose workflow wakes at `next_timer_at`, the earliest of all its timers."""
    planned = [
        one
        for clock, one in case.deadlines.items()
        if clock not in case.met and not one.limit.around_the_clock and case.state in IN_DISPATCH
    ]
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
        handler=case.handler,
        due_at=_due_at(case),
        overdue=bool(case.overdue),
        registered_at=case.registered_at,
        next_timer_at=next_timer_at,
        summary=_beginning(case.report.text),
        planned_until=max((one.due_at for one in planned), default=None),
        provisional=any(one.provisional for one in planned),
        extension_asked=case.extension_request is not None and case.state in IN_DISPATCH,
    )


def _due_at(case: Case) -> datetime:
    """What the open lists are in order of: when the case must be solved, or be revisited once it is."""
    if case.state is State.COMPLETED and case.revisit_due_at is not None:
        return case.revisit_due_at
    return case.solve_due_at


def _beginning(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SUMMARY else one_line[: SUMMARY - 1] + "…"
