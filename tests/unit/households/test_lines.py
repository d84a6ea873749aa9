"""A sheet of households line by line: what fits, and what is wrong in a sentence (E9)."""

import io
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from chalicelib.adapters.word_files import WordFiles
from chalicelib.domain.community.households import Dweller, Household, Remark, Tenure, how_many_wrong
from chalicelib.http.household_lines import households_of, read_sheet
from chalicelib.http.spreadsheet import LARGEST, NO_VALUES, table_of
from tests.builders import community

HEAD = ("楼栋", "单元", "房号", "姓名", "联系电话", "身份", "交付日期", "需要关照", "同意人", "同意日期")
WHOLE = (
    "3栋",
    "",
    "1201",
    "王芳",
    "13900001234、020-87654321",
    "业主",
    "2024-06-01",
    "是",
    "王芳",
    "2026/1/5",
)
PLACE = community()
MIDNIGHT = datetime(2024, 6, 1)  # noqa: DTZ001 - as a spreadsheet has it


def read(*lines: tuple[object, ...], head: tuple[object, ...] = HEAD, **place: Any) -> Any:
    where = replace(PLACE, **place)
    return households_of(enumerate((head, *lines), 1), where)


def wrong(*lines: tuple[object, ...], **place: Any) -> list[tuple[int, str]]:
    return [(remark.line, remark.reason) for remark in read(*lines, **place)[1]]


def changed(**cells: object) -> tuple[object, ...]:
    return tuple(cells.get(f"c{at}", cell) for at, cell in enumerate(WHOLE))


@pytest.mark.req("E9", "G15")
def test_a_line_is_a_person_of_a_unit() -> None:
    found, remarks = read(WHOLE, ("3", "", 1201.0, "王强", 13700001111, "家属", MIDNIGHT, "", "", ""))
    assert remarks == ()
    fang = Dweller(
        "王芳",
        ("+8613900001234", "+862087654321"),
        care=True,
        consented_by="王芳",
        consented_on=date(2026, 1, 5),
    )
    strong = Dweller("王强", ("+8613700001111",), Tenure.FAMILY)
    assert found == {"3-1201": Household("3栋-1201", date(2024, 6, 1), (fang, strong))}


@pytest.mark.req("E9")
def test_an_empty_flat_is_a_unit_with_a_handover() -> None:
    found, remarks = read(("", "", "3-1202", "", "", "", "2024年6月1日", "", "", ""), ())
    assert remarks == ()
    assert found == {"3-1202": Household("3-1202", date(2024, 6, 1))}


@pytest.mark.req("E9", "G15")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (changed(c2=""), "no_unit"),
        (changed(c2="5-1201"), "other_building"),
        (changed(c2="1" * 50), "long_unit"),
        (changed(c3=""), "no_name"),
        (changed(c3="王" * 50), "long_name"),
        (changed(c4="1.39E+10"), "bad_phone"),
        (changed(c4="12345"), "bad_phone"),
        (changed(c4="、".join(f"1390000123{digit}" for digit in range(6))), "many_phones"),
        (changed(c5="朋友"), "bad_tenure"),
        (changed(c6="2024-13-01"), "bad_day"),
        (changed(c6=45444), "bad_day"),
        (changed(c6="9999-12-31"), "bad_day"),
        (changed(c6=datetime(1, 1, 1)), "bad_day"),  # noqa: DTZ001 - as a spreadsheet has it
        (changed(c7="也许"), "bad_care"),
        (changed(c8=""), "no_consent"),
        (changed(c9=""), "no_consent"),
    ],
)
def test_what_is_wrong_is_said_of_its_line(line: tuple[object, ...], reason: str) -> None:
    assert wrong(WHOLE[:3], line) == [(3, reason)]


@pytest.mark.req("E9")
def test_lines_of_one_unit_that_contradict_one_another() -> None:
    again = changed(c6="2025-06-01", c3="王强", c4="")
    assert wrong(WHOLE, again) == [(3, "other_handover")]
    assert wrong(WHOLE, WHOLE) == [(3, "same_person")]
    other_entrance = ("3", "2", "1201", "李强", "", "", "", "", "", "")
    pattern = r"(\d+)-(?:\d+-)?(\d+)"
    assert wrong(WHOLE, other_entrance, unit_pattern=pattern) == [(3, "two_units")]
    assert wrong(WHOLE, other_entrance) == [], "without the pattern these are two units"


@pytest.mark.req("E9")
def test_two_people_with_one_number_are_told_and_stop_nothing() -> None:
    _, remarks = read(WHOLE, ("5", "", "101", "李强", "13900001234", "", "", "", "", ""))
    assert remarks == (Remark(3, "same_phone", {"first": 2}, told=True),)
    _, remarks = read(WHOLE, ("5", "", "101", "王芳", "13900001234", "", "", "", "", ""))
    assert remarks == (), "one person with two flats"


@pytest.mark.req("E9")
def test_headings_that_nobody_knows() -> None:
    assert [remark.reason for remark in read(WHOLE, head=("甲", "乙"))[1]] == ["no_heading"]
    assert [remark.reason for remark in read(WHOLE, head=("房号", "房号"))[1]] == ["heading_twice"]
    assert read(("1-101", "x"), head=("房号", "车牌"))[1][0].told
    assert [remark.reason for remark in read()[1]] == []
    assert households_of([], PLACE)[1][0].reason == "empty"


def xlsx(*lines: tuple[object, ...], joined: str = "") -> bytes:
    book = openpyxl.Workbook()
    for line in (HEAD, *lines):
        book.active.append(line)
    if joined:
        book.active.merge_cells(joined)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(3):
            archive.writestr(f"xl/{part}.xml", b" " * 15_000_000)
    return written.getvalue()


