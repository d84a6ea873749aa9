"""The acceptance of a round's work: by which proof, whether it was given, what was tried (B9, B13)."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal, Who
from chalicelib.domain.community.roles import Role

FLOWS, NEXT_RAIN, SIGNATURE = "flows", "next_rain", "signature"
"""What proves a work: the drain flows, the sealing has held in the rain, or nothing but the signature."""

BY_LINK, ON_SITE, ON_PAPER = WAYS = ("link", "phone", "paper")
"""How a signature was given."""

SEEN = "seen"
"""How a common part is accepted, for which nobody signs: a colleague has seen it on the spot."""


class Missed(Struct, frozen=True):
    """A visit for the signature at which nobody was at home; the fields are those of `NobodyHome`."""

    at: datetime
    by: str
    again_at: datetime | None = None


class GivenUp(Struct, frozen=True):
    """That nobody is waited for any more: why, by whom and when."""

    reason: Personal[str]
    by: str
    at: datetime


class Acceptance(Struct, frozen=True):
    """The acceptance of one round's work.

    `by` is what proves it, None where nothing is to be accepted. `common`: it is at a common part, and a
    colleague accepts it who had no part in the work. `day` is the day from which a sealing can be accepted.
    `signed_at`, `how`, `resident_name`, `device` and `signature` are those of the signature, `taken_by` the
    colleague who took it, or saw the common part. `tries` counts what was tried, and `chased` are those who
    were asked since the last of it. `given_up`: it was not to be had; a signature may still come.
    """

    by: str | None = None
    since: datetime | None = None
    day: date | None = None
    signed_at: datetime | None = None
    how: str | None = None
    resident_name: Who[str | None] = None
    device: Personal[str | None] = None
    signature: str | None = None
    taken_by: str | None = None
    missed: tuple[Missed, ...] = ()
    common: bool = False
    tries: int = 0
    chased: tuple[str, ...] = ()
    given_up: GivenUp | None = None

    @property
    def waits(self) -> bool:
        """Whether the work is done, and waits for somebody to accept it."""
        return self.by is not None and self.signed_at is None and self.given_up is None

    @property
    def again_at(self) -> datetime | None:
        """When somebody comes again for the signature, after nobody was at home; None if nobody does."""
        return self.missed[-1].again_at if self.waits and self.missed else None

    @property
    def is_asked_after_closing(self) -> bool:
        """Whether people are asked for it although the case has closed.

        The next rain may come later than that (B13); it ends with the supervisor.
        """
        return self.waits and self.by == NEXT_RAIN and Role.SUPERVISOR not in self.chased

    @property
    def day_missing(self) -> bool:
        """Whether the desk has still to say on which day a sealing can be accepted."""
        return self.waits and self.by == NEXT_RAIN and self.day is None


def after(acceptance: Acceptance, event: ev.Event) -> Acceptance:
    """The acceptance after one more event of its round."""
    match event.payload:
        case ev.Completed(accepted_by=by, common=common):
            return Acceptance(by, event.at if by else None, common=common)
        case ev.WorkAccepted() as signed:
            return replace(
                acceptance,
                signed_at=event.at,
                how=signed.how,
                resident_name=signed.resident_name,
                device=signed.device,
                signature=signed.signature,
                taken_by=None if signed.how == BY_LINK else event.actor.id,
            )
        case ev.NobodyHome(again_at=again_at):
            missed = Missed(event.at, event.actor.id, again_at)
            tries = acceptance.tries + 1
            return replace(acceptance, missed=(*acceptance.missed, missed), tries=tries, chased=())
        case ev.AcceptanceDaySet(day=day):
            return replace(acceptance, day=day, tries=acceptance.tries + 1, chased=())
        case ev.CommonWorkAccepted():
            return replace(acceptance, signed_at=event.at, how=SEEN, taken_by=event.actor.id)
        case ev.AcceptanceGivenUp(reason=reason):
            return replace(acceptance, given_up=GivenUp(reason, event.actor.id, event.at))
        case ev.AcceptanceChased(told=told):
            return replace(acceptance, chased=(*acceptance.chased, told))
        case _:
            return acceptance
