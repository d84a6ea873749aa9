"""The household register on DynamoDB: found by unit and number, and no key names anybody (E9)."""

from datetime import date

import pytest

from chalicelib.adapters.dynamo.households import DynamoHouseholds
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.community.households import Dweller, Household
from chalicelib.services.household_port import Load
from tests.builders import MONDAY, Office
from tests.fakes.households import FakeHouseholds

PHONE, OTHER = "+8613900001234", "+8613700001111"
KEYS = {PHONE: "a1" * 16, OTHER: "b2" * 16}
UNIT, SECOND = "c3" * 12, "04" * 12
HOME = Household("3-1201", date(2024, 6, 1), (Dweller("王芳", (PHONE,)),))


@pytest.mark.req("E9")
@pytest.mark.parametrize("make", [FakeHouseholds, DynamoHouseholds])
def test_a_register_is_written_changed_and_emptied(make: type, dynamo_place: Office) -> None:
    store = make()
    two = Household("9-1", None, (Dweller("王芳", (PHONE,)), Dweller("李强", (OTHER,))))
    store.put("riverside", {}, {UNIT: HOME, SECOND: two}, KEYS)
    assert store.of_unit("riverside", UNIT) == HOME
    assert set(store.of_phone("riverside", KEYS[PHONE])) == {HOME, two}
    assert dict(store.every("riverside")) == {UNIT: HOME, SECOND: two}
    moved = Household("9-1", None, (Dweller("李强", (OTHER,)),))
    store.put("riverside", {SECOND: two}, {SECOND: moved}, KEYS)
    assert store.of_phone("riverside", KEYS[PHONE]) == (HOME,)
    assert store.of_phone("riverside", KEYS[OTHER]) == (moved,)
    store.put("riverside", {UNIT: HOME}, {}, KEYS)
    assert store.of_unit("riverside", UNIT) is None
    assert store.of_phone("riverside", KEYS[PHONE]) == ()
    assert store.count("riverside") is None
    store.set_count("riverside", 1)
    assert store.count("riverside") == 1
    load = Load("f" * 16, "manager-1", MONDAY, "checking")
    store.put_load("riverside", load)
    assert store.load("riverside") == load
    assert store.of_unit("hillside", SECOND) is None


@pytest.mark.req("E9", "E8")
def test_no_key_names_a_unit_or_number(dynamo_place: Office) -> None:
    DynamoHouseholds().put("riverside", {}, {UNIT: HOME}, KEYS)
    rows = list(CaseRow.scan())
    assert len(rows) == 2
    assert not any(part in f"{row.pk} {row.sk}" for row in rows for part in ("1201", "139", "王"))
