"""Cases that come back: reopened, or with a resident who is not satisfied (D7, G9)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.spoken import ReasonedWordForm, check_spoken_at
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import MANAGERS, Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.alarm import new_alarm
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.dispatch.written_report import needs_report
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.regulation.limits import Begins

BY_RESIDENT, BY_STAFF, BY_OBJECTION, BY_WORD = "resident", "staff", "objection", "word"
"""The causes of a new round by `reopen` and `record_return`.

The resident or staff wanted it, the manager followed an objection, or the resident told the desk by word.
"""

SEEN_WRONG = "seen"
"""The cause of a new round of work at a common part: a colleague saw that it does not hold (B13)."""

OPENED_BY_STAFF = frozenset({BY_STAFF, BY_OBJECTION, BY_WORD, SEEN_WRONG})
"""The causes of a new round that come from staff."""


def why_not_reopened(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Who may reopen a case, how often, and for how long (D7, G9).

    All three are the regulation's; a case found untrue is for the manager alone, after an objection.
    """
    policy = context.regulation.reopen
    if case.state is State.WITHDRAWN:
        return _why_stays_withdrawn(case, actor) or _why_too_late(case, context, at)
    as_role = Role.MANAGER if actor.role in MANAGERS else actor.role  # the company head acts in their place
    if as_role not in policy.roles:
        return NotAllowedError(f"These can reopen a case: {', '.join(policy.roles)}.", "reopening_role")
    if case.returns >= policy.returns:
        return CommandRefusedError(
            f"Case {case.number} has been reopened {case.returns} times, the most there can be; "
            f"register a new case that follows {case.number}.",
            "returned_too_often",
            returns=case.returns,
            number=case.number,
        )
    if _found_untrue(case):
        return _why_findings_stand(case, actor)
    return _why_too_late(case, context, at)


def _why_stays_withdrawn(case: Case, actor: Actor) -> DomainError | None:
    """What staff withdrew in a resident's name goes on when the resident says so (A8)."""
    if case.ending.withdrawn_in_their_name and actor.role is Role.RESIDENT:
        return None
    return CommandRefusedError(
        f"Case {case.number} was withdrawn; register a new case that follows it.",
        "withdrawn_for_good",
        number=case.number,
    )


def _why_too_late(case: Case, context: Context, at: datetime) -> DomainError | None:
    policy, closed_at = context.regulation.reopen, case.ending.closed_at
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
    """The event of a new round, once the case or its work has ended (D7)."""
    if _found_untrue(case):
        return (next_round(case, command, context, BY_OBJECTION, command.form.reason),)
    if command.actor.role is not Role.RESIDENT:
        return (next_round(case, command, context, BY_STAFF, command.form.reason),)
    begun = next_round(case, command, context, BY_RESIDENT, command.form.reason)
    return (begun, *new_alarm(None, case.classification, command.at, context))


def why_no_return_recorded(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """As for any other new round; what was found untrue has its objection instead (A8, D7)."""
    if _found_untrue(case):
        return CommandRefusedError(
            "A case found untrue is taken up again by the manager, after the resident's objection.",
            "manager_decides_objection",
        )
    return why_not_reopened(case, actor, context, at)


def record_return(case: Case, command: Command[ReasonedWordForm], context: Context) -> Payloads:
    """The event of a new round that the resident asked the desk for, by word (A8, D7)."""
    form = command.form
    done_at = case.work.completed_at or case.ending.closed_at or case.clocks.started_at
    check_spoken_at(form.spoken_at, done_at, command.at)
    begun = next_round(case, command, context, BY_WORD, form.reason)
    begun = replace(begun, spoken_to=form.spoken_to, spoken_at=form.spoken_at, manner=form.manner)
    return (begun, *new_alarm(None, case.classification, command.at, context))


def _found_untrue(case: Case) -> bool:
    """Whether its end is that it was found untrue; findings outlast that."""
    untrue = case.state in {State.REJECTED, State.OBJECTED}
    return untrue or case.ending.close_reason is ev.CloseReason.UNTRUE


def _why_findings_stand(case: Case, actor: Actor) -> DomainError | None:
    if case.ending.objection is not None and actor.role in MANAGERS:
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
    if case.returns < context.regulation.reopen.returns:
        return (next_round(case, command, context, cause, reason),)
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


def next_round(
    case: Case, command: Command[object], context: Context, cause: str, reason: str
) -> ev.Reopened:
    """The event of the next round (D7): clocks anew, shorter where the pack says so; a group looks on."""
    ranks = [Role.DEPARTMENT_HEAD, Role.SUPERVISOR]
    if case.returns + 1 >= context.regulation.reopen.manager_from:
        ranks.append(Role.MANAGER)
    people = (_person(case, command, context, rank) for rank in ranks)
    group = tuple(dict.fromkeys(person.username for person in people if person is not None))
    nth = case.returns + 2
    deadlines = starting_deadlines(Begins.REGISTERED, case.classification, command.at, context, nth)
    if cause != "revisit":
        return ev.Reopened(cause, reason, group, deadlines)
    correct = starting_deadlines(Begins.FAULT_FOUND, case.classification, command.at, context, nth)
    return ev.Reopened(cause, reason, group, (*deadlines, *correct), _at_fault(case))


def _at_fault(case: Case) -> str | None:
    """Who is told in writing of the fault that a revisit found (C17)."""
    return case.assignment.handler or case.assignment.completed_by


def _person(case: Case, command: Command[object], context: Context, rank: Role) -> Staff | None:
    return person_of_rank(context.community, rank, case.classification.department, command.at)
