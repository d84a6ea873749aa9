"""The events of who pays for a repair, and of loss and liability (B13, B16, G12)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.events.agreement import Listed
from chalicelib.domain.case.personal import Personal, Who

UNCLEAR = "unclear"
"""Who pays while nobody has looked whether it is the same item."""


class PayerFound(Struct, frozen=True):
    """Who pays for a repair of this matter was found, or said.

    `because`: `repair`, a return within the warranty of the repair `of`; `not_accepted`, a return before that
    was accepted; `construction`, the warranty of a `component` from the handover; `stated`, by a person, with
    their `reason`; `over`, `no_handover`, `uncovered`: no warranty says that anybody else pays than owner or
    fund. `maybe_repair`, `maybe_construction`: the matter names no one item, so that a person looks; `payer`
    is then `UNCLEAR`, and nothing is free. `until` is the last day of the warranty, `worker` whoever did the
    repair `of`: a return counts against theirs.
    """

    matter: str
    payer: str
    because: str
    of: str | None = None
    component: str | None = None
    until: date | None = None
    reason: str | None = None
    worker: str | None = None


class LossRecorded(Struct, frozen=True):
    """A loss was put on record: its amount in fen, what was lost, and who is liable for it (B16).

    `agreed`: both sides have agreed to that; `spoken_to` said so for the other side, `spoken_at`, in the
    `manner` (None of what was recorded before these were asked for). What proves it are files of the case.
    The newest counts.
    """

    amount_fen: int
    what: Personal[str]
    party: Personal[str]
    agreed: bool = False
    spoken_to: Who[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class CostRecorded(Struct, frozen=True):
    """A line of what a repair cost others than the resident was written (B9, G12).

    Amounts are in fen; without them it waits for whoever prices what is on no list. `listed` is its line of
    the price list. `round` is that of the work; 0: the present one. `again`: it came back after work of ours,
    so that it costs ourselves. No bill: the resident does not agree to it, and does not read it.
    """

    what: str
    labour_fen: int | None = None
    material_fen: int | None = None
    listed: Listed | None = None
    round: int = 0
    again: bool = False
    note: str | None = None


class CostPriced(Struct, frozen=True):
    """A line of the cost that is on no price list got its price (B9, C16); `line` counts from 1."""

    line: int
    labour_fen: int
    material_fen: int
    note: str | None = None


class CostStruck(Struct, frozen=True):
    """A line of the cost was wrong, and counts no more (B9); `line` counts from 1."""

    line: int
    reason: str


class CostClaimed(Struct, frozen=True):
    """What a repair cost was claimed from whoever bears it, by a document (G12)."""

    payer: str
    claimed_fen: int
    document: str


class ClaimPaid(Struct, frozen=True):
    """Whoever bears it paid a claim, or part of it: the amount, and its receipt (G12)."""

    paid_fen: int
    receipt: str


class ClaimWithdrawn(Struct, frozen=True):
    """A claim is made no more, and why (G12); `receipt` is that of what was paid and went back."""

    reason: str
    receipt: str | None = None


MoneyEvent = (
    PayerFound
    | LossRecorded
    | CostRecorded
    | CostPriced
    | CostStruck
    | CostClaimed
    | ClaimPaid
    | ClaimWithdrawn
)
"""Every event of who pays; a new payload belongs here."""
