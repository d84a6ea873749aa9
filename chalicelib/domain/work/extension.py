"""More time to solve: asked for, granted or refused (B7, G5)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines, solve_due_at
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_not_responsible
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ExtensionForm
from chalicelib.domain.work.signers import why_handed_in


def why_no_extension_requested(
    case: Case, actor: Actor, context: Context, at: datetime
) -> DomainError | None:
    """An extension is asked for in time, one at a time, so often (G5).

    That is: before the deadline, while no other request waits, and as often as the regulation allows.
    """
    if refused := why_not_responsible(case, actor, context, at) or why_handed_in(case, context):
        return refused
    if case.clocks.extension_request is not None:
        return CommandRefusedError(
            "An extension has been asked for already; the manager decides it first.",
            "extension_asked_already",
        )
    if _is_over(case, at, context):
        return CommandRefusedError(
            "The deadline has passed; an extension is asked for before it.", "deadline_has_passed"
        )
    most = context.regulation.extension.count
    if case.clocks.extensions >= most:
        return CommandRefusedError(
            f"A round can be extended {most} time(s), and was.", "no_extension_left", most=most
        )
    return None


def _is_over(case: Case, at: datetime, context: Context) -> bool:
    """Whether the time to solve is over; a deadline is worked out only where a pause has put it off."""
    late = at >= case.clocks.deadlines[Clock.SOLVE].due_at
    return late and (case.clocks.pause is None or at >= solve_due_at(case, at, context))


def request_extension(case: Case, command: Command[ExtensionForm], context: Context) -> Payloads:
    """The event of a request for more time, up to `until` (G5).

    Raises InvalidInputError if that is no later than the deadline, CommandRefusedError if it is too late: at
    most 3 working days, due Monday 18:00 → Thursday 18:00 at the latest.
    """
    form = command.form
    due_at = solve_due_at(case, command.at, context)
    if form.until <= due_at:
        raise InvalidInputError(
            "'until' must be later than the present deadline.", "until_not_later", due_at=due_at
        )
    policy, calendar = context.regulation.extension, context.calendar
    latest = calendar.add(due_at, calendar.working_day * policy.longest_working_days)
    if form.until > latest:
        raise CommandRefusedError(
            f"An extension is at most {policy.longest_working_days:g} working days beyond the deadline.",
            "extension_too_long",
            latest=latest,
        )
    return (ev.ExtensionRequested(form.until, form.reason),)


def why_no_extension_decided(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """An extension is decided only if it was asked for (G5)."""
    if case.clocks.extension_request is not None:
        return None
    return CommandRefusedError(
        f"Nobody has asked for an extension of case {case.number}.", "no_extension_asked"
    )


def why_no_extension_granted(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """An extension is granted only to a date that is still to come (G5)."""
    request = case.clocks.extension_request
    if request is not None and request.until <= at:
        return CommandRefusedError(
            "The date asked for has passed; refuse the request instead.", "extension_too_late"
        )
    return why_no_extension_decided(case, actor, context, at)


def grant_extension(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The event of the manager's grant; it moves the time to solve (G5)."""
    request = case.clocks.extension_request
    if request is None:
        raise ValueError(f"Case {case.number} has no extension to grant.")
    deadlines = moved_deadlines(case, context, extended_to=request.until, extended_at=command.at)
    return (ev.ExtensionGranted(request.until, command.form.reason, deadlines),)


def refuse_extension(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of the manager's refusal (G5)."""
    return (ev.ExtensionRefused(command.form.reason),)
