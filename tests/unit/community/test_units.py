"""A unit is the same however it is written, and is shown as it was typed (A5, E8)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.community.places import buildings_of, places_of
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.intake.search_places import place_terms
from chalicelib.domain.intake.search_terms import terms_asked
from chalicelib.services.views.filters import is_in_building
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
        ("商舖05號", "商铺-5"),
        ("3号门", "3-门"),
        ("3楼301", "3-301"),
        ("3层301", "301"),
        ("3栋2楼5室", "3-2-5"),
        ("Building 17, Entrance 2, 19/F, Room 1901", "17-2-1901"),
    ],
)
def test_what_tells_units_apart_stays(written: str, key: str) -> None:
    assert unit_key(written, community()) == key


def in_words(number: int) -> str:
    """12 as 十二, and 20 as 二十."""
    tens, ones = divmod(number, 10)
    begins = "" if not tens else "十" if tens == 1 else f"{'一二三四五六七八九'[tens - 1]}十"
    return begins + ("一二三四五六七八九"[ones - 1] if ones else "")


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A unit as its key says it, and as somebody writes it."""
    building, entrance, floor = (draw(st.integers(1, most)) for most in (99, 9, 33))
    room = f"{floor}{draw(st.integers(1, 12)):02}"

    def count(number: int) -> str:
        return draw(st.sampled_from([str(number), f"0{number}", in_words(number)]))

    gap = draw(st.sampled_from(["", " "]))
    if draw(st.booleans()):
        between = draw(st.sampled_from(["-", " - ", "－", "—", "/", "#"]))
        zeros = [draw(st.sampled_from(["", "0"])) for _ in range(2)]
        written = between.join((f"{zeros[0]}{building}", f"{zeros[1]}{entrance}", room))
    else:
        named = draw(st.sampled_from(["栋", "幢", "座", "号楼", "棟", "號樓"]))
        way = draw(st.sampled_from(["单元", "門", "门", "單元"]))
        level = draw(st.sampled_from(["", "楼", "层", "樓", "層"]))
        over = f"{count(floor)}{level}{gap}" if level else ""
        end = draw(st.sampled_from(["", "室", "号", "房"]))
        first = draw(st.sampled_from(["", "第"]))
        written = f"{first}{count(building)}{named}{gap}{count(entrance)}{way}{gap}{over}{room}{end}"
    wide = draw(st.booleans())
    digits = str.maketrans("0123456789", "０１２３４５６７８９") if wide else {}
    return f"{building}-{entrance}-{room}", written.translate(digits)


@pytest.mark.req("E8")
@given(spellings())
def test_any_spelling_of_a_unit_has_its_key_and_finds_it(spelling: tuple[str, str]) -> None:
    key, written = spelling
    assert unit_key(written, community()) == key
    found = set(place_terms(key, community()))
    assert {term.text for term in terms_asked(written, community())} <= found
    assert set(place_terms(written, community())) == found
    without = community(unit_pattern=r"(\d+)-(?:\d+-)?(\d+)")
    assert unit_key(written, without) == re.sub("-.*-", "-", key)


@pytest.mark.req("E8", "B2")
def test_what_hangs_on_a_unit_agrees_on_its_spelling() -> None:
    """Stewards, buildings and risers begin as the units do."""
    for written in ("17-02-1901", "第十七栋2单元十九楼1901", "17栋二门1901"):
        assert places_of(written, community()) == places_of("17-2-1901", community())
        assert is_in_building("017幢", written, community())
        assert buildings_of([written], community()) == ("17-2",)


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
