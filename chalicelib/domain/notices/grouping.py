"""How nobody is told the same thing twice (B6, G3).

Clocks that end together are told once, and so are rungs that reach one person.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.deadline_timers import Timer, timers_for
from chalicelib.domain.notices.kinds import Notice, NoticeKind
from chalicelib.domain.regulation.limits import CLOCKS, INTERNAL_CLOCKS, Clock

TOGETHER = timedelta(minutes=1)
"""Times within this of each other are told as one."""

PART = 0.1
"""How close two ends are told as one: this part of the time (ours).

At most a minute: clocks of 5 minutes → within half a minute.
"""

SPEAKS_FIRST = tuple(clock for clock, traits in CLOCKS.items() if not traits.internal)
"""Of clocks that end together the first of these tells."""

ACTIONS = {
    NoticeKind.REMINDER: "remind",
    NoticeKind.OVERDUE: "overdue",
    NoticeKind.ESCALATED: "escalate",
}
"""Each kind of message of a timer → what the timer did."""


def is_said_by_another_clock(notice: Notice, case: Case, context: Context) -> bool:
    """Whether another clock that ends together tells the same person the same.

    One that comes first in `SPEAKS_FIRST`. It follows from the deadlines alone, so it holds also where the
    two fire one after the other. What was met speaks for nobody. S3 promises news and the solution within 5
    working days: who is late with both is told of the solution.
    """
    mine = case.deadlines.get(Clock(notice.detail)) if notice.detail in set(Clock) else None
    if notice.kind not in ACTIONS or mine is None or mine.clock in INTERNAL_CLOCKS:
        return False
    return any(
        _says_it(notice, mine, other, case, context)
        for other in case.open
        if _comes_first(other.clock, mine.clock) and _is_near(mine, other, mine.due_at, other.due_at)
    )


def _comes_first(clock: Clock, than: Clock) -> bool:
    return clock in SPEAKS_FIRST and SPEAKS_FIRST.index(clock) < SPEAKS_FIRST.index(than)


def _is_near(mine: Deadline, its: Deadline, my_time: datetime, its_time: datetime) -> bool:
    near = min(TOGETHER, *((deadline.due_at - deadline.started_at) * PART for deadline in (mine, its)))
    return abs(my_time - its_time) < near


def _says_it(notice: Notice, mine: Deadline, its: Deadline, case: Case, context: Context) -> bool:
    """Whether every timer of the notice has its like in the other clock."""
    said, says = (_timers(notice, deadline, case, context) for deadline in (mine, its))
    if notice.kind is NoticeKind.REMINDER:
        said = said[-1:]  # those before it were told when they fired, or overtaken
    alike = [
        any(timer.role == other.role and _is_near(mine, its, timer.at, other.at) for other in says)
        for timer in said
    ]
    return bool(alike) and all(alike)


def _timers(notice: Notice, deadline: Deadline, case: Case, context: Context) -> list[Timer]:
    timers = timers_for(deadline, context.regulation, facts_of(case.classification), context.calendar)
    until = notice.created_at + TOGETHER
    return [timer for timer in timers if timer.action == ACTIONS[notice.kind] and timer.at <= until]


def is_of_a_rung(notice: Notice) -> bool:
    """Whether a rung of a ladder tells this notice.

    Only then may a lower one have reached the same person.
    """
    return notice.kind is NoticeKind.ESCALATED and (notice.detail in set(Clock) or notice.detail == "revisit")


def was_told_by_a_lower_rung(notice: Notice, told: Iterable[Notice], case: Case) -> bool:
    """Whether a lower rung has told this person the same.

    Its rank was not there and passed it on. `told` are the messages about the case that have left or will. A
    deadline that was moved, and a revisit after one that reached the resident, climb anew.
    """
    return any(
        (other.kind, other.recipient, other.channel, other.detail)
        == (notice.kind, notice.recipient, notice.channel, notice.detail)
        and _climbing_since(notice, case) <= other.created_at
        and other.version < notice.version
        for other in told
    )


def _climbing_since(notice: Notice, case: Case) -> datetime:
    """Since when the ladder climbs on which the notice is a rung."""
    if notice.detail == "revisit":
        return case.follow_up.last_reached_at or case.work.completed_at or case.clocks.started_at
    return case.deadlines[Clock(str(notice.detail))].due_at
