"""What somebody can do with a case now: the rows of the transition table that state, role and guard allow."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import why_kept_out
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.transition import Transition


def allowed(case: Case, role: Role) -> tuple[Transition, ...]:
    """The rows that a role may use in the present state of the case.

    They are in the order of the table; guards may still refuse.
    """
    return tuple(row for row in TABLE.values() if role in row.roles and case.state in row.sources)


def possible(case: Case, actor: Actor, context: Context, at: datetime) -> tuple[Transition, ...]:
    """The rows of the commands that the actor could give now.

    They are in the order of the table. What a form says may still be refused: a date in the past, a pause
    that is too long.
    """
    if case.is_newer:
        return ()
    return tuple(
        row
        for row in allowed(case, actor.role)
        if why_kept_out(case, actor, context, row.roles) is None
        and row.guard(case, actor, context, at) is None
    )
