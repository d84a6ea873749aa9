"""How far the acceptance of a work has come, for whoever reads the case (B9, B13)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.work.acceptance import still_waits


class MissedView(Struct, frozen=True):
    """A visit for the signature in vain, and when somebody comes again."""

    at: datetime
    again_at: datetime | None


class AcceptanceView(Struct, frozen=True):
    """The acceptance of this round's work.

    `by` is what proves it (`signature`, `flows`, `next_rain`). `waits`: done, and not accepted yet; a sealing
    can be from `day` on. `how` is `link`, `phone` or `paper`, what was drawn is among the files; or `seen`,
    at a `common` part, where a colleague accepts it. `given_up`: nobody is waited for any more.
    """

    by: str
    waits: bool
    common: bool
    given_up: bool
    day: date | None
    signed_at: datetime | None
    how: str | None
    resident_name: str | None
    device: str | None
    missed: tuple[MissedView, ...]


def acceptance_view(case: Case) -> AcceptanceView | None:
    """The acceptance as it is read; None where nothing is to be accepted."""
    acceptance = case.work.acceptance
    if acceptance.by is None:
        return None
    return AcceptanceView(
        by=acceptance.by,
        waits=still_waits(case),
        common=acceptance.common,
        given_up=acceptance.given_up is not None,
        day=acceptance.day,
        signed_at=acceptance.signed_at,
        how=acceptance.how,
        resident_name=acceptance.resident_name,
        device=acceptance.device,
        missed=tuple(MissedView(missed.at, missed.again_at) for missed in acceptance.missed),
    )
