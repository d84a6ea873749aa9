"""Why a deadline is what it is, in sentences that a manager reads (G2)."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import ONE_DAY, Calendar
from chalicelib.domain.deadlines import Deadline
from chalicelib.domain.ledger import plan_of, recorded_calendar
from chalicelib.domain.limits import Unit
from chalicelib.domain.wording import Wording, wording_of


def explain(
    deadline: Deadline, calendar: Calendar, locale: str = "en", *, sourced: bool = True
) -> tuple[str, ...]:
    """The reasons of a deadline: limit and start, days skipped, what moved it, and at last its source.

    They come from the deadline's own ledger. `calendar`, as it is today, is asked only up to when its
    holidays are published. `locale` is "en" or "zh-CN". Residents are told what was promised and what moved
    it, without the source (not `sourced`): the names of our rules say nothing to them.
    """
    say = wording_of(locale)
    source = (say.origin(deadline.rule.source, deadline.rule.requirement),) if sourced else ()
    return (*_sentences(deadline, calendar, say), *source)


def _sentences(deadline: Deadline, calendar: Calendar, say: Wording) -> Iterator[str]:
    zone = ZoneInfo(deadline.zone)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(zone)

    limit, plan = deadline.limit, plan_of(deadline.ledger)
    then = recorded_calendar(deadline.ledger)
    first_due = local(deadline.first_due_at)
    closing = limit.unit is Unit.WORKING_DAYS and deadline.first_due_at == closing_of(then, first_due.date())
    amount = say.amount(limit, then.working_day)
    yield say.promise(amount, local(deadline.started_at), first_due, closing=closing)
    if not limit.around_the_clock:
        last = max(first_due, local(deadline.due_at)).date()
        yield from days_between(then, local(deadline.started_at).date(), last, say)
    if deadline.share != 1:
        yield say.shortened(deadline.share)
    for pause in plan.pauses:
        yield say.paused(local(pause.started_at), local(pause.ended_at), pause.reason)
    if plan.appointment:
        yield say.appointed(local(plan.appointment))
    if plan.extended_to:
        yield say.extended(local(plan.extended_to))
    if deadline.due_at != deadline.first_due_at:
        yield say.now_due(local(deadline.due_at))
    if deadline.provisional:
        yield say.provisional(calendar.published_until)


def closing_of(calendar: Calendar, day: date) -> datetime | None:
    """When the day closes; None for one that is not worked."""
    return calendar.closing(day) if calendar.is_working_day(day) else None


def _names(calendar: Calendar, first: date, end: date) -> tuple[str, ...]:
    """Why the days before `end` are off, each name by itself where a day has two."""
    days = (first + ONE_DAY * number for number in range((end - first).days))
    return tuple(name for day in days for name in calendar.day_reason(day).split("; ") if name)


def days_between(calendar: Calendar, first: date, last: date, say: Wording) -> Iterator[str]:
    """The days off between start and deadline, neighbours together, those that the community closed by
    themselves; then the days worked against the rule.
    """
    skipped: list[str] = []
    unusual: list[str] = []
    day = first
    while day <= last:
        begin, own = day, day in calendar.amendments
        while day <= last and not calendar.is_working_day(day) and (day in calendar.amendments) == own:
            day += ONE_DAY
        if day > begin:
            skipped.append(say.days(begin, day - ONE_DAY, _names(calendar, begin, day)))
            continue
        if calendar.windows_on(day) != calendar.week.get(day.weekday(), ()):
            is_extra = not calendar.week.get(day.weekday())
            unusual.append(say.worked(day) if is_extra else say.other_hours(day, calendar.day_reason(day)))
        day += ONE_DAY
    if skipped:
        yield say.skipped(skipped)
    yield from unusual
