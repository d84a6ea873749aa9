"""When silence counts as such, and by when a revisit is due (D1–D3)."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.regulation.rules import RevisitRule


class Silence(Struct, frozen=True):
    """The times of a survey that is not answered.

    When the resident is reminded, when silence counts as such, and when the link ends.
    """

    reminded_at: datetime
    ends_at: datetime
    link_ends_at: datetime


def silence_of(case: Case, context: Context) -> Silence:
    """How long this survey is waited for.

    As the regulation says; where the revisit is due sooner, half of its time is left to whoever revisits: due
    in 2 days → silence ends after one day, and the reminder comes after half a day at the latest.
    """
    survey, completed_at = context.regulation.survey, completed(case)
    waited = survey.remind_after + survey.revisit_after_reminder
    if revisits_needed(case, context):
        waited = min(waited, (due_within(case, completed_at, context) - completed_at) / 2)
    return Silence(
        completed_at + min(survey.remind_after, waited / 2),
        completed_at + waited,
        completed_at + max(waited, timedelta(days=survey.link_days)),
    )


def revisit_due_at(case: Case, context: Context) -> datetime:
    """By when the next revisit is due: as promised, else by the regulation (D2, D8).

    Its time counts from the completion, or from the last revisit that reached the resident; an attempt that
    reached nobody is no revisit, and moves nothing.
    """
    if case.follow_up.promised_until is not None:
        return case.follow_up.promised_until
    return due_within(case, case.follow_up.last_reached_at or completed(case), context)


def due_within(case: Case, since: datetime, context: Context) -> datetime:
    """When the regulation's time for a revisit ends: from Monday, 3 days → Thursday."""
    rule = context.regulation.revisit_rule_for(facts_of(case.classification))
    return period_of(rule.within, since, context.calendar)[1]


def completed(case: Case) -> datetime:
    """When the work of this round was done; only a case in follow-up is asked."""
    if case.work.completed_at is None:
        raise ValueError(f"Case {case.number} is {case.state}: nothing has been completed yet.")
    return case.work.completed_at


def revisits_due(rule: RevisitRule, completed_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """By when each revisit is due: counted from the completion, then each from the last."""
    due: list[datetime] = []
    for _ in range(rule.count):
        due.append(period_of(rule.within, due[-1] if due else completed_at, calendar)[1])
    return tuple(due)
