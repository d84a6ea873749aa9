"""The port to the household register (E9). A unit or number goes in as its keyed hash, never as it is."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.community.households import Household, Remark


class Load(Struct, frozen=True):
    """The last file that was handed in, and how far it has come.

    `state`: `checking`, `checked`, `loading` or `loaded`. `new`, `changed` (new ones too) and `missing` count
    units against the register; `remarks` are at most 200 of all that there were, `wrong` counts those that
    stop it. `removes`: units that it lacks are taken out.
    """

    id: str
    by: str
    at: datetime
    state: str
    units: int = 0
    people: int = 0
    new: int = 0
    changed: int = 0
    missing: int = 0
    wrong: int = 0
    remarks: tuple[Remark, ...] = ()
    removes: bool = False


class HouseholdStore(Protocol):
    """The household registers of the communities."""

    def of_unit(self, community: str, unit_key: str) -> Household | None:
        """The household of a unit; one read."""

    def of_phone(self, community: str, phone_key: str) -> tuple[Household, ...]:
        """The households in which somebody has a number; one query."""

    def every(self, community: str) -> Iterator[tuple[str, Household]]:
        """Every household by the key of its unit."""

    def put(
        self,
        community: str,
        before: Mapping[str, Household],
        after: Mapping[str, Household],
        phone_keys: Mapping[str, str],
    ) -> None:
        """Have these units be as `after` says; a unit that is only in `before` is taken out.

        `phone_keys` has the key of each number of both.
        """

    def count(self, community: str) -> int | None:
        """How many units the register has; None if there never was one."""

    def buildings(self, community: str) -> tuple[str, ...]:
        """The buildings and entrances that the register has units in, such as `3` and `4-1`; one read."""

    def set_count(self, community: str, units: int, buildings: tuple[str, ...] = ()) -> None:
        """Put on record how many units there are, and in which buildings and entrances."""

    def load(self, community: str) -> Load | None:
        """The last file that was handed in, for two days."""

    def put_load(self, community: str, load: Load) -> None:
        """Put on record how far a file has come."""
