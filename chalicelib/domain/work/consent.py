"""What a resident agreed to or refused, recorded by the desk (B5, B10, B11, G11)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm, check_spoken_at, why_own_work
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import DomainError


def why_not_recorded(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """The refusal to record a resident's answer: only a colleague of the handler does (G11)."""
    return why_own_work(case, actor)


def record_agreement(case: Case, command: Command[WordForm], _: Context) -> Payloads:
    """The event of a plan that the resident agreed to by word (G11)."""
    form = command.form
    _check_after_plan(case, form.spoken_at, command.at)
    return (ev.Agreed(form.note, form.spoken_to, form.spoken_at, form.manner),)


def record_refusal(case: Case, command: Command[ReasonedWordForm], _: Context) -> Payloads:
    """The event of a plan that the resident refused, by word to the desk (B10)."""
    form = command.form
    _check_after_plan(case, form.spoken_at, command.at)
    return (ev.Disagreed(form.reason, form.spoken_to, form.spoken_at, form.manner),)


def _check_after_plan(case: Case, spoken_at: datetime, at: datetime) -> None:
    check_spoken_at(spoken_at, case.work.planned_at or case.clocks.started_at, at)
