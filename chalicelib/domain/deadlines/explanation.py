"""Why a deadline is what it is, in sentences that a manager reads (G2)."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.calendar import NAMES_APART, Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.ends import visit_put_off
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.deadlines.opening_hours import ended, pair_of, to_the_minute
from chalicelib.domain.deadlines.periods import extended_by_breaks, period_of
from chalicelib.domain.deadlines.wording import Wording
from chalicelib.domain.regulation.limits import CountFrom, Limit, Unit
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Appointment


def explain(
    deadline: Deadline,
    calendar: Calendar,
    words: Catalogue,
    *,
    sourced: bool = True,
    tells_care: bool = True,
    regulation: Regulation | None = None,
) -> tuple[str, ...]:
    """The reasons of a deadline: its limit, the days skipped, what moved it, its source.

    They come from the deadline's own ledger. `calendar`, as it is today, is asked only which holidays it
    knows; `regulation`, in the version of the case, only why it has a rule that is ours. `words` are those
    of the reader's language. Residents are told what was promised and what moved it, without the source and
    without the need for care (not `sourced`): the names of our rules say nothing to them, and nobody is
    labelled (E8); nor is anybody where the note of it was taken back (`tells_care`, G15).
    """
    say = Wording(words)
    sentences = _sentences(deadline, calendar, say, tells_care=sourced and tells_care)
    if not sourced:
        return tuple(sentences)
    ahead = deadline.derivation.ahead
    rule = regulation.rule(deadline.rule.id) if regulation else None
    why = say.nobody_before(ahead.clock) if ahead else say.why_ours(rule)
    return (*sentences, say.origin(deadline.rule.source, deadline.rule.requirement, why))


def _sentences(deadline: Deadline, calendar: Calendar, say: Wording, *, tells_care: bool) -> Iterator[str]:
    """What was promised, then what moved it, in the order in which it counts."""
    zone, limit, derivation = ZoneInfo(deadline.zone), deadline.limit, deadline.derivation

    def local(moment: datetime) -> datetime:
        return told(moment.astimezone(zone), limit)

    then = deadline.calendar_excerpt.calendar()  # as it was when the deadline was derived
    counted_from, planned = period_of(limit, derivation.started_at, then)
    last = ended(local(planned))[0]
    still = extended_by_breaks(limit, then, counted_from, planned, deadline.breaks)
    yield from _shortened(deadline, then, say, tells_care=tells_care)
    yield promised(limit, local(derivation.started_at), local(planned), then, say)
    if then.staffed and not limit.around_the_clock:
        daily = {then.week.get(weekday, ()) for weekday in range(7)}
        yield say.staffed([pair_of(window) for window in daily.pop()] if len(daily) == 1 else [])
    if not limit.around_the_clock:
        yield from days_between(then, first_day(limit, derivation.started_at, then), last, say)
    if local(deadline.first_due_at) != local(planned):
        yield say.first_promised(local(deadline.first_due_at))
    for pause in derivation.pauses:
        yield say.paused(local(pause.started_at), local(pause.ended_at), pause.reason)
    if not limit.around_the_clock:
        yield from days_between(then, last + ONE_DAY, ended(local(still))[0], say)
    if derivation.appointment and derivation.rule.appointment is not Appointment.IGNORED:
        stays = derivation.rule.appointment is Appointment.WITHIN and derivation.appointment > still
        yield say.appointed(local(derivation.appointment), limit_stays=stays)
        if derivation.work_by is not None and not stays:
            yield say.work_follows(_for_work(deadline, then, say))
        there_by = None if stays else visit_put_off(derivation, then, deadline.breaks)
        if there_by is not None and there_by != deadline.due_at:
            yield say.visit_put_off(local(there_by))
        if deadline.work_calendar is not None and deadline.due_at == deadline.work_done:
            told_until = None if limit.around_the_clock else ended(local(still))[0]
            yield from _days_of_work(deadline, there_by or derivation.appointment, told_until, say)
    if derivation.extended_to:
        yield say.extended(local(derivation.extended_to))
        ends = {still, derivation.agreed_end, deadline.work_done}
        if not limit.around_the_clock and deadline.due_at not in ends:
            granted = local(derivation.extended_to).date()
            yield from days_between(then, granted + ONE_DAY, local(deadline.due_at).date(), say)
    if local(deadline.due_at) != local(planned):
        yield say.now_due(local(deadline.due_at))
    if deadline.provisional:
        yield say.provisional(calendar.published_from, calendar.published_until)


def _for_work(deadline: Deadline, then: Calendar, say: Wording) -> str:
    """The time that the work after the visit has, in words; empty in ledgers that do not say so."""
    work, hours = deadline.derivation.work, deadline.work_calendar
    if work is None:
        return ""
    is_staffed = (deadline.work_excerpt or deadline.calendar_excerpt).staffed
    return say.amount(work, (hours or then).working_day, staffed=is_staffed)


def _days_of_work(
    deadline: Deadline, there_by: datetime, told_until: date | None, say: Wording
) -> Iterator[str]:
    """The unusual days of the work after the visit; those up to `told_until` have been told."""
    hours = deadline.work_calendar
    if hours is None:
        return
    first, last = hours.local_date(there_by), hours.local_date(deadline.due_at)
    if told_until is not None:
        first = max(first, told_until + ONE_DAY)
    yield from days_between(hours, first, last, say)


def _shortened(deadline: Deadline, then: Calendar, say: Wording, *, tells_care: bool) -> Iterator[str]:
    """What the case has of the rule's limit, where it is less (B3, G9, G15)."""

    def amount(limit: Limit) -> str:
        return say.amount(limit, then.working_day, staffed=then.staffed is not None)

    derivation, left = deadline.derivation, amount(deadline.limit)
    if derivation.ahead is not None:
        due_at = told(derivation.ahead.due_at.astimezone(ZoneInfo(deadline.zone)), deadline.limit)
        yield say.ahead(amount(derivation.rule.limit), derivation.ahead.clock, due_at, left)
        return
    care = derivation.care if tells_care else 1
    if derivation.share == 1 and care == 1:
        return
    whole = derivation.rule.limit if tells_care else derivation.rule.limit.scaled(derivation.care)
    yield say.shortened(amount(whole), derivation.share, care, left)


