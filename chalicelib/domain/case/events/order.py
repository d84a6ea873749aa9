"""The events of the work order: key, item, materials, bill, payment (B9, B10, G11).

Amounts are in fen. The quote, and what the resident said to it, are in agreement.py.
"""

from msgspec import Struct

from chalicelib.domain.case.events.agreement import Listed
from chalicelib.domain.case.personal import Personal, Who


class KeyTaken(Struct, frozen=True):
    """A key was left at the desk: by whom, and the number of the receipt that they got (B9)."""

    resident_name: Who[str]
    receipt: str
    note: str | None = None


class KeyReturned(Struct, frozen=True):
    """The key that was left at the desk was given back: to whom (B9)."""

    resident_name: Who[str]
    note: str | None = None


class ItemCompared(Struct, frozen=True):
    """What was reported was compared with what it is, on the spot (B10).

    `differs`: it is something else, so that a price that was agreed to holds no more. `component` is the part
    of the building that it is, where the warranty asks for one (G12).
    """

    actual: str
    differs: bool = False
    component: str | None = None


class MaterialUsed(Struct, frozen=True):
    """A material of the work: what, and how much of it (B9).

    `residents`: the resident brought it. `quality` is then what the check found, one of `QUALITIES`;
    `warning` is what was said of using it, and `spoken_to` who heard that (B10). `listed` is its line of the
    price list, where it has one.
    """

    what: str
    amount: str
    residents: bool = False
    quality: str | None = None
    warning: str | None = None
    spoken_to: Who[str | None] = None
    listed: Listed | None = None


class Billed(Struct, frozen=True):
    """What the resident has to pay, once the work is known (B9, G11).

    `agreed_fen` is the price that was agreed to.
    """

    labour_fen: int
    material_fen: int
    agreed_fen: int
    note: str | None = None


class Paid(Struct, frozen=True):
    """The cashier took a payment: the amount, and the number of the receipt (B9, B10)."""

    paid_fen: int
    receipt: str


class PaymentRefused(Struct, frozen=True):
    """A resident did not pay the bill, and said why (B10)."""

    reason: Personal[str]
    spoken_to: Who[str | None] = None


class RefusalSigned(Struct, frozen=True):
    """A refusal, of price or bill, was signed by a leader as well (B10)."""

    note: str | None = None


class ChargeGivenUp(Struct, frozen=True):
    """What was charged is given up, for `payer` pays in the resident's place (B13, G12).

    `price_fen` is the price that was proposed, `owed_fen` what was billed; neither is to be paid any more.
    `paid_fen` was paid already, so that the cashier gives it back.
    """

    payer: str
    price_fen: int | None = None
    owed_fen: int | None = None
    paid_fen: int | None = None


class GivenBack(Struct, frozen=True):
    """The cashier gave back what was paid for something free: the amount, and its receipt (B9, B13)."""

    paid_fen: int
    receipt: str


class AccountSigned(Struct, frozen=True):
    """The statistician signed what was paid, with the month's account (B9)."""

    note: str | None = None


OrderEvent = (
    KeyTaken
    | KeyReturned
    | ItemCompared
    | MaterialUsed
    | Billed
    | Paid
    | PaymentRefused
    | RefusalSigned
    | ChargeGivenUp
    | GivenBack
    | AccountSigned
)
"""Every event of the work order; a new payload belongs here."""
