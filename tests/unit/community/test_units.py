"""A unit is the same however it is written, and is shown as it was typed (A5, E8)."""

import pytest

from chalicelib.domain.community.units import unit_key
from tests.api_desk import api_desk
from tests.builders import community

CASES = "/v1/communities/riverside/cases"


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    "written",
    ["3-1201", " 3 - 1201 ", "3-1201室", "３－１２０１", "3栋1201", "3号楼1201室", "三栋1201",
     "3幢 1201号", "3座1201",
     "3—1201", "3–1201", "3#1201", "3号1201", "3棟1201室", "3/1201",
     "Building 3, Room 1201", "Blk 3 Unit 1201"],
)  # fmt: skip
def test_many_ways_to_write_one_unit(written: str) -> None:
    assert unit_key(written, community()) == "3-1201"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("3栋2单元1201", "3-2-1201"),
        ("十二号楼二单元101", "12-2-101"),
        ("二十一栋5", "21-5"),
        ("一〇三栋5", "103-5"),
        ("A座1201", "a-1201"),
        ("a1201", "a-1201"),
        ("商铺5号", "商铺-5"),
        ("室", "室"),
        ("三元里5号", "三元里-5"),
    ],
)
def test_what_tells_units_apart_stays(written: str, key: str) -> None:
    assert unit_key(written, community()) == key


def test_a_community_says_what_of_a_unit_matters() -> None:
    """Where rooms are numbered through the building, its entrance says nothing."""
    place = community(unit_pattern=r"(\d+)-(?:\d+-)?(\d+)")
    assert unit_key("3-2-1201", place) == unit_key("3栋2单元1201室", place) == unit_key("3-1201", place)
    assert unit_key("商铺5号", place) == "商铺-5"


@pytest.mark.req("E8")
def test_the_list_of_a_unit_has_all_its_cases_each_as_it_was_typed() -> None:
    typed = ["3-1201室", "３－１２０１", "3栋1201"]
    with api_desk() as desk:
        numbers = [desk.report(unit=unit, key=unit.encode().hex()).json_body["number"] for unit in typed]
        desk.report(unit="3-1202", key="other")
        found = desk.get(f"{CASES}?unit=3%E5%8F%B7%E6%A5%BC1201", user="agent-1").json_body
        assert sorted(line["number"] for line in found["items"]) == numbers
        shown = [desk.get(f"{CASES}/{number}", user="agent-1").json_body["unit"] for number in numbers]
        assert shown == typed
