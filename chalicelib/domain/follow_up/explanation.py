"""Which revisits a case needs and by when, in sentences for the manager (D2, G2)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.explanation import days_between, first_day, promised
from chalicelib.domain.deadlines.opening_hours import ended
from chalicelib.domain.deadlines.wording import why_ours, wording_of
from chalicelib.domain.follow_up.schedule import revisits_due
from chalicelib.domain.regulation.regulation import RevisitPolicy
from chalicelib.domain.regulation.rules import RevisitRule

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "none": "no revisit",
        "one": "1 revisit",
        "several": "{count} revisits",
        "survey": "a satisfied answer to the survey stands for one",
        "first": "if solved at the last moment: {promise}",
        "next": "the next one: {promise}",
    },
    "zh-CN": {
        "none": "不需回访",
        "one": "回访1次",
        "several": "回访{count}次",
        "survey": "问卷评价满意的，可抵一次",
        "first": "如到时限才办结：{promise}",
        "next": "下一次：{promise}",
    },
}


def explain_revisits(
    rule: RevisitRule, policy: RevisitPolicy, completed_at: datetime, calendar: Calendar, locale: str = "en"
) -> tuple[str, ...]:
    """The sentences about the revisits of work that is done at `completed_at`.

    How many, by when, the days skipped, and at last the source.
    `locale` is "en" or "zh-CN"; InvalidInputError for any other.
    """
    return tuple(_sentences(rule, policy, completed_at, calendar, locale))


def _sentences(
    rule: RevisitRule, policy: RevisitPolicy, completed_at: datetime, calendar: Calendar, locale: str
) -> Iterator[str]:
    say, words, zone = wording_of(locale), WORDS[locale], ZoneInfo(calendar.zone)
    yield words[{0: "none", 1: "one"}.get(rule.count, "several")].format(count=rule.count)
    if rule.count and policy.survey_counts:
        yield words["survey"]
    due = revisits_due(rule, completed_at, calendar)
    start = completed_at.astimezone(zone)
    for number, at in enumerate(due):
        end = at.astimezone(zone)
        promise = promised(rule.within, start, end, calendar, say)
        yield words["next" if number else "first"].format(promise=promise)
        start = end
    if due and not rule.within.around_the_clock:
        first, last = first_day(rule.within, completed_at, calendar), ended(start)[0]
        yield from days_between(calendar, first, last, say)
        if calendar.is_provisional(first) or calendar.is_provisional(last):
            yield say.provisional(calendar.published_from, calendar.published_until)
    yield say.origin(rule.source, rule.requirement, why_ours(rule, say))
