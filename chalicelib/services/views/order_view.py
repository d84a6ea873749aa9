"""The work order of a case as its resident sees it (B9, B10): what it is, what it costs, what was paid."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.costs import Costs
from chalicelib.domain.case.order import Bill, Order


class BillView(Struct, frozen=True):
    """A bill in fen, and the receipt once it is paid.

    `free`: somebody else pays, so nothing is to be paid, and what was paid is given back.
    """

    labour_fen: int
    material_fen: int
    total_fen: int
    billed_at: datetime
    paid_at: datetime | None
    receipt: str | None
    free: bool = False


class OrderView(Struct, frozen=True):
    """The work order for its resident: names of nobody, and nothing that is among colleagues.

    `key_receipt` is that of the key that the desk has; `actual` what the item is, if it `differs` from what
    was reported, `infeasible` why it cannot be repaired.
    """

    key_receipt: str | None
    actual: str | None
    differs: bool
    bills: tuple[BillView, ...]
    infeasible: str | None = None


def order_view(order: Order) -> OrderView | None:
    """The work order for its resident; None while there is nothing in it for them: not what others bear."""
    if replace(order, costs=Costs()) == Order():
        return None
    return OrderView(
        key_receipt=order.key.receipt if order.key else None,
        actual=order.actual,
        differs=order.differs,
        infeasible=order.infeasible,
        bills=tuple(_bill(bill) for bill in order.bills),
    )


def _bill(bill: Bill) -> BillView:
    return BillView(
        labour_fen=bill.labour_fen,
        material_fen=bill.material_fen,
        total_fen=bill.total_fen,
        billed_at=bill.at,
        paid_at=bill.paid.at if bill.paid else None,
        receipt=bill.paid.receipt if bill.paid else None,
        free=bill.free,
    )


def order_of(order: Order) -> Order | None:
    """The work order for staff, whole; None while there is nothing in it."""
    return None if order == Order() else order
