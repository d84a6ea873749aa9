"""Which revisits a case needs and by when, in sentences for the manager (D2, G2)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.explanation import days_between, first_day, promised
from chalicelib.domain.deadlines.opening_hours import ended
from chalicelib.domain.deadlines.wording import Wording
from chalicelib.domain.follow_up.schedule import revisits_due
from chalicelib.domain.regulation.rules import RevisitRule


def explain_revisits(
    rule: RevisitRule, survey_stands: bool, completed_at: datetime, calendar: Calendar, words: Catalogue
) -> tuple[str, ...]:
    """The sentences about the revisits of work that is done at `completed_at`.

    How many and by when, the days skipped, and at last the source. `survey_stands`: a satisfied answer to the
    survey stands for the first.
    """
    return tuple(_sentences(rule, survey_stands, completed_at, calendar, words))


def _sentences(
    rule: RevisitRule, survey_stands: bool, completed_at: datetime, calendar: Calendar, words: Catalogue
) -> Iterator[str]:
    say, zone = Wording(words), ZoneInfo(calendar.zone)
    yield words.counted("revisits.count", rule.count)
    if rule.count and survey_stands:
        yield words("revisits.survey")
    due = revisits_due(rule, completed_at, calendar)
    start = completed_at.astimezone(zone)
    for number, at in enumerate(due):
        end = at.astimezone(zone)
        promise = promised(rule.within, start, end, calendar, say)
        yield words("revisits.next" if number else "revisits.first", promise=promise)
        start = end
    if due and not rule.within.around_the_clock:
        first, last = first_day(rule.within, completed_at, calendar), ended(start)[0]
        yield from days_between(calendar, first, last, say)
        if calendar.is_provisional(first) or calendar.is_provisional(last):
            yield say.provisional(calendar.published_from, calendar.published_until)
    yield say.origin(rule.source, rule.requirement, say.why_ours(rule))
