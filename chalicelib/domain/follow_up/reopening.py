"""Cases that come back: reopening, and the next round of a resident who is not satisfied (D7, G9)."""

from datetime import timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ladder import person_of_rank
from chalicelib.domain.dispatch.written_report import needs_report
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.regulation.limits import Begins


def reopen(case: Case, command: Command, setting: Setting) -> Payloads:
    policy, role = setting.regulation.reopen, command.actor.role
    if role not in policy.roles:
        raise NotAllowedError(f"These can reopen a case: {', '.join(policy.roles)}.", "reopening_role")
    if case.round > policy.returns:
        raise CommandRefusedError(
            f"Case {case.number} has been reopened {case.round - 1} times, the most there can be; "
            f"register a new case that follows {case.number}.",
            "returned_too_often",
            returns=case.round - 1,
            number=case.number,
        )
    if case.ending.findings is not None and (case.state is State.REJECTED or _closed_untrue(case)):
        if case.ending.objection is None or role is not Role.MANAGER:
            raise CommandRefusedError(
                "A case found untrue is taken up again by the manager, after the resident's objection.",
                "manager_decides_objection",
            )
        return (_next_round(case, command, setting, "objection", command.form.reason),)
    if case.ending.closed_at is not None and command.at - case.ending.closed_at > timedelta(
        days=policy.window_days
    ):
        raise CommandRefusedError(
            f"A case can be reopened within {policy.window_days} days of its closing; "
            f"register a new case that follows {case.number}.",
            "returned_too_late",
            days=policy.window_days,
            number=case.number,
        )
    cause = "resident" if role is Role.RESIDENT else "staff"
    return (_next_round(case, command, setting, cause, command.form.reason),)


def _closed_untrue(case: Case) -> bool:
    return case.ending.close_reason is ev.CloseReason.UNTRUE


def not_satisfied(case: Case, command: Command, setting: Setting, cause: str, reason: str) -> Payloads:
    """Back to investigation (D7); when no return is left, the manager is told and the case is closed (G9).

    Whoever did the work is told of what a revisit found in either case; a closed one has no clock for it.
    """
    if case.round <= setting.regulation.reopen.returns:
        return (_next_round(case, command, setting, cause, reason),)
    told = _person(case, command, setting, Role.MANAGER)
    worker = _worker(case) if cause == "revisit" else None
    return (
        ev.Escalated(
            "returns:manager", None, told.role if told else Role.MANAGER, _name(told), reason or None
        ),
        ev.Closed(
            ev.CloseReason.DISSATISFIED,
            reason or None,
            worker=worker,
            report_owed=needs_report(case, setting),
        ),
    )


def _next_round(case: Case, command: Command, setting: Setting, cause: str, reason: str) -> ev.Reopened:
    """The next round (D7): its clocks start anew, shorter where the regulation says so; a group looks on."""
    ranks = [Role.DEPARTMENT_HEAD, Role.SUPERVISOR]
    if case.round >= setting.regulation.reopen.manager_from:
        ranks.append(Role.MANAGER)
    group = (_name(_person(case, command, setting, rank)) for rank in ranks)
    names = tuple(dict.fromkeys(one for one in group if one is not None))
    deadlines = starting_deadlines(
        Begins.REGISTERED, case.classification, command.at, setting, case.round + 1
    )
    if cause != "revisit":
        return ev.Reopened(cause, reason, names, deadlines)
    correct = starting_deadlines(Begins.FAULT_FOUND, case.classification, command.at, setting, case.round + 1)
    return ev.Reopened(cause, reason, names, (*deadlines, *correct), _worker(case))


def _worker(case: Case) -> str | None:
    """Who did the work that a revisit found fault with, and is told so in writing (C17)."""
    return case.assignment.handler or case.assignment.completed_by


def _person(case: Case, command: Command, setting: Setting, rank: Role) -> Staff | None:
    return person_of_rank(setting.community, rank, case.classification.department, command.at)


def _name(person: Staff | None) -> str | None:
    return person.username if person else None
