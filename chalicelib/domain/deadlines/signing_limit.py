"""The time to sign: it ends before the promises that nobody can keep unsigned (B3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline, derived
from chalicelib.domain.deadlines.ledger import Ahead
from chalicelib.domain.deadlines.periods import advanced, run_between
from chalicelib.domain.regulation.limits import CLOCKS, Clock, limit_of

NEEDS_SIGNATURE = tuple(clock for clock in Clock if CLOCKS[clock].needs_signature)
"""What only whoever has signed can do. Word to the resident may come from the desk, so it does not wait."""

SHARE = 0.5
"""Ours: so much of the time that is left, so that with the other half somebody else can keep the promise."""

_UNITS = (timedelta(hours=1), timedelta(minutes=1))


def with_signing_limit(
    started: Iterable[Deadline],
    running: Iterable[Deadline],
    calendar: Calendar,
    promised: datetime | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines just started, with the signature due before the promises that wait for it.

    The signature has its own limit, a rule of the pack (`clock = "sign"`). If that would end at or after
    the earliest open promise that waits for it, it has half of what is left from the assignment on,
    around the clock: assigned 02:00, somebody on site by 02:10 → sign by 02:05. A signature that is due in
    staffed hours has half of those that are left, if any are (A7): assigned 02:00, an answer by 08:30, the
    desk staffed from 08:00 → sign by 08:15.

    `running` are the other open clocks of the case. `promised` is the end that this signature had first, if
    it has moved since.
    """
    started = tuple(started)
    open_clocks = {deadline.clock: deadline for deadline in (*running, *started)}
    waiting = [open_clocks[clock] for clock in NEEDS_SIGNATURE if clock in open_clocks]
    return tuple(
        _before(waiting, deadline, calendar, promised) if deadline.clock is Clock.SIGN else deadline
        for deadline in started
    )


def _before(
    waiting: Iterable[Deadline], sign: Deadline, calendar: Calendar, promised: datetime | None
) -> Deadline:
    """The signature's deadline, before the earliest waiting one that is still to come."""
    to_come = [deadline for deadline in waiting if deadline.due_at > sign.started_at]
    first = min(to_come, key=lambda deadline: deadline.due_at, default=None)
    if first is None or sign.due_at < first.due_at:
        return sign
    ahead = _half_way(sign, first, calendar)
    return derived(replace(sign.derivation, ahead=ahead, promised=promised), calendar)


def _half_way(sign: Deadline, first: Deadline, calendar: Calendar) -> Ahead:
    start, own = sign.started_at, sign.rule.limit
    if sign.calendar_excerpt.staffed and (left := run_between(own, calendar, start, first.due_at)):
        half = _rounded(left * SHARE)
        until = advanced(own, calendar, start, half)
        return Ahead(first.clock, first.due_at, until, replace(limit_of(half), around_the_clock=False))
    return Ahead(first.clock, first.due_at, start + _rounded((first.due_at - start) * SHARE))


def _rounded(time: timedelta) -> timedelta:
    """The time as people read it: whole hours or minutes where there are two, else seconds.

    Always down: 7:30 minutes → 7 minutes; 1:45 minutes → 105 seconds; at least 1 second.
    """
    unit = next((unit for unit in _UNITS if time >= 2 * unit), timedelta(seconds=1))
    return max(time // unit, 1) * unit
