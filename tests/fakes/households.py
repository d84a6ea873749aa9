"""A stand-in of the store of household registers."""

from collections.abc import Iterator, Mapping

from chalicelib.domain.community.households import Household
from chalicelib.services.household_port import Load


class FakeHouseholds:
    """HouseholdStore."""

    def __init__(self) -> None:
        self.units: dict[tuple[str, str], Household] = {}
        self.phones: dict[tuple[str, str], dict[str, Household]] = {}
        self.counts: dict[str, int] = {}
        self.places: dict[str, tuple[str, ...]] = {}
        self.loads: dict[str, Load] = {}
        self.written = 0

    def of_unit(self, community: str, unit_key: str) -> Household | None:
        return self.units.get((community, unit_key))

    def of_phone(self, community: str, phone_key: str) -> tuple[Household, ...]:
        return tuple(self.phones.get((community, phone_key), {}).values())

    def every(self, community: str) -> Iterator[tuple[str, Household]]:
        return iter([(unit, found) for (place, unit), found in self.units.items() if place == community])

    def put(
        self,
        community: str,
        before: Mapping[str, Household],
        after: Mapping[str, Household],
        phone_keys: Mapping[str, str],
    ) -> None:
        for unit, household in before.items():
            for phone in household.phones():
                self.phones[community, phone_keys[phone]].pop(unit)
            self.units.pop((community, unit))
        for unit, household in after.items():
            self.written += 1
            self.units[community, unit] = household
            for phone in household.phones():
                self.phones.setdefault((community, phone_keys[phone]), {})[unit] = household

    def count(self, community: str) -> int | None:
        return self.counts.get(community)

    def buildings(self, community: str) -> tuple[str, ...]:
        return self.places.get(community, ())

    def set_count(self, community: str, units: int, buildings: tuple[str, ...] = ()) -> None:
        self.counts[community], self.places[community] = units, buildings

    def load(self, community: str) -> Load | None:
        return self.loads.get(community)

    def put_load(self, community: str, load: Load) -> None:
        self.loads[community] = load
