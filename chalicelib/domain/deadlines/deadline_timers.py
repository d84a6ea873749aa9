"""The timers of one deadline: reminders before it, overdue at it, rungs after it (B3, B6, B7, G3)."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.periods import advanced, period_of, run_between
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.regulation.limits import Clock
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
) -> tuple[Timer, ...]:
    """The timers of a deadline in order: reminders before it, overdue at it, rungs after it (B3, B6, B7).

    Shares run in the deadline's own time: half of five working days is two and a half, whatever holiday lies
    between. A rung at 1.2 comes a fifth of the limit after the deadline. Nobody is reminded after an
    extension of a time that had passed when it was granted.
    """
    ladder = regulation.ladder_for(deadline.clock, facts)
    limit, breaks, clock = deadline.limit, deadline.breaks, deadline.clock
    start = min(deadline.counted_from, deadline.due_at)
    there_is = run_between(limit, calendar, start, deadline.due_at, breaks)
    planned = period_of(limit, deadline.started_at, calendar)[1]
    promised = run_between(limit, calendar, deadline.counted_from, planned)
    extended_at = deadline.derivation.extended_at
    reminders = (advanced(limit, calendar, start, there_is * share, breaks) for share in ladder.reminders)
    timers = [
        Timer(TimerKey(clock, "remind", nth=number), at, "remind", clock, ladder.reminded)
        for number, at in enumerate(reminders, start=1)
        if extended_at is None or at > extended_at
    ]
    timers.append(Timer(TimerKey(clock, "overdue"), deadline.due_at, "overdue", clock, ladder.overdue))
    timers += [
        Timer(
            TimerKey(clock, "rung", rung.role),
            advanced(limit, calendar, deadline.due_at, promised * (rung.share - 1), breaks),
            "escalate",
            clock,
            rung.role,
        )
        for rung in ladder.rungs
    ]
    return tuple(sorted(timers, key=lambda timer: timer.at))
