"""The forms of the commands between the assignment and the end of the work.

Those that many commands share are in case/form_fields.py.
"""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.money import check_fen, check_quantity

FINDINGS = ("true", "partly_true", "untrue")
"""What a complaint can be found to be (B1)."""


class VerifyForm(Struct, frozen=True):
    """The form of having looked into a complaint: what it was found to be, and by what (B1, S3)."""

    finding: str
    note: LongText

    def __post_init__(self) -> None:
        if self.finding not in FINDINGS:
            raise InvalidInputError(f"There is no finding {self.finding!r}; there are {', '.join(FINDINGS)}.")
        check(self)


class RejectForm(Struct, frozen=True):
    """The form of finding a case untrue (B1)."""

    findings: LongText

    def __post_init__(self) -> None:
        check(self)


class ProposeForm(Struct, frozen=True):
    """The form of a plan (B4), with its price.

    That of an item of the price list (`price_item`), for `quantity` of it and `material_fen` for materials
    beside; or `price_fen`, in fen, ¥120 → 12000. Without either it costs nothing (B10).
    """

    cause: LongText
    plan: LongText
    price_fen: int | None = None
    price_item: ShortText | None = None
    quantity: int | None = None
    material_fen: int | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_fen("price_fen", self.price_fen, 1)
        check_fen("material_fen", self.material_fen)
        if self.price_item is None and (self.quantity, self.material_fen) != (None, None):
            raise InvalidInputError(
                "'quantity' and 'material_fen' go with an item of the price list; else 'price_fen' is all.",
                "item_missing",
            )
        if self.price_item is not None and self.price_fen is not None:
            raise InvalidInputError(
                "The price is the list's ('price_item'), or one of its own ('price_fen'); give one of them.",
                "list_or_own",
            )
        check_quantity(self.quantity)


class PauseForm(Struct, frozen=True):
    """The form of a pause (G4).

    `reason` is one of the regulation's; `evidence` says what proves it; `until` is within the cap.
    """

    until: datetime
    reason: ShortText
    evidence: LongText

    def __post_init__(self) -> None:
        check(self)


class ExtensionForm(Struct, frozen=True):
    """The form of a request for more time to solve (G5)."""

    until: datetime
    reason: LongText

    def __post_init__(self) -> None:
        check(self)


class ReplanForm(Struct, frozen=True):
    """The form of planning anew: why the calendar has changed (G1).

    `amended` is the day that somebody amended, if one did.
    """

    reason: LongText
    amended: date | None = None

    def __post_init__(self) -> None:
        check(self)


class ChargeForm(Struct, frozen=True):
    """The form of saying whether the work costs the resident money, and why (G11).

    `on_list`: the price list has its price, so nobody has to work one out (C16).
    """

    chargeable: bool
    reason: LongText
    on_list: bool = False

    def __post_init__(self) -> None:
        check(self)


class CauseForm(Struct, frozen=True):
    """The form of the department's answer: the cause, and what is done about it (B4)."""

    cause: LongText
    plan: LongText

    def __post_init__(self) -> None:
        check(self)


class ReferForm(Struct, frozen=True):
    """The form of sending a resident to whom it is for to solve (B1)."""

    to: ShortText
    explanation: LongText

    def __post_init__(self) -> None:
        check(self)


class CompleteForm(Struct, frozen=True):
    """The form of a completion (B4, B9): what was done, what caused it, and what prevents it.

    The cause is owed where the department has not answered yet.
    """

    result: LongText
    prevention: LongText | None = None
    cause: LongText | None = None

    def __post_init__(self) -> None:
        check(self)


class SuggestionForm(Struct, frozen=True):
    """The form of the manager's decision on a suggestion (A13).

    `answer` is what the resident is told of it.
    """

    adopted: bool
    answer: LongText

    def __post_init__(self) -> None:
        check(self)
