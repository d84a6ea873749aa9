"""The events of the acceptance of a work: signed, seen, refused, in vain, a day set, chased (B9, B13)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal, Who


class WorkAccepted(Struct, frozen=True):
    """The resident accepted the work by their signature (B9).

    `how` is one of `WAYS`: by their own link, drawn on the telephone of whoever stood there, or on paper that
    was handed in. `signature` is the file of what was drawn, `device` what it was drawn or sent with.
    `proved`: the drain flowed, or what was sealed had held in the rain (B13).
    """

    how: str
    resident_name: Who[str]
    signature: str | None = None
    device: Personal[str | None] = None
    proved: bool | None = None
    note: Personal[str | None] = None


class WorkRefused(Struct, frozen=True):
    """The resident did not accept the work, and said why; `spoken_to` said so to whoever recorded it."""

    reason: Personal[str]
    spoken_to: Who[str | None] = None


class NobodyHome(Struct, frozen=True):
    """Somebody came for the signature and nobody was at home.

    `again_at` is when they come again; None: a note was left, and the link is asked to be used. `note` is
    what was left, or seen.
    """

    again_at: datetime | None = None
    note: str | None = None


class AcceptanceDaySet(Struct, frozen=True):
    """The desk set the day on which a sealed roof or wall can be accepted: after the next rain (B13)."""

    day: date
    note: str | None = None


class AcceptanceChased(Struct, frozen=True):
    """An acceptance that is missing was asked for: of the resident, or of the colleague `person`."""

    told: str
    person: str | None = None


class CommonWorkAccepted(Struct, frozen=True):
    """A colleague saw on the spot that work at a common part holds (B13).

    They had no part in it, and no household signs for it: the drain flows, the sealing held in the rain.
    """

    note: str | None = None


class CommonWorkRefused(Struct, frozen=True):
    """A colleague saw on the spot that work at a common part does not hold (B13)."""

    reason: str


class AcceptanceGivenUp(Struct, frozen=True):
    """A leader put on record that nobody will accept a closed case's work (B9)."""

    reason: Personal[str]


AcceptanceEvent = (
    WorkAccepted
    | WorkRefused
    | NobodyHome
    | AcceptanceDaySet
    | AcceptanceChased
    | CommonWorkAccepted
    | CommonWorkRefused
    | AcceptanceGivenUp
)
"""Every event of the acceptance; a new payload belongs here."""
