"""Whose work a case is, and who else may act for them (B2)."""

from datetime import datetime

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError


def name_of(username: str | None, context: Context) -> str:
    """A colleague's name as staff know it, also of one who has left; else the username itself."""
    member = context.community.person(username) if username else None
    return member.name if member else (username or "nobody yet")


def decider(case: Case, community: Community, at: datetime) -> Staff | None:
    """Who has to decide on the objection to a case (B1): the manager; None where none waits."""
    if case.state is not State.OBJECTED:
        return None
    return person_of_rank(community, Role.MANAGER, case.classification.department, at)


def rank_of_its_kind(kind: str, context: Context) -> Role | None:
    """The rank that has every case of a kind, whatever its department: the manager suggestions (A13)."""
    rank = context.regulation.handled_by.get(kind)
    return Role(rank) if rank else None


def _answers_for(case: Case, actor: Actor, context: Context) -> bool:
    """Whether it is this person's work: the handler's own, or of the department whose head it is."""
    if actor.id == case.assignment.handler:
        return True
    if actor.role is not Role.DEPARTMENT_HEAD:
        return False
    head = context.community.member(actor.id)
    return head is not None and case.classification.department in head.departments


def why_not_responsible(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Only the person responsible may act, or the head for them (B2).

    The head of the case's department, that is.
    """
    if _answers_for(case, actor, context):
        return None
    name = name_of(case.assignment.handler, context)
    return NotAllowedError(
        f"Only the person responsible for case {case.number} ({name}) can do this.",
        "not_yours",
        person=name,
    )


def why_unsorted(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """The refusal to hand on, or judge, a case that nobody has sorted (A7)."""
    if case.classification.is_sorted:
        return None
    return CommandRefusedError(
        f"Nobody has said yet what case {case.number} is about; sort it first, by 'classify'.",
        "unsorted",
        number=case.number,
    )


def why_neither_own_nor_desk(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The desk acts on any case; handlers and heads only on theirs (B2)."""
    if actor.role not in {Role.HANDLER, Role.DEPARTMENT_HEAD}:
        return None
    return why_not_responsible(case, actor, context, at)
