"""The forms of the acceptance of a work: signature, nobody at home, the day after the rain (B9, B13)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.own_signature import Drawn


class AcceptForm(Struct, frozen=True):
    """The form of a signature: whose, and what was drawn, as `data:image/png;base64,…` of at most 60 KB.

    Whoever takes it for the resident sends what was drawn, or hands in a picture of the signed paper before,
    with the stage `signed`. `proved`: the drain flows, or what was sealed has held in the rain. `device` is
    put in by the desk itself.
    """

    resident_name: ShortText
    signature: Drawn | None = None
    proved: bool | None = None
    note: LongText | None = None
    device: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class NobodyHomeForm(Struct, frozen=True):
    """The form of a visit in vain: when somebody comes `again_at`, or what note was left."""

    again_at: datetime | None = None
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class AcceptanceDayForm(Struct, frozen=True):
    """The form of the day from which a sealed roof or wall can be accepted: after the next rain."""

    day: date
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
