"""The port to the accounts (B9, G12), which are written with the cases."""

from typing import Protocol

from chalicelib.domain.work.accounts import Entry, MonthSigned
from chalicelib.domain.work.borne import Borne


class AccountStore(Protocol):
    """The accounts of the communities, by month of payment."""

    def month(self, community: str, month: str) -> tuple[tuple[Entry, ...], MonthSigned | None]:
        """What was paid in a month (`YYYYMM`), in order of payment, and its signature; one query."""

    def owed(self, community: str) -> tuple[Entry, ...]:
        """What was billed and is not paid, the oldest bill first; one query."""

    def borne(self, community: str, party: str) -> tuple[Borne, ...]:
        """What a party bears of each case, in order of their numbers; one query."""

    def sign(self, community: str, signed: MonthSigned) -> bool:
        """Put a signature under a month; False if one is there."""
