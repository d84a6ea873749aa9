"""How limits count: from when, to when, in which time, and how pauses extend them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.intervals import (
    MICROSECOND,
    Interval,
    advance,
    around_the_clock,
    measure,
    microseconds,
    moment_of,
)
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.regulation.limits import CountFrom, Limit, Unit


def counted_in(limit: Limit, calendar: Calendar) -> Calendar:
    """The calendar that the limit counts in: that of the staffed hours, where the community has such (A7).

    Working days, and what runs around the clock, keep the calendar of the working days; staffed days count
    every day of the week.
    """
    if limit.unit is Unit.STAFFED_DAYS:
        return calendar.staffed or calendar.every_day
    own_time = limit.around_the_clock or limit.unit is Unit.WORKING_DAYS
    return calendar if own_time else calendar.staffed or calendar


def period_of(limit: Limit, started_at: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """From when the limit counts, and when it has run out if nothing stops it.

    1 working day from Monday 10:00, counted from the next day, closing 17:30 → Tuesday 00:00, Tuesday 17:30.
    A part of a working day that is counted to its end runs out by closing time of that day, however short the
    day is or how little was left of it: less time never ends later than more.
    """
    if limit.unit is Unit.STAFFED_DAYS:
        own = counted_in(limit, calendar)
        return started_at, own.add(started_at, own.working_day * limit.amount)
    if limit.unit is not Unit.WORKING_DAYS:
        return started_at, advanced(limit, calendar, started_at, limit.elapsed())
    if limit.count is CountFrom.MOMENT:
        return started_at, calendar.add(started_at, calendar.working_day * limit.amount)
    whole, part = divmod(limit.amount, 1)
    today = calendar.local_date(started_at)
    if limit.count is CountFrom.END_OF_DAY:
        counted_from = started_at
        if calendar.is_working_day(today) and started_at < calendar.closing(today):
            today -= ONE_DAY  # working time is left today, so today is the first day
    else:
        counted_from = calendar.midnight(today + ONE_DAY)
    due_at = calendar.closing(calendar.working_days_after(today, int(whole))) if whole else counted_from
    if not part:
        return counted_from, due_at
    latest = calendar.closing(calendar.working_days_after(today, int(whole) + 1))
    return counted_from, min(latest, calendar.add(due_at, calendar.working_day * part))


def extended_by_breaks(
    limit: Limit, calendar: Calendar, counted_from: datetime, due_at: datetime, breaks: Sequence[Interval]
) -> datetime:
    """When the limit has run out if the breaks do not count: `due_at`, or later.

    2 hours from 09:00 are due at 11:00; with a break from 10:00 to 10:30 → 11:30.
    """
    if all(end <= counted_from or start >= due_at for start, end in breaks):
        return due_at
    running = run_between(limit, calendar, counted_from, due_at)
    return max(due_at, advanced(limit, calendar, counted_from, running, breaks))


def put_off_by_breaks(
    limit: Limit, calendar: Calendar, since: datetime, agreed: datetime, breaks: Sequence[Interval]
) -> datetime:
    """When an agreed moment comes if the breaks after `since` do not count: then, or later (B11, G4, G5).

    A break before it puts it off by the limit's own time in the break. One that lies over it leaves what was
    left when it began: the limit's own time, then the hours after work, which run by the wall clock. So it
    never lies in a break. Agreed Saturday 10:00, a break from Friday 18:30 to Wednesday 09:00 → 15:30 hours
    are left: Thursday 00:30. Agreed Tuesday 20:00, closing 17:30, a break from 17:00 to Thursday 09:00 →
    half an hour of work, and 2:30 hours: Thursday 12:00.
    """
    for start, end in sorted(breaks):
        start = max(start, since)
        if end <= start or start >= agreed:
            continue
        left = run_between(limit, calendar, start, agreed)
        if end <= agreed:
            agreed = advanced(limit, calendar, agreed, run_between(limit, calendar, start, end))
        else:
            after_work = agreed - advanced(limit, calendar, start, left)
            agreed = advanced(limit, calendar, end, left) + after_work
        since = end  # of breaks that overlap, the later one counts from here
    return agreed


def advanced(
    limit: Limit,
    calendar: Calendar,
    start: datetime,
    amount: timedelta,
    breaks: Sequence[Interval] = (),
) -> datetime:
    """The moment by which `amount` of the limit's own time has run: working or not."""
    if not limit.around_the_clock:
        return counted_in(limit, calendar).add(start, amount, breaks)
    begin = microseconds(start)
    return moment_of(advance(around_the_clock(begin), begin, amount // MICROSECOND, breaks))


def run_between(
    limit: Limit,
    calendar: Calendar,
    start: datetime,
    end: datetime,
    breaks: Sequence[Interval] = (),
) -> timedelta:
    """How much of the limit's own time runs from `start` to `end`, without the breaks."""
    if not limit.around_the_clock:
        return counted_in(limit, calendar).working_between(start, end, breaks)
    begin = microseconds(start)
    return timedelta(microseconds=measure(around_the_clock(begin), begin, microseconds(end), breaks))
