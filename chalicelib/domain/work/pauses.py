"""Pauses that people give, and take back (G4).

One that nobody takes back ends by itself in `domain/timers.py`, or with the work (`case/clocks.py`).
"""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines, stands_still
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.visit_deadlines import is_urgent
from chalicelib.domain.community.roles import MANAGERS, Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.work.forms import PauseForm
from chalicelib.domain.work.signers import why_handed_in

LONGEST_PAUSES = timedelta(days=3660)
"""More than any cap of working days: where no limit runs around the clock, the wall clock caps nothing."""

A_MONTH = timedelta(days=31)
"""How far beyond the latest end of a pause a date is refused without measuring.

Nobody need measure working time up to a date far in the future.
"""


def why_not_paused(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A case is paused if it is no emergency and has pauses left (G4); what is urgent, by the manager (B7).

    One that is paused already is resumed first.
    """
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if refused := why_handed_in(case, context):
        return refused
    if case.classification.urgency == "emergency":
        return CommandRefusedError(
            "An emergency does not stand still. After the danger let the supervisor correct its urgency.",
            "emergency_stands_still",
        )
    if actor.role not in MANAGERS and is_urgent(case.classification, context):
        return NotAllowedError(
            "What is urgent stands still only where the manager says so; ask the manager to pause it.",
            "manager_pauses_urgent",
        )
    if case.clocks.pause is not None:
        return CommandRefusedError(
            f"Case {case.number} is paused already; resume it first.", "paused_already"
        )
    if min(_pause_left(case, context), _wall_clock_left(case, context)) <= timedelta():
        return CommandRefusedError(f"{_most_of_pauses(context)} none is left.", "no_pause_left")
    return None


def pause(case: Case, command: Command[PauseForm], context: Context) -> Payloads:
    """The event of a pause for a reason of the regulation (G4).

    It ends within what is left of the round's pauses: 5 working days in all, 3 of them taken → at most 2.
    Where a clock that stands still runs around the clock, its nights and holidays are counted, too: 5 working
    days are at most 5 times 24 hours.
    """
    form = command.form
    reasons, calendar = context.regulation.pause.reasons, context.calendar
    if form.reason not in reasons:
        raise InvalidInputError(f"'reason' is one of: {', '.join(reasons)}.")
    if form.until <= command.at:
        raise InvalidInputError("'until' is in the past; a pause ends at a later time.", "until_is_past")
    left = _pause_left(case, context)
    by_wall_clock = command.at + _wall_clock_left(case, context)
    latest = min(calendar.add(command.at, left), by_wall_clock)
    too_far = form.until > min(latest + A_MONTH, by_wall_clock)
    if too_far or calendar.working_between(command.at, form.until) > left:
        raise CommandRefusedError(
            f"{_most_of_pauses(context)} this one may last until "
            f"{latest.astimezone(context.zone):%Y-%m-%d %H:%M}.",
            "pause_too_long",
            latest=latest,
        )
    return (ev.Paused(form.reason, form.evidence, form.until),)


def _pause_left(case: Case, context: Context) -> timedelta:
    """How much working time the pauses of the round may still take."""
    calendar = context.calendar
    cap = calendar.working_day * context.regulation.pause.cap_working_days
    spans = ((pause.started_at, pause.ended_at) for pause in case.clocks.pauses)
    return cap - sum((calendar.working_between(*span) for span in spans), timedelta())


def _wall_clock_left(case: Case, context: Context) -> timedelta:
    """How much time of the wall clock the pauses of the round may still take.

    It binds where a clock that they hold runs around the clock: at night and on holidays, when a pause takes
    no working time, it puts off that one all the same.
    """
    held = (deadline for deadline in case.clocks.open if stands_still(case, deadline.clock, context))
    if not any(deadline.limit.around_the_clock for deadline in held):
        return LONGEST_PAUSES
    spans = (pause.ended_at - pause.started_at for pause in case.clocks.pauses)
    return timedelta(days=context.regulation.pause.cap_working_days) - sum(spans, timedelta())


def _most_of_pauses(context: Context) -> str:
    cap = context.regulation.pause.cap_working_days
    return f"The pauses of a round add up to at most {cap:g} working days;"


def why_not_resumed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only what is paused is resumed."""
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if case.clocks.pause is None:
        return CommandRefusedError(f"Case {case.number} is not paused.", "not_paused")
    return None


def resume(case: Case, command: Command[NoteForm], context: Context) -> Payloads:
    """The event that ends a pause; it puts off the clocks that stood still."""
    return (ev.Resumed(command.form.note, moved_deadlines(case, context, ended_at=command.at)),)
