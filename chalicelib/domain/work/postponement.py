"""What moves a deadline: pauses with a reason and a cap, extensions that the manager decides, a time agreed
with the resident, and the calendar (B11, G1, G4, G5)."""

from datetime import timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import (
    appointed_deadlines,
    awaiting_a_visit,
    latest_visit,
    moved_deadlines,
    replanned_deadlines,
    solve_due_at,
)
from chalicelib.domain.case.clocks import ExtensionRequest
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.deadlines.deadline import moved_between
from chalicelib.domain.dispatch.responsibility import only_who_answers, own_or_desk
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.work.forms import AppointmentForm, ExtensionForm, PauseForm

A_MONTH = timedelta(days=31)
"""Beyond this nobody need measure working time: a date far in the future is refused without walking there."""


def pause(case: Case, command: Command, setting: Setting) -> Payloads:
    own_or_desk(case, command.actor, setting)
    form: PauseForm = command.form
    policy = setting.regulation.pause
    if case.classification.urgency == "emergency":
        raise CommandRefusedError(
            "An emergency does not stand still. After the danger let the supervisor correct its urgency.",
            "emergency_stands_still",
        )
    if case.clocks.pause is not None:
        raise CommandRefusedError(f"Case {case.number} is paused already; resume it first.", "paused_already")
    if form.reason not in policy.reasons:
        raise InvalidInputError(f"'reason' is one of: {', '.join(policy.reasons)}.")
    if form.until <= command.at:
        raise InvalidInputError("'until' is in the past; a pause ends at a later time.", "until_is_past")
    calendar = setting.calendar
    cap = calendar.working_day * policy.cap_working_days
    spans = [(one.started_at, one.ended_at) for one in case.clocks.pauses]
    left = cap - sum((calendar.working_between(*span) for span in spans), timedelta())
    most = f"The pauses of a round add up to at most {policy.cap_working_days:g} working days; "
    if left <= timedelta():
        raise CommandRefusedError(f"{most}none is left.", "no_pause_left")
    latest = calendar.add(command.at, left)
    if form.until > latest + A_MONTH or calendar.working_between(command.at, form.until) > left:
        raise CommandRefusedError(
            f"{most}this one may last until {latest.astimezone(setting.zone):%Y-%m-%d %H:%M}.",
            "pause_too_long",
            latest=latest,
        )
    return (ev.Paused(form.reason, form.evidence, form.until),)


def resume(case: Case, command: Command, setting: Setting) -> Payloads:
    own_or_desk(case, command.actor, setting)
    if case.clocks.pause is None:
        raise CommandRefusedError(f"Case {case.number} is not paused.", "not_paused")
    return (ev.Resumed(command.form.note, moved_deadlines(case, setting, ended_at=command.at)),)


def request_extension(case: Case, command: Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    form: ExtensionForm = command.form
    if case.clocks.extension_request is not None:
        raise CommandRefusedError(
            "An extension has been asked for already; the manager decides it first.",
            "extension_asked_already",
        )
    due_at = solve_due_at(case, command.at, setting)
    if command.at >= due_at:
        raise CommandRefusedError(
            "The deadline has passed; an extension is asked for before it.", "deadline_has_passed"
        )
    if form.until <= due_at:
        raise InvalidInputError(
            "'until' must be later than the present deadline.", "until_not_later", due_at=due_at
        )
    policy, calendar = setting.regulation.extension, setting.calendar
    if case.clocks.extensions >= policy.count:
        raise CommandRefusedError(
            f"A round can be extended {policy.count} time(s), and was.",
            "no_extension_left",
            most=policy.count,
        )
    latest = calendar.add(due_at, calendar.working_day * policy.longest_working_days)
    if form.until > latest:
        raise CommandRefusedError(
            f"An extension is at most {policy.longest_working_days:g} working days beyond the deadline.",
            "extension_too_long",
            latest=latest,
        )
    return (ev.ExtensionRequested(form.until, form.reason),)


def grant_extension(case: Case, command: Command, setting: Setting) -> Payloads:
    request = _requested(case)
    if request.until <= command.at:
        raise CommandRefusedError(
            "The date asked for has passed; refuse the request instead.", "extension_too_late"
        )
    deadlines = moved_deadlines(case, setting, extended_to=request.until, extended_at=command.at)
    return (ev.ExtensionGranted(request.until, command.form.reason, deadlines),)


def refuse_extension(case: Case, command: Command, _: Setting) -> Payloads:
    _requested(case)
    return (ev.ExtensionRefused(command.form.reason),)


def replan(case: Case, command: Command, setting: Setting) -> Payloads:
    """The clocks under the calendar as it is now; no event if all of them stay as they are."""
    deadlines = replanned_deadlines(case, command.at, setting)
    moved = moved_between(case.clocks.deadlines, deadlines)
    return (ev.Replanned(command.form.reason, deadlines, moved),) if deadlines else ()


def appoint(case: Case, command: Command, setting: Setting) -> Payloads:
    """A time that the resident has agreed to (B11): it takes the place of the limits that allow for it."""
    own_or_desk(case, command.actor, setting)
    form: AppointmentForm = command.form
    if case.classification.urgency == "emergency":
        raise CommandRefusedError(
            "An emergency does not wait for an appointment; send somebody now.", "emergency_waits_for_nobody"
        )
    if case.clocks.pause is not None:
        raise CommandRefusedError(
            "The clock stands still; resume the case, then agree on a time.", "paused_already"
        )
    if form.visit_at <= command.at:
        raise InvalidInputError("'visit_at' is in the past; agree on a later time.", "until_is_past")
    latest = latest_visit(case, command.at, setting)
    if form.visit_at > latest:
        moves = bool(awaiting_a_visit(case, command.at))
        more = " For a later one, ask the manager for an extension first." if moves else ""
        raise InvalidInputError(
            f"An appointment lies {latest.astimezone(setting.zone):%Y-%m-%d %H:%M} at the latest.{more}",
            "appointment_too_late" if moves else "appointment_too_far",
            latest=latest,
        )
    deadlines = appointed_deadlines(case, form.visit_at, command.at, setting)
    return (ev.AppointmentAgreed(form.visit_at, form.note, deadlines),)


def _requested(case: Case) -> ExtensionRequest:
    if case.clocks.extension_request is None:
        raise CommandRefusedError(
            f"Nobody has asked for an extension of case {case.number}.", "no_extension_asked"
        )
    return case.clocks.extension_request
