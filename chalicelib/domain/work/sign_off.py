"""The signature under a result, before the resident is told of it: given, refused, chased (B9, S0)."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.work.chase import chase_timers, who_is_told
from chalicelib.domain.work.plan import why_price_unsettled
from chalicelib.domain.work.progress import completed
from chalicelib.domain.work.signers import may_sign_off, names_of_signers, waiting_result

CHASE = "chase_sign_off"
"""The action of the timer of a signature under a result that is missing."""

CHASED = (Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.MANAGER)
"""Who is told in turn: the head again, then each rank above (ours); when, chase.py says."""


class SignOffForm(Struct, frozen=True):
    """The form of `sign_off_result`; it has no fields: what was handed in is told as it is."""


def why_not_decided(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A waiting result is decided on by the department's head, or who stands in (B9)."""
    if waiting_result(case) is None:
        return CommandRefusedError(
            f"No result of case {case.number} waits for a signature; 'complete' hands one in.",
            "nothing_handed_in",
        )
    if may_sign_off(case, actor, context, at):
        return None
    names = names_of_signers(case, context)
    return NotAllowedError(
        f"The head of the department signs the result of case {case.number} off ({names}), or the manager.",
        "not_the_signer",
        people=names,
    )


def why_not_signed_off(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """As for any completion, the price has to be settled first (C16, G11)."""
    return why_not_decided(case, actor, context, at) or why_price_unsettled(case)


def sign_off(case: Case, command: Command[SignOffForm], context: Context) -> Payloads:
    """The events of a result that was signed off (B9).

    The work is completed, and the resident is told.
    """
    waiting = case.work.sign_off.waiting
    if waiting is None:
        raise ValueError(f"No result of case {case.number} waits for a signature.")
    *before, done = completed(case, command, context, waiting.result, waiting.prevention)
    if not isinstance(done, ev.Completed):
        raise TypeError(f"A completion ends with {type(done).__name__}.")
    return (*before, replace(done, signed_off=True, done_by=waiting.by, done_at=waiting.at))


def send_back(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of a result that goes back, with the reason (B9)."""
    return (ev.ResultReturned(command.form.reason),)


def sign_off_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """The timers of a missing signature: the head again, then the ranks above."""
    return chase_timers(case, waiting_result(case), CHASED, "sign_off", CHASE, context)


def chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.SignOffChased:
    """The event of asking the head once more, or telling the next rank."""
    waiting, told = case.work.sign_off.waiting, Role(due.told or Role.DEPARTMENT_HEAD)
    return ev.SignOffChased(told, who_is_told(case, told, at, context, {waiting.by if waiting else None}))
