"""The forms of the work order: key, item, materials, bill, payment (B9, B10)."""

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.own_signature import Drawn
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.money import check_fen, check_quantity

QUALITIES = ("fit", "unfit", "poor")
"""What a material that the resident brought can be found to be (S4)."""


class KeyForm(Struct, frozen=True):
    """The form of a key that is left at the desk: by whom, and the number of the receipt that they get."""

    resident_name: ShortText
    receipt: ShortText
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class KeyBackForm(Struct, frozen=True):
    """The form of a key that is given back: to whom."""

    resident_name: ShortText
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class ItemForm(Struct, frozen=True):
    """The form of what an item is, looked at on the spot; `differs` from what was reported (B10).

    `component` is the part of the building, where a warranty is asked by that: heating, cooling (G12).
    """

    actual: ShortText
    differs: bool
    component: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class MaterialForm(Struct, frozen=True):
    """The form of a material: what, how much, and what the check found of one that the resident brought.

    What is on the price list is given by its item and `quantity` (1 without it), anything else as `what` and
    `amount` in words.
    `quality` is one of `QUALITIES`, with `residents` only. What is not fit goes with the `warning` that was
    given, and with `spoken_to`, who heard it (B10).
    """

    what: ShortText | None = None
    amount: ShortText | None = None
    residents: bool = False
    quality: ShortText | None = None
    warning: LongText | None = None
    spoken_to: ShortText | None = None
    price_item: ShortText | None = None
    quantity: int | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_quantity(self.quantity)
        if self.price_item is None and not (self.what and self.amount):
            raise InvalidInputError(
                "Give 'what' and 'amount', or the item of the price list, 'price_item'.", "which_material"
            )
        if self.price_item is None and self.quantity is not None:
            raise InvalidInputError(
                "'quantity' goes with an item of the price list; else say how much by 'amount'.",
                "quantity_of_item",
            )
        if self.price_item is not None and self.residents:
            raise InvalidInputError(
                "What the resident brought has no price of ours; give 'what' and 'amount'.", "residents_own"
            )
        if self.quality is not None and self.quality not in QUALITIES:
            raise InvalidInputError(f"'quality' is one of: {', '.join(QUALITIES)}.")
        if self.residents != (self.quality is not None):
            raise InvalidInputError(
                "'quality' is given with what the resident brought, and with nothing else.", "quality_of_own"
            )
        is_bad = self.quality in {"unfit", "poor"}
        if is_bad and not (self.warning and self.spoken_to):
            raise InvalidInputError(
                "What is unfit or poor goes with 'warning', what was said of it, and 'spoken_to', who heard.",
                "warning_missing",
            )


class BillForm(Struct, frozen=True):
    """The form of a bill, in fen: ¥35.50 → 3550. Both are given, 0 for what costs nothing."""

    labour_fen: int
    material_fen: int
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_fen("labour_fen", self.labour_fen)
        check_fen("material_fen", self.material_fen)
        check_fen("labour_fen + material_fen", self.labour_fen + self.material_fen, 1)


class PaymentForm(Struct, frozen=True):
    """The form of a payment, in fen, with the number of its receipt."""

    paid_fen: int
    receipt: ShortText

    def __post_init__(self) -> None:
        check(self)
        check_fen("paid_fen", self.paid_fen, 1)


class RefusedForm(Struct, frozen=True):
    """The form of what a resident would not agree to, or pay: who said so to whoever stood there, and why."""

    spoken_to: ShortText
    reason: LongText

    def __post_init__(self) -> None:
        check(self)


class SignedForm(Struct, frozen=True):
    """The form of an agreement signed on the worker's telephone: whose, and what was drawn (B10).

    Instead of drawing they may sign a paper; its picture is handed in before, with the stage `signed`.
    `device` is put in by the desk itself.
    """

    spoken_to: ShortText
    signature: Drawn | None = None
    device: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
