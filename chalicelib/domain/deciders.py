"""What each command makes of a case: its guards, and the events that follow.

A decider is called only when the table (lifecycle.py) allows the command to this role in this state.
It returns payloads, or raises CommandRefusedError, NotAllowedError or InvalidInputError with a
sentence for the person who asked.
"""

from datetime import timedelta

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.case import Case
from chalicelib.domain.clocks import (
    Setting,
    moved_deadlines,
    next_report,
    starting_deadlines,
)
from chalicelib.domain.drawing import sample_for
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.events import Payloads
from chalicelib.domain.numbering import NUMBER
from chalicelib.domain.people import WORKERS, Actor, Role
from chalicelib.domain.regulation import Begins, Clock
from chalicelib.domain.signing import signed_ahead

URGE_INTERVAL = timedelta(hours=2)
"""A resident may urge once in this time; more would only be noise to the handler (ours)."""


def name_of(username: str | None, setting: Setting) -> str:
    """A colleague's name as staff know it, else the username itself."""
    member = setting.community.member(username) if username else None
    return member.name if member else (username or "nobody yet")


def _answers_for(case: Case, actor: Actor, setting: Setting) -> bool:
    """Whether it is this person's work: the handler's own, or of the department whose head it is."""
    if actor.id == case.handler:
        return True
    member = setting.community.member(actor.id)
    is_head = member is not None and member.role is Role.DEPARTMENT_HEAD
    return is_head and member is not None and case.classification.department in member.departments


def only_who_answers(case: Case, actor: Actor, setting: Setting) -> None:
    """Only the person responsible may; a head may act for a handler of the own department."""
    if not _answers_for(case, actor, setting):
        name = name_of(case.handler, setting)
        raise NotAllowedError(
            f"Only the person responsible for case {case.number} ({name}) can do this.",
            "not_yours",
            person=name,
        )


def own_or_desk(case: Case, actor: Actor, setting: Setting) -> None:
    """The desk and its leaders may for any case; a handler or a head only for their own."""
    if actor.role in {Role.HANDLER, Role.DEPARTMENT_HEAD}:
        only_who_answers(case, actor, setting)


def assign(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.AssignForm = command.form
    member = setting.community.member(form.handler)
    if member is None or member.role not in WORKERS:
        raise InvalidInputError(
            f"'{form.handler}' is nobody here who can take a case; name the username of an active handler, "
            "head, agent, supervisor or manager.",
            "no_such_staff",
            handler=form.handler,
        )
    department = form.department or case.classification.department
    if form.department is not None and department not in setting.community.departments:
        known = ", ".join(setting.community.departments)
        raise InvalidInputError(
            f"'{department}' is not a department here; the departments are: {known}.", "no_such_department"
        )
    if form.handler == case.handler and department == case.classification.department:
        raise CommandRefusedError(
            f"{member.name} has case {case.number} already.", "assigned_already", handler=member.name
        )
    started = starting_deadlines(Begins.ASSIGNED, case.classification, command.at, setting, case.round)
    anew = (one for one in started if one.clock is Clock.SIGN or one.clock not in case.deadlines)
    running = (one for clock, one in case.deadlines.items() if clock not in case.met)
    deadlines = signed_ahead(anew, running, setting.calendar)
    return (ev.Assigned(form.handler, department, form.reason, deadlines),)


def sign(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    return (ev.Signed(command.form.signature),)


def decline(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    return (ev.Declined(command.form.reason),)


def start(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    _price_is_settled(case)
    return (ev.Started(command.form.note),)


def propose(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    form: forms.ProposeForm = command.form
    if form.price_fen is not None and form.price_fen < 1:
        raise InvalidInputError("'price_fen' is a price in fen, 1 or more; leave it out if it costs nothing.")
    return (ev.Proposed(form.cause, form.plan, form.price_fen),)


def ask_price(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    """What a repair would cost is asked before any work (B10, C16); the answer is a plan with its price."""
    if case.classification.kind != "repair":
        raise CommandRefusedError("Only a repair can cost anything; there is no price to ask.", "no_price")
    if case.price_asked:
        raise CommandRefusedError("The price was asked for already; the answer comes soon.", "price_asked")
    deadlines = starting_deadlines(Begins.QUOTE_ASKED, case.classification, command.at, setting, case.round)
    return (ev.PriceAsked(command.form.note, deadlines),)


def _price_is_settled(case: Case) -> None:
    """Work that costs money does not start before the resident knows the price and has agreed (C16, G11)."""
    if case.price_asked:
        raise CommandRefusedError("The resident asked for the price; propose it first.", "price_owed")
    if case.plan is not None and case.plan.price_fen and not case.plan_agreed:
        raise CommandRefusedError(
            "The resident has not agreed to the price; propose it and wait for the answer.",
            "price_not_agreed",
        )


def agree(_: Case, command: forms.Command, __: Setting) -> Payloads:
    return (ev.Agreed(command.form.note),)


def disagree(_: Case, command: forms.Command, __: Setting) -> Payloads:
    return (ev.Disagreed(command.form.reason),)


def progress(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    own_or_desk(case, command.actor, setting)
    return (ev.Progressed(command.form.note, next_report(case, command.at, setting)),)


def complete(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    _price_is_settled(case)
    sample = sample_for(case.classification, case.sample, case.community, case.number, setting)
    completed = ev.Completed(command.form.result, command.form.prevention, sample=sample)
    if case.pause is None:
        return (completed,)
    return (ev.Resumed(None, moved_deadlines(case, setting, ended_at=command.at)), completed)


def reject(case: Case, command: forms.Command, _: Setting) -> Payloads:
    if case.findings is not None:
        raise CommandRefusedError(
            f"Case {case.number} was rejected once and taken up again; it has to be solved now.",
            "rejected_before",
        )
    return (ev.Rejected(command.form.findings),)


def withdraw(_: Case, command: forms.Command, __: Setting) -> Payloads:
    return (ev.Withdrawn(command.form.reason),)


def merge(case: Case, command: forms.Command, _: Setting) -> Payloads:
    """Into a case that goes on; whether there is one of that number, the desk looks (services/desk.py)."""
    form: forms.MergeForm = command.form
    if not NUMBER.fullmatch(form.into):
        raise InvalidInputError(
            f"'{form.into}' is not a case number; write it like {case.number}.",
            "no_case_number",
            example=case.number,
        )
    if form.into == case.number:
        raise InvalidInputError(
            "A case cannot be merged into itself; name another number.", "merged_into_itself"
        )
    return (ev.Merged(form.into, form.reason),)


def urge(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.urged_at is not None and command.at - case.urged_at < URGE_INTERVAL:
        again = (case.urged_at + URGE_INTERVAL).astimezone(setting.zone)
        raise CommandRefusedError(
            f"Your last reminder has reached the person responsible; the next can be sent at {again:%H:%M}.",
            "urged_just_now",
            again=again,
        )
    return (ev.Urged(command.form.note),)
