"""Who signs a result off, or confirms a plan, in a test whose regulation asks for it (B5, B9)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import DESK, Actor, Role
from chalicelib.domain.work.confirmers import may_confirm, waiting_plan
from chalicelib.domain.work.signers import signers, waiting_result


def who_signs(case: Case, context: Context) -> Actor | None:
    """The head whose signature the case waits for, else the manager; None where it waits for none."""
    if waiting_result(case) is None:
        return None
    asked = (context.community.member(username) for username in signers(case, context))
    head = next((member for member in asked if member), None) or next(
        iter(context.community.with_role(Role.MANAGER, Role.COMPANY_HEAD))
    )
    return Actor(head.role, head.username)


def who_confirms(case: Case, context: Context) -> Actor | None:
    """Whoever of the desk confirms the plan that waits; None where none does."""
    if waiting_plan(case) is None:
        return None
    desk = (Actor(member.role, member.username) for member in context.community.with_role(*DESK))
    return next(actor for actor in desk if may_confirm(case, actor, context))


def lets_through(name: str, case: Case, context: Context) -> tuple[str, Actor] | None:
    """The command that lets through what a command has handed in, and who gives it; None where none waits."""
    if name == "complete" and (head := who_signs(case, context)):
        return "sign_off_result", head
    if name == "propose" and (desk := who_confirms(case, context)):
        return "confirm_plan", desk
    return None
