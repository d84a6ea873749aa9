"""When the resident is asked: how long silence is waited for, and by when a revisit is due (D1–D3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.regulation.rules import RevisitRule


@dataclass(frozen=True, slots=True)
class Silence:
    """A resident who does not answer the survey: when that brings a reminder, when it counts as silence."""

    reminded_at: datetime
    ends_at: datetime
    link_ends_at: datetime


def silence_of(case: Case, context: Context) -> Silence:
    """The regulation's waits; where the revisit is due soon, half of its time is left to whoever revisits."""
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
    """By when the resident must have been revisited next: as promised, else as the regulation says (D2, D8).

    Its time counts from the completion, or from the last revisit that reached the resident; an attempt that
    reached nobody is no revisit, and moves nothing.
    """
    return case.follow_up.promised_until or due_within(
        case, case.follow_up.last_reached_at or completed(case), context
    )


def due_within(case: Case, since: datetime, context: Context) -> datetime:
    """By when a revisit is due whose time counts from `since`: completed Monday, 3 days → Thursday."""
    rule = context.regulation.revisit_rule_for(facts_of(case.classification))
    return period_of(rule.within, since, context.calendar)[1]


def completed(case: Case) -> datetime:
    """When the work of this round was done; only a case in follow-up is asked."""
    if case.work.completed_at is None:
        raise ValueError(f"Case {case.number} is {case.state}: nothing has been completed yet.")
    return case.work.completed_at


def revisits_due(rule: RevisitRule, completed_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """By when each revisit is due: the first counted from completion, each further from the one before."""
    due: list[datetime] = []
    for _ in range(rule.count):
        due.append(period_of(rule.within, due[-1] if due else completed_at, calendar)[1])
    return tuple(due)
