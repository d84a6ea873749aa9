"""The port to what expires by itself: codes, keys, marks, counters, and how far something has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.case.links import Link


class RateCounter(Struct, frozen=True):
    """A counter of one window of time: `bucket` says of what, `most` is how far it may go."""

    bucket: str
    most: int
    ends_at: datetime


class LinkStore(Protocol):
    """Link codes by their hash, idempotency records and marks (table `links`)."""

    def find(self, code_hash: str) -> Link | None: ...

    def keep_code(self, key: str, code_hash: str, expires_at: datetime) -> None:
        """Keep the hash of a code that proves a number, instead of an earlier one."""

    def try_code(self, key: str) -> tuple[str | None, datetime, int]:
        """The hash of the code (None: none left), until when it is good, and how often it was tried."""

    def use_code(self, key: str) -> None: ...

    def marked(self, key: str, now: datetime) -> str | None:
        """The number of the case that has left a mark; None if nobody has, or it has run out."""

    def marked_all(self, keys: Sequence[str], now: datetime) -> Mapping[str, str]:
        """The numbers of the cases that left these marks, by key; one call."""

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        """Add one to a rate counter that forgets itself after its window; returns the count."""

    def count_within(self, counters: Sequence[RateCounter]) -> int | None:
        """Add one to each, if all have room; else the place of the first that is full. Or BusyError."""

    def give_back(self, counters: Sequence[RateCounter]) -> None:
        """Take back what was counted; nothing happens where too many are counting."""

    def take(self, key: str, owner: str, until: datetime) -> bool:
        """Take something that only one can have, until an instant; True for whoever has it already too."""

    def owner_of(self, key: str, now: datetime) -> str | None:
        """Who has it; None if nobody does, or not any more."""

    def hits(self, bucket: str, window_ends_at: datetime) -> int:
        """How far that counter is, without adding to it."""

    def remember(self, name: str, place: Mapping[str, str] | None, until: datetime) -> None:
        """Keep how far something has come that goes on another time; None: it is done."""

    def recall(self, name: str) -> Mapping[str, str] | None:
        """What was remembered last under a name (consistent read); None if nothing was, or for too long."""