@pytest.mark.req("E9")
def test_a_spreadsheet_is_read_with_its_dates_and_numbers() -> None:
    sheet = table_of(xlsx(changed(c4=13900001234, c6=MIDNIGHT)))
    found, remarks = households_of(sheet.lines, PLACE)
    assert (sheet.remarks, remarks) == ((), ())
    assert found["3-1201"].handed_over_on == date(2024, 6, 1)
    assert found["3-1201"].phones() == {"+8613900001234"}


@pytest.mark.req("E9")
@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 0, "empty"),
        (b"PK\x03\x04 not a spreadsheet", 0, "file_broken"),
        (b"\xd0\xcf\x11\xe0 old", 0, "file_old"),
        (b"MZ\x00\x00 a program", 0, "file_unknown"),
        (b"\xff\xfb\x81", 0, "file_encoding"),
        (b"x" * (LARGEST + 1), 0, "file_large"),
        (b"a\n" * 40_002, 0, "many_lines"),
        (bomb(), 0, "file_unpacks"),
        (xlsx(changed(c2="=A1")), 2, "formula"),
        (xlsx(changed(c2="#REF!")), 2, "cell_error"),
        (xlsx(WHOLE, WHOLE, joined="A2:A3"), 2, "joined"),
    ],
)
def test_what_is_no_sheet_is_a_sentence(data: bytes, line: int, reason: str) -> None:
    assert (line, reason) in [(remark.line, remark.reason) for remark in table_of(data).remarks]


@pytest.mark.req("E9")
@pytest.mark.parametrize("cell", [MIDNIGHT, time(3, 12), True])
@pytest.mark.parametrize("column", ["c1", "c2", "c4"])
def test_what_the_spreadsheet_took_for_a_day_or_a_truth_is_no_text(column: str, cell: object) -> None:
    _, remarks = households_of(table_of(xlsx(changed(**{column: cell}))).lines, PLACE)
    assert [(remark.line, remark.reason) for remark in remarks] == [(2, "no_text")]


@pytest.mark.req("E9")
def test_the_first_sheet_that_can_be_seen_and_has_something_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(changed(c2="隐藏"))
    book.active.sheet_state = "hidden"
    book.create_sheet("封面")
    for title in ("一期", "二期"):
        sheet = book.create_sheet(title)
        sheet.append(HEAD)
        sheet.append(changed(c2=title))
    written = io.BytesIO()
    book.save(written)
    table = table_of(written.getvalue())
    assert table.lines[1][1][2] == "一期"
    (told,) = table.remarks
    assert (told.reason, told.told, told.facts["sheets"]) == ("sheets_ignored", True, "Sheet、二期")


@pytest.mark.req("E9")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_file_in_any_of_its_writings(encoding: str, between: str) -> None:
    text = between.join(("房号", "姓名", "电话")) + "\r\n" + between.join(("3-1201", "王芳", "13900001234"))
    found, remarks = households_of(table_of(text.encode(encoding)).lines, PLACE)
    assert remarks == ()
    assert found["3-1201"].people[0].name == "王芳"


@pytest.mark.req("E9")
@pytest.mark.parametrize(
    ("encoding", "lines"),
    [
        ("big5", "房號,姓名,電話\n3-1201,王芳,13900001234\n"),
        ("big5", "房號,姓名,電話,身分\n3-1201,歐陽美玲,13900001234,業主\n3-1202,許志豪,,租客\n"),
        ("big5hkscs", "房號,姓名\n3-1201,陳嘉欣\n3-1202,李柏堃\n"),
        ("gbk", "房号,姓名,电话\n3-1201,王芳,13900001234\n"),
        ("gbk", "房号,姓名\n3-1201,朱镕喆\n3-1202,陳嘉欣\n"),
        ("gb18030", "房号,姓名\n3-1201,㐂氏\n"),
    ],
)
def test_gbk_and_big5_are_told_apart_by_what_is_written(encoding: str, lines: str) -> None:
    assert table_of(lines.encode(encoding)) == table_of(lines.encode())


@pytest.mark.req("E9")
def test_what_is_hidden_in_a_spreadsheet_is_read_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["房号", "姓名", "备注"])
    for number in range(1, 9):
        sheet.append([f"3-120{number}", f"王{number}", ""])
    for row in (3, 4, 5, 8):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[200].hidden = True  # below the last line
    data = io.BytesIO()
    book.save(data)
    found = read_sheet(data.getvalue(), PLACE)
    assert len(found.households) == 8, "read like the rest"
    told = {remark.reason: remark.facts for remark in found.remarks}
    assert told["rows_hidden"] == {"count": 4, "rows": "3–5、8"}
    assert told["columns_hidden"] == {"columns": "C"}
    assert how_many_wrong(found.remarks) == 0, "told, and no fault"
    said = WordFiles().pages("zh-CN")["households_wrong"]["rows_hidden"].format_map(told["rows_hidden"])
    assert "3–5、8" in said


def test_every_remark_has_its_words() -> None:
    root = Path(__file__).parents[3] / "chalicelib"
    source = "".join(
        (root / name).read_text("utf-8")
        for name in (
            *("http/spreadsheet.py", "http/table_lines.py", "http/household_lines.py"),
            "services/households/loading.py",
        )
    )
    raised = set(re.findall(r'(?:Wrong|_refused|Remark)\((?:[\w.]+, )?"(\w+)"', source))
    raised |= set(NO_VALUES.values())
    assert len(raised) > 20
    for language in ("en", "zh-CN", "zh-TW"):
        assert raised == set(WordFiles().pages(language)["households_wrong"])
