"""Cases that come back: reopened, or with a resident who is not satisfied (D7, G9)."""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ladder import person_of_rank
from chalicelib.domain.dispatch.written_report import needs_report
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.regulation.limits import Begins

BY_RESIDENT, BY_STAFF, BY_OBJECTION = "resident", "staff", "objection"
"""The causes of a new round by `reopen`.

The resident or staff wanted it, or the manager followed an objection.
"""

OPENED_BY_STAFF = frozenset({BY_STAFF, BY_OBJECTION})
"""The causes of a new round that come from staff."""


def why_not_reopened(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Who may reopen a case, how often, and for how long (D7, G9).

    All three are the regulation's; a case found untrue is for the manager alone, after an objection.
    """
    policy, closed_at = context.regulation.reopen, case.ending.closed_at
    if actor.role not in policy.roles:
        return NotAllowedError(f"These can reopen a case: {', '.join(policy.roles)}.", "reopening_role")
    if case.round > policy.returns:
        return CommandRefusedError(
            f"Case {case.number} has been reopened {case.round - 1} times, the most there can be; "
            f"register a new case that follows {case.number}.",
            "returned_too_often",
            returns=case.round - 1,
            number=case.number,
        )
    if _found_untrue(case):
        return _why_findings_stand(case, actor)
    if closed_at is not None and at - closed_at > timedelta(days=policy.window_days):
        return CommandRefusedError(
            f"A case can be reopened within {policy.window_days} days of its closing; "
            f"register a new case that follows {case.number}.",
            "returned_too_late",
            days=policy.window_days,
            number=case.number,
        )
    return None


def reopen(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The event of a new round of a case that has ended (D7).

    Or of one whose work is done.
    """
    if _found_untrue(case):
        return (_next_round(case, command, context, BY_OBJECTION, command.form.reason),)
    cause = BY_RESIDENT if command.actor.role is Role.RESIDENT else BY_STAFF
    return (_next_round(case, command, context, cause, command.form.reason),)


def _found_untrue(case: Case) -> bool:
    """Whether its end is that it was found untrue; findings outlast that."""
    untrue = case.state in {State.REJECTED, State.OBJECTED}
    return untrue or case.ending.close_reason is ev.CloseReason.UNTRUE


def _why_findings_stand(case: Case, actor: Actor) -> DomainError | None:
    if case.ending.objection is not None and actor.role is Role.MANAGER:
        return None
    return CommandRefusedError(
        "A case found untrue is taken up again by the manager, after the resident's objection.",
        "manager_decides_objection",
    )


def not_satisfied(
    case: Case, command: Command[object], context: Context, cause: str, reason: str
) -> Payloads:
    """The events that follow when the resident is not satisfied (D7, G9).

    A new round; when no return is left, the manager is told and the case is closed: 2 returns allowed and
    round 3 → closed. Whoever did the work is told of what a revisit found in either case; a closed one has no
    clock for it.
    """
    if case.round <= context.regulation.reopen.returns:
        return (_next_round(case, command, context, cause, reason),)
    told = _person(case, command, context, Role.MANAGER)
    role, username = (told.role, told.username) if told else (Role.MANAGER, None)
    worker = _at_fault(case) if cause == "revisit" else None
    return (
        ev.Escalated(TimerKey("returns", rank=Role.MANAGER), None, role, username, reason or None),
        ev.Closed(
            ev.CloseReason.DISSATISFIED,
            reason or None,
            worker=worker,
            report_owed=needs_report(case, context),
        ),
    )


def _next_round(
    case: Case, command: Command[object], context: Context, cause: str, reason: str
) -> ev.Reopened:
    """The next round (D7): clocks anew, shorter where the regulation says so; a group looks on."""
    ranks = [Role.DEPARTMENT_HEAD, Role.SUPERVISOR]
    if case.round >= context.regulation.reopen.manager_from:
        ranks.append(Role.MANAGER)
    people = (_person(case, command, context, rank) for rank in ranks)
    group = tuple(dict.fromkeys(person.username for person in people if person is not None))
    deadlines = starting_deadlines(
        Begins.REGISTERED, case.classification, command.at, context, case.round + 1
    )
    if cause != "revisit":
        return ev.Reopened(cause, reason, group, deadlines)
    correct = starting_deadlines(Begins.FAULT_FOUND, case.classification, command.at, context, case.round + 1)
    return ev.Reopened(cause, reason, group, (*deadlines, *correct), _at_fault(case))


def _at_fault(case: Case) -> str | None:
    """Who is told in writing of the fault that a revisit found (C17)."""
    return case.assignment.handler or case.assignment.completed_by


def _person(case: Case, command: Command[object], context: Context, rank: Role) -> Staff | None:
    return person_of_rank(context.community, rank, case.classification.department, command.at)
