"""The work order of a case: key, item, materials, bills, refusals (B9, B10).

It goes on from round to round: a bill stays owed, and a key stays at the desk, whatever comes back.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case import costs
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.costs import Costs
from chalicelib.domain.case.payment import Payment
from chalicelib.domain.case.personal import Personal, Who
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.case.work import Work


class Handover(Struct, frozen=True):
    """A key that changed hands: whose, when, and which colleague gave or took it."""

    resident_name: Who[str]
    at: datetime
    by: str


class Key(Struct, frozen=True):
    """A key that was left at the desk, against a receipt; `returned` is None while the desk has it."""

    receipt: str
    taken: Handover
    returned: Handover | None = None


class Material(Struct, frozen=True):
    """A material of the work of a round; the fields are those of `MaterialUsed`."""

    what: str
    amount: str
    residents: bool
    quality: str | None
    warning: str | None
    spoken_to: Who[str | None]
    listed: ev.Listed | None
    by: str
    at: datetime
    round: int = 0

    @property
    def price_fen(self) -> int | None:
        """What it costs by the price list, in fen; None for what is on no list."""
        return self.listed.fee_fen * self.listed.quantity if self.listed else None


class Bill(Struct, frozen=True):
    """What the work of a round costs the resident, in fen.

    `signed_by` is the statistician who signed the account. `given_up`: it was refused, and a leader signed
    that, so that the desk asks for it no more. `free`: somebody else pays, so that nothing is to be paid, and
    what was paid goes back (`given_back`).
    """

    round: int
    labour_fen: int
    material_fen: int
    by: str
    at: datetime
    paid: Payment | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    given_up: bool = False
    free: bool = False
    given_back: Payment | None = None

    @property
    def total_fen(self) -> int:
        """Labour and material together."""
        return self.labour_fen + self.material_fen

    @property
    def is_owed(self) -> bool:
        """Whether the desk waits for the money."""
        return self.paid is None and not (self.given_up or self.free)


class Refusal(Struct, frozen=True):
    """A price that was refused (`of` is "price"), or a bill ("payment"): the one of `billed_at`.

    `signed_by` is the leader who signed it as well.
    """

    of: str
    reason: Personal[str]
    by: str
    at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    billed_at: datetime | None = None


class Order(Struct, frozen=True):
    """The work order over all rounds; `actual` is what the item is, which may differ from the report.

    `compared_in` is the round in which that was looked at last; `component` the part of the building (G12).
    `infeasible` says why it cannot be repaired, until somebody proposes how after all. `costs` are what it
    cost whoever pays in the resident's place.
    """

    keys: tuple[Key, ...] = ()
    actual: str | None = None
    differs: bool = False
    compared_in: int = 0
    component: str | None = None
    infeasible: str | None = None
    materials: tuple[Material, ...] = ()
    bills: tuple[Bill, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    costs: Costs = field(default_factory=Costs)

    @property
    def key(self) -> Key | None:
        """The key that the desk has now."""
        return next((key for key in self.keys if key.returned is None), None)

    @property
    def bill(self) -> Bill | None:
        """The newest bill."""
        return self.bills[-1] if self.bills else None

    def listed_fen(self, round_number: int) -> int | None:
        """What the company's materials of a round cost by the list; None if some are on no list."""
        own = [used for used in self.materials if used.round == round_number and not used.residents]
        prices = [used.price_fen for used in own if used.price_fen is not None]
        return sum(prices) if prices and len(prices) == len(own) else None

    @property
    def unsigned_refusal(self) -> Refusal | None:
        """The first refusal that no leader has signed."""
        return next((refusal for refusal in self.refusals if refusal.signed_by is None), None)

    @property
    def owed(self) -> Bill | None:
        """The first bill that the desk waits for."""
        return next((bill for bill in self.bills if bill.is_owed), None)

    def refused(self, refusal: Refusal) -> Bill | None:
        """The bill that a refusal is of; None if it was paid, or written anew, meanwhile."""
        if refusal.of != "payment":
            return None
        return next((bill for bill in self.bills if bill.is_owed and bill.at == refusal.billed_at), None)

    @property
    def unsigned_bill(self) -> Bill | None:
        """The first bill that was paid and that no statistician has signed."""
        return next((bill for bill in self.bills if bill.paid and bill.signed_by is None), None)

    @property
    def to_give_back(self) -> Bill | None:
        """The first bill that was paid although it costs nothing; the cashier has the money still."""
        paid = (bill for bill in self.bills if bill.paid and bill.free)
        return next((bill for bill in paid if bill.given_back is None), None)

    @property
    def charged(self) -> tuple[int, ...]:
        """The rounds that the resident was billed for; none that turned out to cost nothing."""
        return tuple(bill.round for bill in self.bills if not bill.free)

    def cost_waits(self, payer: ev.PayerFound | None, rounds: Sequence[RoundRecord]) -> bool:
        """Whether a cost is to be written or priced, or a claim taken back (G12)."""
        known = (self.costs, payer, self.charged)
        unpriced = any(line.waits for line in self.costs.lines)
        return unpriced or costs.is_unwritten(*known, rounds) or costs.is_overclaimed(*known)

    @property
    def is_open(self) -> bool:
        """Whether something of it is left to do, even when the work has ended."""
        money = (self.owed, self.unsigned_bill, self.to_give_back)
        return self.key is not None or any(bill is not None for bill in money)


