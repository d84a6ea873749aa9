"""What a repair costs who pays in the resident's place; the claims of it (B9, B13, G12).

A line is never changed without a trace: it is struck out with a reason, and written anew. Nothing of this is
a bill for the resident.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.events.money import UNCLEAR
from chalicelib.domain.case.money import COMPANY, DEVELOPER
from chalicelib.domain.case.payment import Payment
from chalicelib.domain.case.round_record import RoundRecord


class Struck(Struct, frozen=True):
    """A line of a cost that was wrong: why, and who said so."""

    reason: str
    by: str
    at: datetime


class CostLine(Struct, frozen=True):
    """A line of what a repair cost, in fen; both amounts are None until it has its price.

    `listed` is its line of the price list, `priced_by` who named its price where it is on none. `again`: the
    work was ours already, and came back.
    """

    what: str
    labour_fen: int | None
    material_fen: int | None
    listed: ev.Listed | None
    round: int
    by: str
    at: datetime
    again: bool = False
    note: str | None = None
    priced_by: str | None = None
    struck: Struck | None = None

    @property
    def total_fen(self) -> int:
        """Labour and material together; 0 until it has its price."""
        return (self.labour_fen or 0) + (self.material_fen or 0)

    @property
    def waits(self) -> bool:
        """Whether it stands, and nobody has named its price."""
        return self.struck is None and self.labour_fen is None


class Claim(Struct, frozen=True):
    """What was claimed from a party, and what it has paid of it.

    `document` is the number of the paper that says so. `withdrawn`: why it is claimed no more; `back` is then
    the receipt of what was paid and went back.
    """

    party: str
    claimed_fen: int
    document: str
    by: str
    at: datetime
    payments: tuple[Payment, ...] = ()
    withdrawn: str | None = None
    back: str | None = None

    @property
    def paid_fen(self) -> int:
        """What has been paid of it; nothing of a claim that was withdrawn."""
        return 0 if self.withdrawn is not None else sum(payment.paid_fen for payment in self.payments)


class Costs(Struct, frozen=True):
    """The lines of what a repair cost, also those struck out, and its claims."""

    lines: tuple[CostLine, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def standing(self) -> tuple[CostLine, ...]:
        """The lines that were not struck out."""
        return tuple(line for line in self.lines if line.struck is None)

    @property
    def claim(self) -> Claim | None:
        """The claim that stands; there is one at a time."""
        return next((claim for claim in self.claims if claim.withdrawn is None), None)


def bearer_of(line: CostLine, payer: ev.PayerFound | None, charged: Collection[int]) -> str | None:
    """Who bears a line: whoever pays, and the company what came back after its work.

    None while nobody has said who pays, and of a round that the resident was `charged` for.
    """
    if payer is None or payer.payer == UNCLEAR or line.round in charged:
        return None
    return COMPANY if line.again else payer.payer


def is_done(rounds: Sequence[RoundRecord]) -> bool:
    """Whether work of a round was completed, by somebody of ours for this very case."""
    return any(ended.completed and ended.handler for ended in rounds)


def is_unwritten(
    costs: Costs, payer: ev.PayerFound | None, charged: Collection[int], rounds: Sequence[RoundRecord]
) -> bool:
    """Whether nobody has written what work that the developer pays for has cost (G12).

    Not of work for which the resident was charged in every round.
    """
    if payer is None or payer.payer != DEVELOPER or not is_done(rounds):
        return False
    return not any(bearer_of(line, payer, charged) == DEVELOPER for line in costs.standing)


def claimable_fen(costs: Costs, party: str, payer: ev.PayerFound | None, charged: Collection[int]) -> int:
    """What a party bears by the lines that have their price."""
    return sum(line.total_fen for line in costs.standing if bearer_of(line, payer, charged) == party)


def is_overclaimed(costs: Costs, payer: ev.PayerFound | None, charged: Collection[int]) -> bool:
    """Whether more is claimed than the party bears, as when another turned out to pay."""
    claim = costs.claim
    return claim is not None and claim.claimed_fen > claimable_fen(costs, claim.party, payer, charged)


def after(costs: Costs, event: ev.Event, round_number: int) -> Costs:
    """The costs after one more event."""
    by, at = event.actor.id, event.at
    match event.payload:
        case ev.CostRecorded() as said:
            line = CostLine(
                said.what,
                said.labour_fen,
                said.material_fen,
                said.listed,
                said.round or round_number,
                by,
                at,
                again=said.again,
                note=said.note,
                priced_by=None if said.listed or said.labour_fen is None else by,
            )
            return replace(costs, lines=(*costs.lines, line))
        case ev.CostPriced(line=nth, labour_fen=labour, material_fen=material):
            return _with(costs, nth, labour_fen=labour, material_fen=material, priced_by=by)
        case ev.CostStruck(line=nth, reason=reason):
            return _with(costs, nth, struck=Struck(reason, by, at))
        case ev.CostClaimed(payer=party, claimed_fen=fen, document=document):
            return replace(costs, claims=(*costs.claims, Claim(party, fen, document, by, at)))
        case ev.ClaimPaid(paid_fen=paid, receipt=receipt) if costs.claim:
            payments = (*costs.claim.payments, Payment(paid, receipt, by, at))
            return _claimed(costs, costs.claim, replace(costs.claim, payments=payments))
        case ev.ClaimWithdrawn(reason=reason, receipt=back) if costs.claim:
            return _claimed(costs, costs.claim, replace(costs.claim, withdrawn=reason, back=back))
        case _:
            return costs


def _with(costs: Costs, nth: int, **changes: object) -> Costs:
    lines = tuple(replace(line, **changes) if at == nth else line for at, line in enumerate(costs.lines, 1))
    return replace(costs, lines=lines)


def _claimed(costs: Costs, claim: Claim, changed: Claim) -> Costs:
    return replace(costs, claims=tuple(changed if known is claim else known for known in costs.claims))
