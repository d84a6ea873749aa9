"""The numbers of a month: which are used, and why one has no case (A4)."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct


class Void(Struct, frozen=True):
    """A number whose case never came into being, and why (A4)."""

    number: str
    cause: str
    at: datetime


class SerialBook(Struct, frozen=True):
    """`counter` is the last serial handed out, at `counted_at`; `present` says when each was used.

    A serial is used by a case or by an explanation why there is none. Up to `settled` all are used.
    """

    counter: int
    counted_at: datetime
    present: Mapping[int, datetime]
    settled: int = 0
