"""The port to what stands beside the cases of an incident: who leads it, and who has joined (A16)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from chalicelib.services.records import Page


class Lead(Struct, frozen=True):
    """A case that leads the incident of a place until an instant; `key` shows neither matter nor place."""

    key: str
    number: str
    until: datetime


class Serial(Struct, frozen=True):
    """A serial of a month, with the cases that lead an incident just now: known by the same call."""

    number: int
    leads: frozenset[Lead] = frozenset()


class IncidentStore(Protocol):
    """Which cases lead an incident, and which are joined to them (table `cases`)."""

    def joined(self, community: str, number: str) -> tuple[str, ...]:
        """The numbers of the cases joined to the incident of this one, in order. A consistent read."""

    def joined_to_each(self, community: str, numbers: Collection[str]) -> Mapping[str, int]:
        """How many cases are joined to the incident of each; one call, best for neighbours in number."""

    def leaders(self, community: str, limit: int, cursor: Mapping[str, str] | None) -> Page[str]:
        """The numbers of the cases that have led an incident, newest first."""

    def show_lead(self, community: str, month: str, lead: Lead, *, shown: bool) -> None:
        """Have a month's serials tell that this case leads, or no more; one write."""
