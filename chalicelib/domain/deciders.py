"""What each command makes of a case: its guards, and the events that follow.

A decider is called only when the table (lifecycle.py) allows the command to this role in this state.
It returns payloads, or raises CommandRefusedError, NotAllowedError or InvalidInputError with a
sentence for the person who asked.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.case import Case, State
from chalicelib.domain.clocks import Setting, moved_deadlines, next_report, starting_deadlines
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.people import STAFF_ROLES, Actor, Role
from chalicelib.domain.regulation import Begins, Clock

URGE_INTERVAL = timedelta(hours=2)
"""A resident may urge once in this time; more would only be noise to the handler (ours)."""

Payloads = tuple[ev.Payload, ...]


def _named(case: Case, actor: Actor, setting: Setting) -> None:
    """Only the person responsible may; a head may act for a handler of the own department."""
    if actor.id == case.handler:
        return
    member = setting.community.member(actor.id)
    if member and member.role is Role.DEPARTMENT_HEAD and case.classification.department in member.departments:
        return
    raise NotAllowedError(
        f"Only the person responsible for case {case.number} ({case.handler or 'nobody yet'}) can do this."
    )


def classify(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.ClassifyForm = command.form
    given = {
        name: value
        for name in ("kind", "matter", "urgency", "severity", "complexity")
        if (value := getattr(form, name)) is not None
    }
    if not given:
        raise InvalidInputError("Nothing to correct: give kind, matter, urgency, severity or complexity.")
    classification = setting.classified(replace(case.classification, **given))
    deadlines = starting_deadlines(
        Begins.REGISTERED, classification, case.round_started_at, setting, case.round
    )
    return (ev.Classified(classification, form.reason, deadlines),)


def assign(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.AssignForm = command.form
    member = setting.community.member(form.handler)
    if member is None or member.role not in STAFF_ROLES - {Role.COMMITTEE}:
        raise InvalidInputError(
            f"'{form.handler}' is not active staff of this community; name the username of somebody who is."
        )
    department = form.department or case.classification.department
    if form.department is not None and department not in setting.community.departments:
        known = ", ".join(setting.community.departments)
        raise InvalidInputError(f"'{department}' is not a department here; the departments are: {known}.")
    started = starting_deadlines(Begins.ASSIGNED, case.classification, command.at, setting, case.round)
    deadlines = tuple(one for one in started if one.clock is Clock.SIGN or one.clock not in case.deadlines)
    return (ev.Assigned(form.handler, department, form.reason, deadlines),)


def sign(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    _named(case, command.actor, setting)
    return (ev.Signed(command.form.signature),)


def name_of(username: str | None, setting: Setting) -> str:
    """A colleague's name as staff know it, else the username itself."""
    member = setting.community.member(username) if username else None
    return member.name if member else (username or "nobody")


