"""Who signs a result off in a test, where the regulation has the head of the department sign (B9)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Actor, Role
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