def told(moment: datetime, limit: Limit) -> datetime:
    """The moment as people are told it: to the minute, unless the limit counts seconds."""
    return moment if limit.unit is Unit.SECONDS else to_the_minute(moment)


def promised(limit: Limit, start: datetime, due: datetime, calendar: Calendar, say: Wording) -> str:
    """So much time from then, so until then; both moments local."""
    closing = limit.unit is Unit.WORKING_DAYS and due == closing_of(calendar, due.date())
    counts_today = None
    if limit.count is CountFrom.NEXT_DAY:
        counts_today = False
    elif limit.count is CountFrom.END_OF_DAY and first_day(limit, start, calendar) == start.date():
        counts_today = calendar.is_working_day(start.date()) or None
    amount = say.amount(limit, calendar.working_day, staffed=calendar.staffed is not None)
    start, due = told(start, limit), told(due, limit)
    return say.promise(amount, start, due, closing=closing, counts_today=counts_today)


def first_day(limit: Limit, started_at: datetime, calendar: Calendar) -> date:
    """The first day that counts: that of the start, or the next.

    It is the next where the limit counts from it, or where work was over at the start: started Monday 18:00,
    closing 17:30 → Tuesday.
    """
    day = calendar.local_date(started_at)
    closing = closing_of(calendar, day)
    if limit.count is CountFrom.NEXT_DAY or (closing is not None and started_at >= closing):
        return day + ONE_DAY
    return day


def closing_of(calendar: Calendar, day: date) -> datetime | None:
    """When the day closes; None for one that is not worked."""
    return calendar.closing(day) if calendar.is_working_day(day) else None


def _names(calendar: Calendar, first: date, end: date) -> tuple[str, ...]:
    """Why the days before `end` are off; a day with two names gives both."""
    days = (first + ONE_DAY * number for number in range((end - first).days))
    return tuple(name for day in days for name in calendar.day_reason(day).split(NAMES_APART) if name)


def days_between(calendar: Calendar, first: date, last: date, say: Wording) -> Iterator[str]:
    """The unusual days from the first to the last, each sort in its own sentences.

    First the days off, neighbours together; then the make-up days; then what the community has changed
    itself, with its reason. Weekends are days off too.
    """
    skipped: list[str] = []
    worked: list[str] = []
    own: list[str] = []
    day = first
    while day <= last:
        begin = day
        if change := calendar.amendments.get(day):
            while day <= last and calendar.amendments.get(day) == change:
                day += ONE_DAY
            if not change.windows:
                own.append(say.own_day_off(begin, day - ONE_DAY, change.name))
            else:
                hours = [pair_of(window) for window in change.windows]
                changed = (begin + ONE_DAY * number for number in range((day - begin).days))
                own += [say.own_hours(changed_day, hours, change.name) for changed_day in changed]
            continue
        while day <= last and day not in calendar.amendments and not calendar.is_working_day(day):
            day += ONE_DAY
        if day > begin:
            skipped.append(say.days(begin, day - ONE_DAY, _names(calendar, begin, day)))
            continue
        usual, windows = calendar.week.get(day.weekday(), ()), calendar.windows_on(day)
        if windows != usual:
            worked.append(say.worked(day, [pair_of(window) for window in windows] if usual else []))
        day += ONE_DAY
    if skipped:
        yield say.skipped(skipped)
    yield from worked
    yield from own
