"""The forms of what a repair costs others than residents, and of claims (B9, G12)."""

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.money import check_fen, check_quantity


class CostForm(Struct, frozen=True):
    """The form of a line of a cost, in fen: ¥35.50 → 3550.

    What is on the price list is given by its item and `quantity` (1 without it), and is work unless it is
    `of_material`; `material_fen` are materials beside. Anything else is `what`, with its amounts if whoever
    writes may name them; without amounts it waits for the head of the department.
    """

    price_item: ShortText | None = None
    quantity: int | None = None
    of_material: bool = False
    what: ShortText | None = None
    labour_fen: int | None = None
    material_fen: int | None = None
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_quantity(self.quantity)
        check_fen("labour_fen", self.labour_fen)
        check_fen("material_fen", self.material_fen)
        if self.price_item is None and self.what is None:
            raise InvalidInputError(
                "Choose the item of the price list, 'price_item', or say in 'what' what it was.", "which_cost"
            )
        if self.price_item is None and (self.quantity is not None or self.of_material):
            raise InvalidInputError(
                "'quantity' and 'of_material' go with an item of the price list.", "quantity_of_item"
            )
        if self.price_item is not None and self.labour_fen is not None:
            raise InvalidInputError(
                "With an item of the price list the price is the list's: leave 'labour_fen' out.",
                "labour_of_list",
            )


class PriceCostForm(Struct, frozen=True):
    """The form that prices a line on no list, in fen; `line` is its number, needed where several wait.

    Both amounts are given, 0 for what cost nothing.
    """

    labour_fen: int
    material_fen: int
    line: int | None = None
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_fen("labour_fen", self.labour_fen)
        check_fen("material_fen", self.material_fen)


class StrikeCostForm(Struct, frozen=True):
    """The form that strikes a line out, by its number: why it is wrong."""

    line: int
    reason: LongText

    def __post_init__(self) -> None:
        check(self)


class ClaimForm(Struct, frozen=True):
    """The form of a claim, in fen: what it cost, under the number of the `document` that says so."""

    claimed_fen: int
    document: ShortText

    def __post_init__(self) -> None:
        check(self)
        check_fen("claimed_fen", self.claimed_fen, 1)


class WithdrawClaimForm(Struct, frozen=True):
    """The form of a claim that is made no more; `receipt` where something was paid and went back."""

    reason: LongText
    receipt: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
