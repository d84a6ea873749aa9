"""The timers of one deadline: reminders before it, overdue at it, rungs after it (B3, B6, B7, G3)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.periods import advanced, period_of, run_between
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.policies import Ladder
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Facts


class Timer(Struct, frozen=True):
    """Something to be done about a deadline at a moment, once: `key` says which, `role` who is told."""

    key: TimerKey
    at: datetime
    action: Literal["remind", "overdue", "escalate"]
    clock: Clock
    role: str | None


def timers_for(
    deadline: Deadline, regulation: Regulation, facts: Facts, calendar: Calendar
) -> Iterator[Timer]:
    """The timers of a deadline in order: reminders before it, overdue at it, rungs after it (B3, B6, B7).

    Shares run in the deadline's own time: half of five working days is two and a half, whatever holiday lies
    between. A rung at 1.2 comes a fifth of the limit after the deadline. Nobody is reminded after an
    extension of a time that had passed when it was granted. Each is worked out when it is asked for, since
    most readers want to know only which comes next.
    """
    ladder = regulation.ladder_for(deadline.clock, facts)
    clock = deadline.clock
    yield from _reminders(deadline, ladder, calendar)
    yield Timer(TimerKey(clock, "overdue"), deadline.due_at, "overdue", clock, ladder.overdue)
    limit, breaks = deadline.limit, deadline.breaks
    planned = period_of(limit, deadline.started_at, calendar)[1]
    promised = run_between(limit, calendar, deadline.counted_from, planned)
    for rung in sorted(ladder.rungs, key=lambda rung: rung.share):
        at = advanced(limit, calendar, deadline.due_at, promised * (rung.share - 1), breaks)
        yield Timer(TimerKey(clock, "rung", rung.role), at, "escalate", clock, rung.role)


def _reminders(deadline: Deadline, ladder: Ladder, calendar: Calendar) -> Iterator[Timer]:
    limit, breaks = deadline.limit, deadline.breaks
    extended_at = deadline.derivation.extended_at
    start = min(deadline.counted_from, deadline.due_at)
    there_is = run_between(limit, calendar, start, deadline.due_at, breaks)
    for number, share in sorted(enumerate(ladder.reminders, start=1), key=lambda numbered: numbered[1]):
        at = advanced(limit, calendar, start, there_is * share, breaks)
        if extended_at is None or at > extended_at:
            key = TimerKey(deadline.clock, "remind", nth=number)
            yield Timer(key, at, "remind", deadline.clock, ladder.reminded)
