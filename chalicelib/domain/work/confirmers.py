"""Who of the desk confirms a plan before the resident reads it (B5, S3)."""

from datetime import datetime

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.sign_off import WaitingPlan
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import DESK, Actor, Role
from chalicelib.domain.dispatch.first_asked import reached_of_first_asked
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.work.chase import who_is_told


def waiting_plan(case: Case) -> WaitingPlan | None:
    """The plan that waits for the desk; None where none does."""
    return case.work.plan_check.waiting if case.state in {State.SIGNED, State.WORKING} else None


def _others(case: Case, by: str | None, context: Context) -> tuple[Staff, ...]:
    """Everybody of the desk who has no part in the plan."""
    desk = context.community.with_role(*DESK)
    return tuple(member for member in desk if member.username not in {by, case.assignment.handler})


def is_confirmed_first(case: Case, actor: Actor, context: Context) -> bool:
    """Whether what this person proposes waits for the desk: the desk's own is confirmed by that (B5).

    Only where the regulation asks for it, and there is anybody who could.
    """
    member = context.community.member(actor.id)
    if case.classification.kind not in context.regulation.plan_confirmed.kinds:
        return False
    return (member is None or member.role not in DESK) and bool(_others(case, actor.id, context))


def may_confirm(case: Case, actor: Actor, context: Context) -> bool:
    """Whether this person decides on the waiting plan: of the desk, and without a part in it."""
    waiting = waiting_plan(case)
    if waiting is None:
        return False
    return any(member.username == actor.id for member in _others(case, waiting.by, context))


def looked_at_by(case: Case, by: str, context: Context, at: datetime) -> tuple[str, ...]:
    """Whom a plan of `by` is put to: whoever of the desk follows the case, else who is there (A9)."""
    passed = {by, case.assignment.handler}
    first = reached_of_first_asked(case, at, context)
    if first is not None and first.role in DESK and first.username not in passed:
        return (first.username,)
    found = who_is_told(case, Role.AGENT, at, context, passed)
    return (found,) if found else ()


def why_plan_waits(case: Case) -> DomainError | None:
    """The refusal to carry out a plan that nobody has confirmed (B5)."""
    if waiting_plan(case) is None:
        return None
    return CommandRefusedError(
        f"The plan of case {case.number} waits for the desk, and then for the resident's answer; a new one "
        "replaces it ('propose').",
        "plan_waits",
    )
