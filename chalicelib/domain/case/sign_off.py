"""The signature of the department's head under a round's result: waited for, refused, given (B9, S0)."""

from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


class HandedIn(Struct, frozen=True):
    """A result that waits for its signature; the fields are those of `ResultHandedIn`.

    `asked` are those who were asked for the signature so far, `chased` the ranks that were told that it is
    missing.
    """

    by: str
    at: datetime
    version: int
    result: str
    prevention: str | None
    asked: tuple[str, ...]
    chased: tuple[str, ...] = ()


class WaitingPlan(Struct, frozen=True):
    """A plan that the desk has still to confirm; `plan` is what the resident will read of it.

    `asked` are those who were asked to look at it so far, `chased` the ranks that were told that it waits.
    """

    by: str
    at: datetime
    version: int
    plan: ev.Proposed
    asked: tuple[str, ...]
    chased: tuple[str, ...] = ()


class Returned(Struct, frozen=True):
    """A result that was not signed: why, by whom and when; and what it said, to be mended."""

    reason: str
    by: str
    at: datetime
    result: str | None = None
    prevention: str | None = None


class ReturnedPlan(Struct, frozen=True):
    """A plan that was not confirmed: why, by whom and when; and the plan, to be mended."""

    reason: str
    by: str
    at: datetime
    plan: ev.Proposed


class SignOff(Struct, frozen=True):
    """How far the signature under a round's result has come.

    `waiting` waits for it; `returned` was sent back, and nothing was handed in since. `signed_by` is who
    signed the result off, at `signed_at`; both are None where nobody has to. `done_by` had handed it in, at
    `done_at`.
    """

    waiting: HandedIn | None = None
    returned: Returned | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    done_by: str | None = None
    done_at: datetime | None = None

    @property
    def shown(self) -> "SignOff | None":
        """It, where there is anything to be read of it."""
        return None if self == NONE else self


NONE = SignOff()
"""Nothing was handed in."""

Waiting = TypeVar("Waiting", HandedIn, WaitingPlan)


def asked_again(waiting: Waiting, told: str, person: str | None) -> Waiting:
    """What waits, with one more rank told of it, and its holder asked."""
    asked = dict.fromkeys((*waiting.asked, *((person,) if person else ())))
    return replace(waiting, asked=tuple(asked), chased=(*waiting.chased, told))


def after(sign_off: SignOff, event: ev.Event) -> SignOff:
    """The signature after one more event of its round.

    What ends the work, or takes it out of the hands of whoever has handed in, leaves nothing to be signed.
    """
    match event.payload:
        case ev.ResultHandedIn() as handed_in:
            by, said = event.actor.id, (handed_in.result, handed_in.prevention)
            return SignOff(HandedIn(by, event.at, event.version, *said, handed_in.asked))
        case ev.ResultReturned(reason=reason) if waiting := sign_off.waiting:
            said = (waiting.result, waiting.prevention)
            return SignOff(returned=Returned(reason, event.actor.id, event.at, *said))
        case ev.SignOffChased(told=told, person=person) if sign_off.waiting:
            return replace(sign_off, waiting=asked_again(sign_off.waiting, told, person))
        case ev.Completed(signed_off=True, done_by=by, done_at=at):
            return SignOff(signed_by=event.actor.id, signed_at=event.at, done_by=by, done_at=at)
        case (
            ev.Completed()
            | ev.Assigned()
            | ev.Declined()
            | ev.TakenBack()
            | ev.Withdrawn()
            | ev.Merged()
            | ev.Rejected()
            | ev.Referred()
        ):
            return NONE
        case _:
            return sign_off
