"""When the resident is asked: how long silence is waited for, and by when a revisit is due (D1–D3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting, facts_of
from chalicelib.domain.counting import counted
from chalicelib.domain.follow_up import revisits_needed


@dataclass(frozen=True, slots=True)
class Silence:
    """A resident who does not answer the survey: when that brings a reminder, when it counts as silence."""

    reminded_at: datetime
    ends_at: datetime
    link_ends_at: datetime


def silence_of(case: Case, setting: Setting) -> Silence:
    """The regulation's waits; where the revisit is due soon, half of its time is left to whoever revisits."""
    survey, completed_at = setting.regulation.survey, completed(case)
    waited = survey.remind_after + survey.revisit_after_reminder
    if revisits_needed(case, setting):
        waited = min(waited, (revisit_due_at(case, setting) - completed_at) / 2)
    return Silence(
        completed_at + min(survey.remind_after, waited / 2),
        completed_at + waited,
        completed_at + max(waited, timedelta(days=survey.link_days)),
    )


def revisit_due_at(case: Case, setting: Setting) -> datetime:
    """By when the regulation wants the next revisit: after the completion, or after the one before (D2)."""
    rule = setting.regulation.revisit_rule_for(facts_of(case.classification))
    return counted(rule.within, case.last_revisit_at or completed(case), setting.calendar)[1]


def completed(case: Case) -> datetime:
    """When the work of this round was done; only a case in follow-up is asked."""
    if case.completed_at is None:
        raise ValueError(f"Case {case.number} is {case.state}: nothing has been completed yet.")
    return case.completed_at
