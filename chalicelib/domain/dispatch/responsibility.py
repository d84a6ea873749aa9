"""Whose work a case is, and who else may act for them (B2)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Setting
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import NotAllowedError


def name_of(username: str | None, setting: Setting) -> str:
    """A colleague's name as staff know it, else the username itself."""
    member = setting.community.member(username) if username else None
    return member.name if member else (username or "nobody yet")


def _answers_for(case: Case, actor: Actor, setting: Setting) -> bool:
    """Whether it is this person's work: the handler's own, or of the department whose head it is."""
    if actor.id == case.assignment.handler:
        return True
    member = setting.community.member(actor.id)
    is_head = member is not None and member.role is Role.DEPARTMENT_HEAD
    return is_head and member is not None and case.classification.department in member.departments


def only_who_answers(case: Case, actor: Actor, setting: Setting) -> None:
    """Only the person responsible may; a head may act for a handler of the own department."""
    if not _answers_for(case, actor, setting):
        name = name_of(case.assignment.handler, setting)
        raise NotAllowedError(
            f"Only the person responsible for case {case.number} ({name}) can do this.",
            "not_yours",
            person=name,
        )


def own_or_desk(case: Case, actor: Actor, setting: Setting) -> None:
    """The desk and its leaders may for any case; a handler or a head only for their own."""
    if actor.role in {Role.HANDLER, Role.DEPARTMENT_HEAD}:
        only_who_answers(case, actor, setting)
