"""Who is told that a resident has said more: by a call or a mail, or on the own page (A1, A11, B8)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import DESK, Role
from chalicelib.domain.dispatch.ranks import on_duty_for, person_of_rank


def who_reads(case: Case, event: ev.Event, context: Context) -> tuple[str, ...]:
    """Whoever has to read on: the handler and the desk, after the work the supervisor.

    Of the desk whoever took the case in, else somebody on duty; nobody twice. What colleagues fill in they
    know; what nobody works on yet, the desk reads before it gives it to anybody.
    """
    if event.actor.role not in {Role.SYSTEM, Role.RESIDENT} or case.state not in GOES_ON:
        return ()
    if case.state not in IN_DISPATCH:
        leads = person_of_rank(context.community, Role.SUPERVISOR, case.classification.department, event.at)
        return (leads.username,) if leads else ()
    if case.assignment.handler is None:
        return ()
    return tuple(dict.fromkeys((case.assignment.handler, *_of_the_desk(case, event, context))))


def _of_the_desk(case: Case, event: ev.Event, context: Context) -> tuple[str, ...]:
    community = context.community
    first = community.member(case.first_asked)
    if first is not None and first.role in DESK and not community.is_off_duty(first.username, event.at):
        return (first.username,)
    there = [member for member in on_duty_for(community, "desk", event.at) if member.role in DESK]
    return tuple(member.username for member in there[:1])
