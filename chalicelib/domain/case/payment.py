"""Money that changed hands against a receipt (B9)."""

from datetime import datetime

from msgspec import Struct


class Payment(Struct, frozen=True):
    """A payment that a cashier took, or gave back; in fen."""

    paid_fen: int
    receipt: str
    by: str
    at: datetime
