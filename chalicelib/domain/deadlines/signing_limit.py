"""Nobody works on a case before somebody has signed for it: signing comes before what needs it (B3)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline, derived
from chalicelib.domain.deadlines.ledger import Ahead
from chalicelib.domain.regulation.limits import Clock

NEEDS_SIGNATURE = (Clock.ON_SITE, Clock.ANSWER, Clock.SOLVE)
"""What only whoever has signed can do. Word to the resident may come from the desk, so it does not wait."""

SHARE = 0.5
"""Ours: so much of the time to the promise, so that with the other half somebody else can still keep it."""

A_MINUTE = timedelta(minutes=1)

WITH_IT = 0.1
"""An assignment within a minute of the promise, and within so much of its time, is made with it: a desk that
hands a case on at once takes nothing from the time to sign for it."""

_UNITS = (timedelta(hours=1), timedelta(minutes=1))


def with_signing_limit(
    started: Iterable[Deadline],
    running: Iterable[Deadline],
    calendar: Calendar,
    promised: datetime | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines that were just counted, the one for signing before the promises that wait for it.

    If by its own limit it would end with the earliest open one of these, or after it, it has half the time of
    that promise, of one that began before it half of what is left, around the clock. `running` are the open
    clocks of the case beside them; `promised` is the end that held first for this signature, if it has moved
    since.
    """
    started = tuple(started)
    open_ones = {one.clock: one for one in (*running, *started)}
    waiting = [open_ones[clock] for clock in NEEDS_SIGNATURE if clock in open_ones]
    return tuple(
        _ahead(one, waiting, calendar, promised) if one.clock is Clock.SIGN else one for one in started
    )


def _ahead(
    sign: Deadline, waiting: Iterable[Deadline], calendar: Calendar, promised: datetime | None
) -> Deadline:
    to_come = [one for one in waiting if one.due_at > sign.started_at]
    first = min(to_come, key=lambda one: one.due_at, default=None)
    if first is None or sign.due_at < first.due_at:
        return sign
    half = _rounded(_time_to(first, sign.started_at) * SHARE)
    ahead = Ahead(first.clock, first.due_at, sign.started_at + half)
    return derived(replace(sign.derivation, ahead=ahead, promised=promised), calendar)


def _time_to(promise: Deadline, assigned_at: datetime) -> timedelta:
    """The whole time of a promise that the assignment comes with, as if without a case; else what is left."""
    whole, left = promise.due_at - promise.started_at, promise.due_at - assigned_at
    return whole if abs(whole - left) <= min(A_MINUTE, whole * WITH_IT) else left


def _rounded(time: timedelta) -> timedelta:
    """Down to whole hours or minutes if there are two of them, else to seconds: people read it."""
    unit = next((one for one in _UNITS if time >= 2 * one), timedelta(seconds=1))
    return max(time // unit, 1) * unit
