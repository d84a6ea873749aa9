"""What a resident agreed to or refused, recorded by the desk (B5, B10, B11, G11)."""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.work.resident_forms import ConsentForm, RefusalForm

A_MINUTE = timedelta(minutes=1)
"""People write times to the minute."""


def why_own_work(case: Case, actor: Actor) -> DomainError | None:
    """Whoever has the work does not record, alone, what the resident agreed to (G7, G11)."""
    if actor.id != case.assignment.handler:
        return None
    return NotAllowedError(
        "Whoever has the work cannot record the resident's word; the resident answers by their link, or a "
        "colleague of the desk records it.",
        "own_word_for_resident",
    )


def why_not_recorded(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """The refusal to record a resident's answer: only a colleague of the handler does (G11)."""
    return why_own_work(case, actor)


def record_agreement(case: Case, command: Command[ConsentForm], _: Context) -> Payloads:
    """The event of a plan that the resident agreed to by word (G11)."""
    form = command.form
    _check_after_plan(case, form.spoken_at, command.at)
    return (ev.Agreed(form.note, form.spoken_to, form.spoken_at, form.manner),)


def record_refusal(case: Case, command: Command[RefusalForm], _: Context) -> Payloads:
    """The event of a plan that the resident refused, by word to the desk (B10)."""
    form = command.form
    _check_after_plan(case, form.spoken_at, command.at)
    return (ev.Disagreed(form.reason, form.spoken_to, form.spoken_at, form.manner),)


def check_spoken_at(spoken_at: datetime, earliest: datetime, at: datetime) -> None:
    """Raise InvalidInputError unless the resident was spoken to between `earliest` and now."""
    if spoken_at >= at + A_MINUTE:
        raise InvalidInputError(
            "'spoken_at' lies in the future; give the time at which the resident said so.",
            "spoken_in_future",
        )
    if spoken_at <= earliest - A_MINUTE:
        raise InvalidInputError(
            "'spoken_at' lies before there was anything to agree to; give the time of the answer to it.",
            "spoken_before",
            earliest=earliest,
        )


def _check_after_plan(case: Case, spoken_at: datetime, at: datetime) -> None:
    check_spoken_at(spoken_at, case.work.planned_at or case.clocks.started_at, at)
