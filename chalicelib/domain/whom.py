"""Whom a case asks for something: people by their username, ranks as `@role` (A6, A9, B9, D4)."""

from collections.abc import Callable, Collection

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Duty, Role

R = Role
Whom = Callable[[Case, Context], tuple[str, ...]]
"""The function that says who is asked: usernames, and roles as `@role`."""


def spelled_role(role: Role) -> str:
    """A role among usernames, none of which begins with `@`."""
    return f"@{role}"


def people(*usernames: str | None) -> tuple[str, ...]:
    return tuple(username for username in usernames if username)


def ranks(*roles: Role) -> Whom:
    """Whoever has one of the roles; where nobody does that may know of the case, the next rank up."""

    def whom(case: Case, context: Context) -> tuple[str, ...]:
        for rank in (roles, (R.SUPERVISOR,), (R.MANAGER,)):
            if _holds(rank, case, context):
                return tuple(map(spelled_role, rank))
        return (spelled_role(R.COMPANY_HEAD),)

    return whom


def _holds(rank: tuple[Role, ...], case: Case, context: Context) -> bool:
    return any(
        member.role is not R.DEPARTMENT_HEAD or case.classification.department in member.departments
        for member in context.community.with_role(*rank)
    )


DESK = ranks(R.AGENT, R.SUPERVISOR)
LEADERS = ranks(R.SUPERVISOR, R.DEPARTMENT_HEAD)
MANAGER = ranks(R.MANAGER)


def with_duty(duty: Duty) -> Whom:
    """Whoever has a duty with money; where nobody has, the desk, which then sees that somebody must (B9)."""

    def whom(case: Case, context: Context) -> tuple[str, ...]:
        return tuple(member.username for member in context.community.with_duty(duty)) or MANAGER(
            case, context
        )

    return whom


def cosigners(case: Case, context: Context) -> tuple[str, ...]:
    """Who signs a refusal as well: the supervisor; the manager where that is its writer (B10)."""
    refusal = case.order.unsigned_refusal
    writer = refusal.by if refusal else None
    others = any(member.username != writer for member in context.community.with_role(R.SUPERVISOR))
    return ranks(R.SUPERVISOR)(case, context) if others else MANAGER(case, context)


def signature_takers(case: Case, context: Context) -> tuple[str, ...]:
    """Whoever did the work; the supervisor too once it has waited for long, or where they have left (B9)."""
    worker = case.assignment.completed_by
    here = people(worker) if context.community.member(worker or "") else ()
    late = R.SUPERVISOR in case.work.acceptance.chased
    return (*here, *(() if here and not late else ranks(R.SUPERVISOR)(case, context)))


def accepters(case: Case, context: Context) -> tuple[str, ...]:
    """Who accepts work at a common part: the first rank of the desk with anybody who had no part in it (B13).

    The supervisor too once it has waited for long.
    """
    late = (R.SUPERVISOR,) if R.SUPERVISOR in case.work.acceptance.chased else ()
    return _first_besides((R.AGENT, *late), case.assignment.everybody, context)


def confirmers(case: Case, context: Context) -> tuple[str, ...]:
    """Who looks at a waiting plan: the desk without whoever has a part in it, and who was told since (B5)."""
    waiting = case.work.plan_check.waiting
    if waiting is None:
        return ()
    asked = (name for name in waiting.asked if context.community.member(name))
    passed = frozenset(people(waiting.by, case.assignment.handler))
    return (*_first_besides((R.AGENT, R.SUPERVISOR), passed, context), *asked)


def _first_besides(first: tuple[Role, ...], passed: Collection[str], context: Context) -> tuple[str, ...]:
    """The first rank of the desk with anybody but those to pass over."""
    for rank in (first, (R.SUPERVISOR,), (R.MANAGER,)):
        if any(member.username not in passed for member in context.community.with_role(*rank)):
            return tuple(map(spelled_role, rank))
    return (spelled_role(R.COMPANY_HEAD),)


def cost_writers(case: Case, context: Context) -> tuple[str, ...]:
    """Who is asked what a repair cost: whoever did it, and the head (G12)."""
    worker = case.assignment.completed_by or case.assignment.handler
    here = people(worker) if context.community.member(worker or "") else ()
    return (*here, *ranks(R.DEPARTMENT_HEAD)(case, context))


def measure_owners(case: Case, context: Context) -> tuple[str, ...]:
    """Whoever has an open measure; the supervisor too once it is late, or where they have left (B12)."""
    owners = tuple(measure.owner for measure in case.open_measures)
    here = tuple(owner for owner in owners if context.community.member(owner))
    late = any(measure.chased for measure in case.open_measures) or len(here) < len(owners)
    return (*here, *(ranks(R.SUPERVISOR)(case, context) if late else ()))


def revisitor(case: Case, context: Context) -> tuple[str, ...]:
    """Whoever was drawn; the desk while nobody is."""
    drawn = case.follow_up.revisitor
    return (drawn,) if drawn and context.community.member(drawn) else DESK(case, context)


def heard_points(case: Case, context: Context) -> tuple[str, ...]:
    """Whoever heard a point at a revisit; the supervisor where they have left, or the answer is late."""
    heard = people(*(point.raised_by for point in case.open_points))
    here = tuple(name for name in heard if context.community.member(name))
    late = any(point.chased for point in case.open_points)
    return (*here, *(() if here and not late else ranks(R.SUPERVISOR)(case, context)))
