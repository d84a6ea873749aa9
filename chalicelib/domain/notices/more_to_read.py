"""Who is told that a resident has said more, by a call or a mail (A1, B8)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank


def who_reads(case: Case, event: ev.Event, context: Context) -> str | None:
    """Whoever has to read on: the handler, after the work the supervisor; None if nobody has to be told.

    What colleagues fill in they know; what nobody works on yet, the desk reads before it gives it to anybody.
    """
    if event.actor.role is not Role.SYSTEM or case.state not in GOES_ON:
        return None
    if case.state in IN_DISPATCH:
        return case.assignment.handler
    leads = person_of_rank(context.community, Role.SUPERVISOR, case.classification.department, event.at)
    return leads.username if leads else None
