"""Whose signature a result needs before the resident is told of it (B9, S0)."""

from datetime import datetime

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.sign_off import HandedIn
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import MANAGERS, Actor, Role
from chalicelib.domain.dispatch.heads import heads_of, speaks_for
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.work.chase import who_is_told


def waiting_result(case: Case) -> HandedIn | None:
    """The result that waits for a signature; None where none does."""
    return case.work.sign_off.waiting if case.state is State.WORKING else None


def heads(case: Case, context: Context) -> tuple[Staff, ...]:
    """The heads of the case's department; where it has none, whoever holds the next rank."""
    return heads_of(case.classification.department, context.community)


def is_signed_off(case: Case, context: Context) -> bool:
    """Whether the regulation has a result signed off, and there is anybody who could."""
    return case.classification.kind in context.regulation.sign_off.kinds and bool(heads(case, context))


def is_own_signature(case: Case, actor: Actor, context: Context) -> bool:
    """Whether what this person completes needs nobody else's signature.

    None is asked for, or it is the head of the department, or the manager.
    """
    if not is_signed_off(case, context):
        return True
    member = context.community.member(actor.id)
    leads = member is not None and member.role in MANAGERS
    return leads or any(head.username == actor.id for head in heads(case, context))


def may_sign_off(case: Case, actor: Actor, context: Context, at: datetime) -> bool:
    """Whether this person signs the waiting result off: never their own.

    That is whoever speaks for the department; the supervisor also once the head has let it lie.
    """
    waiting = waiting_result(case)
    if waiting is None or actor.id == waiting.by:
        return False
    if speaks_for(actor.id, case.classification.department, context.community, at):
        return True
    was_told = actor.id in waiting.asked or Role.SUPERVISOR in waiting.chased
    return actor.role is Role.SUPERVISOR and was_told


def asked_first(case: Case, by: str, context: Context, at: datetime) -> tuple[str, ...]:
    """Whom a result is put to that `by` hands in: the head, or whoever stands in just now."""
    found = who_is_told(case, Role.DEPARTMENT_HEAD, at, context, {by})
    return (found,) if found else ()


def signers(case: Case, context: Context) -> tuple[str, ...]:
    """The usernames of those whose signature is waited for: the heads, and whoever was asked since."""
    waiting = waiting_result(case)
    if waiting is None:
        return ()
    people = dict.fromkeys((*(head.username for head in heads(case, context)), *waiting.asked))
    return tuple(name for name in people if name != waiting.by and context.community.member(name))


def names_of_signers(case: Case, context: Context) -> str:
    """The names of those whose signature is waited for."""
    people = (context.community.member(name) for name in signers(case, context))
    return ", ".join(member.name for member in people if member)


def why_handed_in(case: Case, context: Context) -> DomainError | None:
    """The refusal of what would change the work while its result waits for the signature (B9)."""
    if waiting_result(case) is None:
        return None
    names = names_of_signers(case, context)
    return CommandRefusedError(
        f"The result of case {case.number} was handed in and waits to be signed off ({names}); sent back by "
        "'return_result', it can be worked on.",
        "handed_in",
        people=names,
    )
