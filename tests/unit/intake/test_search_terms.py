"""Which terms a case is found by, and what a query asks for: any spelling leads to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case.events import Channel, Report
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.intake.search_terms import MOST_TERMS, is_too_short, terms_asked, terms_of
from tests.builders import community

REPORT = Report(
    text="三楼走廊的灯不亮，Lift B 也停了",
    unit="3-1-1201",
    resident_name="王小芳",
    phone="+8613900001234",
    channel=Channel.WEB,
    taken_by="resident",
    contacted_at=None,
)
PLACE = community()
OF_ITS_NUMBER = {"202611-0012", "0012", "12", "2026110012", "20261112"}
UNIT = replace(REPORT, text="漏水", unit="17-2-1901", resident_name=None, phone=None)


def finds(query: str, report: Report = REPORT) -> bool:
    asked = {term.text for term in terms_asked(query, PLACE)}
    return bool(asked) and asked <= terms_of("202611-0012", report, PLACE)


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    "query",
    [
        "202611-0012", "202611 - 12", "２０２６１１－００１２", "0012", "12",
        "202611 0012", "2026110012", "20261112", "202611–0012", "202611/12", "编号：202611-0012",
        "No. 2026110012",
        "13900001234", "139 0000 1234", "139-0000-1234", "+86 139 0000 1234", "008613900001234",
        "1234", "00001234", "１２３４", "1390000", "139000012",
        "3-1-1201", "3栋1单元1201室", "三栋一单元1201", "３－１－１２０１", "3 栋 1 单元 1201", "1201",
        "1201室", "311201", "03-01-1201", "3栋一门1201", "第三栋一单元十二楼1201", "3號樓1單元1201室",
        "3栋", "第三幢", "3号楼", "3号", "03栋1单元", "十二楼", "12层", "3栋12楼", "3栋停了",
        "停了 3栋", "三楼停了",
        "王小芳", "王", "小芳", "王小",
        "走廊", "走廊的灯", "灯不亮", "lift", "Lif", "LIFT b", "走廊 王小芳", "1201 走廊", "1234 停了",
    ],
)  # fmt: skip
def test_any_spelling_finds_it(query: str) -> None:
    assert finds(query)


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "！？",
        "13900001235",
        "1235",
        "4-1-1201",
        "李小芳",
        "走廊 李",
        "水管",
        "202612-0012",
        "走灯",
    ],
)
def test_what_is_not_said_finds_nothing(query: str) -> None:
    assert not finds(query)


@pytest.mark.req("E8")
def test_a_landline_is_found_with_or_without_its_code() -> None:
    landline = replace(REPORT, phone="+862161234567;ext=801")
    assert all(finds(query, landline) for query in ("021-61234567", "61234567", "02161234567", "4567"))


@pytest.mark.req("E8", "G13")
def test_of_a_masked_report_only_what_stands_there_is_found() -> None:
    masked = replace(REPORT, phone="139****1234", resident_name="王**", unit="*")
    assert finds("1234", masked)
    assert finds("王", masked)
    for query in ("13900001234", "1390000", "00001234", "王小芳", "小芳", "1201", "3-1-1201"):
        assert not finds(query, masked)


@pytest.mark.req("G24")
def test_an_erased_report_is_found_by_its_number_alone() -> None:
    erased = replace(REPORT, text="", unit="", resident_name="", phone="")
    assert terms_of("202611-0012", erased, PLACE) == OF_ITS_NUMBER


def test_the_rarest_is_asked_first_and_a_long_query_stays_short() -> None:
    assert terms_asked("走廊 1201", PLACE)[0].text == "1201"
    assert len(terms_asked("灯" * 60, PLACE)) == 1
    assert len(terms_asked("一二三四五六七八九十甲乙丙丁戊己庚辛", PLACE)) == MOST_TERMS


def test_what_nobody_knows_yet_is_found_by_nothing() -> None:
    unknown = replace(REPORT, text=None, unit=None, resident_name=None, phone=None)
    assert terms_of("202611-0012", unknown, PLACE) == OF_ITS_NUMBER


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    "query", ["17幢", "17栋", "第十七栋", "17号楼", "17座", "17号", "17楼", "building 17"]
)
def test_who_names_a_building_gets_what_is_in_it_and_no_serial(query: str) -> None:
    asked = {term.text for term in terms_asked(query, PLACE)}
    assert asked <= terms_of("202611-0044", UNIT, PLACE)
    assert not asked <= terms_of("202611-0017", REPORT, PLACE), "that has the serial 17"
    assert not asked <= terms_of(
        "202611-0018", replace(REPORT, unit="7-1-1317", phone="+8613900000017"), PLACE
    )


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("17幢", "17栋的电梯停了"), ("十七栋", "17栋的电梯停了"), ("17栋电梯", "十七栋二单元电梯停了"),
        ("17栋2单元", "十七栋二单元电梯停了"), ("17-2-1901", "是17栋2单元1901漏水"), ("3楼", "三楼走廊的灯"),
        ("三樓走廊", "3楼走廊的灯"), ("1201室", "1201室在敲墙"), ("5号线", "地铁5号线"),
    ],
)  # fmt: skip
def test_a_place_is_found_in_the_words_as_well(query: str, text: str) -> None:
    nowhere = replace(REPORT, unit=None, phone=None, resident_name=None)
    assert finds(query, replace(nowhere, text=text))
    assert not finds(query, replace(nowhere, text="漏水"))


@pytest.mark.req("E8", "A11")
@pytest.mark.parametrize(
    ("one", "other"),
    [("電梯", "电梯"), ("屋頂漏水", "屋顶漏水"), ("曉芳", "晓芳"), ("保安罵人", "保安骂人")],
)
def test_one_script_finds_what_was_said_in_the_other(one: str, other: str) -> None:
    for asked, said in ((one, other), (other, one)):
        assert finds(asked, replace(REPORT, text=f"這裡{said}了"))
        assert finds(asked, replace(REPORT, resident_name=said))
    assert unit_key("商舖5號", PLACE) == unit_key("商铺5号", PLACE)


@pytest.mark.req("E8")
def test_a_month_that_there_is_not_makes_no_number() -> None:
    assert [term.kind for term in terms_asked("202613-0012", PLACE)] != ["number"]
    assert terms_asked("202612-0012", PLACE)[0].kind == "number"


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("query", "short"),
    [
        ("摔", True),
        ("摔 电梯", True),
        ("li", True),
        ("摔倒", False),
        ("lift", False),
        ("17栋", False),
        ("12", False),
    ],
)
def test_a_word_that_finds_no_words_is_known(query: str, short: bool) -> None:
    assert is_too_short(query, PLACE) == short


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(query: str) -> None:
    terms_asked(query, PLACE)
    terms_of("202611-0001", replace(REPORT, text=query, unit=query, resident_name=query), PLACE)


@given(st.text(alphabet="走廊的灯不亮电梯", min_size=2, max_size=30), st.data())
def test_any_part_of_the_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert finds(text[start:end], replace(REPORT, text=text))