def after(order: Order, event: ev.Event, round_number: int, work: Work) -> Order:
    """The work order after one more event; `work` is the round's before it."""
    by, at = event.actor.id, event.at
    borne = costs.after(order.costs, event, round_number)
    if borne is not order.costs:
        return replace(order, costs=borne)
    match event.payload:
        case ev.KeyTaken(resident_name=name, receipt=receipt):
            return replace(order, keys=(*order.keys, Key(receipt, Handover(name, at, by))))
        case ev.KeyReturned(resident_name=name):
            back = Handover(name, at, by)
            keys = tuple(key if key.returned else replace(key, returned=back) for key in order.keys)
            return replace(order, keys=keys)
        case ev.ItemCompared(actual=actual, differs=differs, component=component):
            compared = replace(order, actual=actual, differs=differs, compared_in=round_number)
            return replace(compared, component=component or order.component)
        case ev.NotFeasible(reason=reason):
            return replace(order, infeasible=reason)
        case ev.Proposed() | ev.Reopened():
            return replace(order, infeasible=None)
        case ev.MaterialUsed() as used:
            named = {name: getattr(used, name) for name in used.__struct_fields__}
            return replace(
                order, materials=(*order.materials, Material(**named, by=by, at=at, round=round_number))
            )
        case ev.Billed(labour_fen=labour, material_fen=material):
            earlier = tuple(bill for bill in order.bills if not (bill.round == round_number and bill.is_owed))
            return replace(order, bills=(*earlier, Bill(round_number, labour, material, by, at)))
        case ev.Paid(paid_fen=paid, receipt=receipt) if order.owed:
            return _with(order, order.owed, replace(order.owed, paid=Payment(paid, receipt, by, at)))
        case ev.ChargeGivenUp():
            free = (replace(bill, free=True) if bill.round == round_number else bill for bill in order.bills)
            return replace(order, bills=tuple(free))
        case ev.GivenBack(paid_fen=paid, receipt=receipt) if order.to_give_back:
            bill = order.to_give_back
            return _with(order, bill, replace(bill, given_back=Payment(paid, receipt, by, at)))
        case ev.AccountSigned() if order.unsigned_bill:
            bill = order.unsigned_bill
            return _with(order, bill, replace(bill, signed_by=by, signed_at=at))
        case ev.Disagreed(reason=reason, spoken_to=str()) if work.plan and work.plan.price_fen:
            return _refused(order, "price", reason, event)
        case ev.PaymentRefused(reason=reason):
            return _refused(order, "payment", reason, event, order.owed)
        case ev.RefusalSigned() if order.unsigned_refusal:
            return _refusal_signed(order, order.unsigned_refusal, event)
        case _:
            return order


def _with(order: Order, bill: Bill, changed: Bill) -> Order:
    return replace(order, bills=tuple(changed if known is bill else known for known in order.bills))


def _refused(order: Order, of: str, reason: str, event: ev.Event, bill: Bill | None = None) -> Order:
    refusal = Refusal(of, reason, event.actor.id, event.at, billed_at=bill.at if bill else None)
    return replace(order, refusals=(*order.refusals, refusal))


def _refusal_signed(order: Order, refusal: Refusal, event: ev.Event) -> Order:
    signed = replace(refusal, signed_by=event.actor.id, signed_at=event.at)
    refusals = tuple(signed if known is refusal else known for known in order.refusals)
    changed = replace(order, refusals=refusals)
    refused = order.refused(refusal)
    return changed if refused is None else _with(changed, refused, replace(refused, given_up=True))
