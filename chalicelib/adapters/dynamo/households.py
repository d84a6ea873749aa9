"""The household registers (E9), in the table of the cases.

| what | call |
|---|---|
| the household of a unit | one GetItem |
| the households with a number | one Query |
| the whole register | sixteen Queries, page after page of 1 MB |
| units are changed | BatchWriteItem by 25s: a row of the unit, and one for each number |

The rows lie in sixteen places by the first digit of their hash, so that loading is not slowed down by the
1,000 writes a second of one. Keys are keyed hashes; who lives there stands in `data` alone.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from msgspec import Struct
from pynamodb.pagination import ResultIterator

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.community.households import Household
from chalicelib.services.household_port import Load

UNIT, PHONE, COUNT, LOAD = "UNIT#", "PHONE#", "COUNT", "LOAD"
KEPT = timedelta(days=2)
"""How long what was said of a file is kept: its lines name people."""


class DynamoHouseholds:
    """HouseholdStore."""

    def of_unit(self, community: str, unit_key: str) -> Household | None:
        row = _row(keys.households(community, unit_key), f"{UNIT}{unit_key}")
        return read(row.data, Household) if row is not None else None

    def of_phone(self, community: str, phone_key: str) -> tuple[Household, ...]:
        rows = _rows(keys.households(community, phone_key), f"{PHONE}{phone_key}#")
        return tuple(read(row.data, Household) for row in rows)

    def every(self, community: str) -> Iterator[tuple[str, Household]]:
        for place in keys.places_of_households(community):
            for row in _rows(place, UNIT):
                yield row.sk.removeprefix(UNIT), read(row.data, Household)

    def put(
        self,
        community: str,
        before: Mapping[str, Household],
        after: Mapping[str, Household],
        phone_keys: Mapping[str, str],
    ) -> None:
        with CaseRow.batch_write() as batch:
            for unit, household in before.items():
                left = after[unit].phones() if unit in after else frozenset()
                for phone in household.phones() - left:
                    batch.delete(_of_phone(community, phone_keys[phone], unit))
                if unit not in after:
                    batch.delete(CaseRow(keys.households(community, unit), f"{UNIT}{unit}"))
            for unit, household in after.items():
                data = stored(household)
                for phone in sorted(household.phones()):
                    row = _of_phone(community, phone_keys[phone], unit)
                    row.data = data
                    batch.save(row)
                batch.save(CaseRow(keys.households(community, unit), f"{UNIT}{unit}", data=data))

    def count(self, community: str) -> int | None:
        found = _count(community)
        return found.units if found else None

    def buildings(self, community: str) -> tuple[str, ...]:
        found = _count(community)
        return found.buildings if found else ()

    def set_count(self, community: str, units: int, buildings: tuple[str, ...] = ()) -> None:
        _save(CaseRow(keys.households(community), COUNT, data=stored(_Count(units, buildings))))

    def load(self, community: str) -> Load | None:
        row = _row(keys.households(community), LOAD)
        return None if row is None else read(row.data, Load)

    def put_load(self, community: str, load: Load) -> None:
        ends = int((load.at + KEPT).timestamp())
        _save(CaseRow(keys.households(community), LOAD, data=stored(load), expires_at_epoch=ends))


class _Count(Struct, frozen=True):
    """How many units there are, and where. An earlier release has stored the number alone."""

    units: int
    buildings: tuple[str, ...] = ()


def _count(community: str) -> _Count | None:
    row = _row(keys.households(community), COUNT)
    if row is None:
        return None
    return _Count(int(row.data)) if str(row.data).isdecimal() else read(row.data, _Count)


def _save(row: CaseRow) -> None:
    """Save by BatchWriteItem: what loads a register has no right to put, as whoever gives commands has."""
    with CaseRow.batch_write() as batch:
        batch.save(row)


def _of_phone(community: str, phone_key: str, unit: str) -> CaseRow:
    return CaseRow(keys.households(community, phone_key), f"{PHONE}{phone_key}#{unit}")


def _row(place: str, sk: str) -> CaseRow | None:
    return next(iter(CaseRow.batch_get([(place, sk)], consistent_read=True)), None)


def _rows(place: str, beginning: str) -> ResultIterator[CaseRow]:
    found = CaseRow.sk.startswith(beginning)
    return CaseRow.query(place, found, consistent_read=True, attributes_to_get=["sk", "data"])