def decline(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    _named(case, command.actor, setting)
    return (ev.Declined(command.form.reason),)


def start(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    _named(case, command.actor, setting)
    return (ev.Started(command.form.note),)


def propose(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    _named(case, command.actor, setting)
    form: forms.ProposeForm = command.form
    if form.price_fen is not None and form.price_fen < 0:
        raise InvalidInputError("'price_fen' is a price in fen: 0 or more.")
    return (ev.Proposed(form.cause, form.plan, form.price_fen),)


def agree(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    return (ev.Agreed(command.form.note),)


def disagree(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    return (ev.Disagreed(command.form.reason),)


def progress(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if command.actor.role is Role.HANDLER:
        _named(case, command.actor, setting)
    return (ev.Progressed(command.form.note, next_report(case, command.at, setting)),)


def pause(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if command.actor.role is Role.HANDLER:
        _named(case, command.actor, setting)
    form: forms.PauseForm = command.form
    policy = setting.regulation.pause
    if case.pause is not None:
        raise CommandRefusedError(f"Case {case.number} is paused already; resume it first.")
    if form.reason not in policy.reasons:
        raise InvalidInputError(f"'reason' is one of: {', '.join(policy.reasons)}.")
    if form.until <= command.at:
        raise InvalidInputError("'until' is in the past; a pause ends at a later time.")
    calendar = setting.calendar
    cap = calendar.working_day * policy.cap_working_days
    spans = [(one.started_at, one.ended_at) for one in case.pauses]
    left = cap - sum((calendar.working_between(*span) for span in spans), timedelta())
    if calendar.working_between(command.at, form.until) > left:
        latest = calendar.add(command.at, left).astimezone(setting.zone) if left else None
        raise CommandRefusedError(
            f"The pauses of a round add up to at most {policy.cap_working_days:g} working days; "
            + (f"this one may last until {latest:%Y-%m-%d %H:%M}." if latest else "none is left.")
        )
    return (ev.Paused(form.reason, form.evidence, form.until),)


def resume(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.pause is None:
        raise CommandRefusedError(f"Case {case.number} is not paused.")
    return (ev.Resumed(command.form.note, moved_deadlines(case, setting, ended_at=command.at)),)


def request_extension(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    _named(case, command.actor, setting)
    form: forms.ExtensionForm = command.form
    if case.extension_request is not None:
        raise CommandRefusedError("An extension has been asked for already; the manager decides it first.")
    if command.at >= case.solve_due_at:
        raise CommandRefusedError("The deadline has passed; an extension is asked for before it.")
    if form.until <= case.solve_due_at:
        raise InvalidInputError("'until' must be later than the present deadline.")
    policy, calendar = setting.regulation.extension, setting.calendar
    if case.extensions >= policy.count:
        raise CommandRefusedError(f"A round can be extended {policy.count} time(s), and was.")
    if calendar.working_between(case.solve_due_at, form.until) > (
        calendar.working_day * policy.longest_working_days
    ):
        raise CommandRefusedError(
            f"An extension is at most {policy.longest_working_days:g} working days beyond the deadline."
        )
    return (ev.ExtensionRequested(form.until, form.reason),)


def grant_extension(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    request = case.extension_request
    if request is None:
        raise CommandRefusedError(f"Nobody has asked for an extension of case {case.number}.")
    if request.until <= command.at:
        raise CommandRefusedError("The date asked for has passed; refuse the request instead.")
    deadlines = moved_deadlines(case, setting, extended_to=request.until, extended_at=command.at)
    return (ev.ExtensionGranted(request.until, command.form.reason, deadlines),)


def refuse_extension(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.extension_request is None:
        raise CommandRefusedError(f"Nobody has asked for an extension of case {case.number}.")
    return (ev.ExtensionRefused(command.form.reason),)


def complete(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.state is not State.REGISTERED:
        _named(case, command.actor, setting)
    resumed: Payloads = ()
    if case.pause is not None:
        resumed = (ev.Resumed(None, moved_deadlines(case, setting, ended_at=command.at)),)
    on_the_spot = case.state is State.REGISTERED
    return (*resumed, ev.Completed(command.form.result, command.form.prevention, on_the_spot))


def reject(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.round > 1 and case.findings is not None:
        raise CommandRefusedError(
            f"Case {case.number} was rejected once and taken up again; it has to be solved now."
        )
    return (ev.Rejected(command.form.findings),)


def withdraw(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    return (ev.Withdrawn(command.form.reason),)


def merge(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if command.form.into == case.number:
        raise InvalidInputError("A case cannot be merged into itself; name another number.")
    return (ev.Merged(command.form.into, command.form.reason),)


def urge(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.urged_at is not None and command.at - case.urged_at < URGE_INTERVAL:
        again: datetime = case.urged_at + URGE_INTERVAL
        raise CommandRefusedError(
            f"Your last reminder has reached the person responsible; the next can be sent at "
            f"{again.astimezone(setting.zone):%H:%M}."
        )
    return (ev.Urged(command.form.note),)
