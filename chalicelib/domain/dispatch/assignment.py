"""Assigning a case, signing for it, declining it (B2, B3)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import WORKERS, Role
from chalicelib.domain.deadlines.signing_limit import with_signing_limit
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.regulation.limits import Begins, Clock


def can_work(member: Staff, community: Community) -> bool:
    """Whether cases can be assigned to this member; to the company head only where no manager is (G13)."""
    stands_in = member.role is not Role.COMPANY_HEAD or not community.with_role(Role.MANAGER)
    return member.role in WORKERS and stands_in


def assign(case: Case, command: Command[AssignForm], context: Context) -> Payloads:
    """The event that gives the case to a handler (B2).

    It starts the clock of the signature, and those that begin with an assignment and have not begun yet.
    Raises InvalidInputError for whoever cannot take a case, or an unknown department, CommandRefusedError if
    the handler has it already.
    """
    form = command.form
    member = context.community.member(form.handler)
    if member is None or not can_work(member, context.community):
        raise InvalidInputError(
            f"'{form.handler}' is nobody here who can take a case; name the username of an active handler, "
            "head, agent, supervisor or manager.",
            "no_such_staff",
            handler=form.handler,
        )
    department = form.department or case.classification.department
    if form.department is not None and department not in context.community.departments:
        known = ", ".join(context.community.departments)
        raise InvalidInputError(
            f"'{department}' is not a department here; the departments are: {known}.", "no_such_department"
        )
    if form.handler == case.assignment.handler and department == case.classification.department:
        raise CommandRefusedError(
            f"{member.name} has case {case.number} already.", "assigned_already", handler=member.name
        )
    started = starting_deadlines(Begins.ASSIGNED, case.classification, command.at, context, case.returns + 1)
    if case.work.price_asked or case.work.unlisted:  # before anybody had the order (C16)
        started += starting_deadlines(
            Begins.QUOTE_ASKED, case.classification, command.at, context, case.returns + 1
        )
    had = case.clocks.deadlines.keys() - {Clock.SIGN}
    if Clock.QUOTE in case.clocks.met:
        had -= {Clock.QUOTE}
    anew = (deadline for deadline in started if deadline.clock not in had)
    deadlines = with_signing_limit(anew, case.clocks.open, context.calendar)
    return (ev.Assigned(form.handler, department, form.reason, deadlines),)


def sign(_: Case, command: Command[SignForm], __: Context) -> Payloads:
    """The event of the handler's electronic signature (B2)."""
    return (ev.Signed(command.form.signature),)


def decline(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event that hands the case back to be assigned anew (B2)."""
    return (ev.Declined(command.form.reason),)
