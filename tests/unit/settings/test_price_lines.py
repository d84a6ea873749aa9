"""A sheet of prices, line by line: each thing that is wrong is a sentence of its own (B10)."""

import io

import openpyxl
import pytest

from chalicelib.domain.community.prices import PriceItem
from chalicelib.http.price_lines import COLUMNS, read_prices
from chalicelib.web.words import languages, words

HEAD = "项目,单位,单价,编号\n"


def reasons(sheet: str | bytes) -> list[tuple[int, str]]:
    data = sheet.encode() if isinstance(sheet, str) else sheet
    return [(remark.line, remark.reason) for remark in read_prices(data, ()).remarks if not remark.told]


@pytest.mark.req("B10")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_read_in_whatever_a_spreadsheet_writes(encoding: str) -> None:
    sheet = HEAD + "更换水龙头,次,30,tap\n疏通下水,次,￥1，200.50,\n换灯 , 盏,12.3元,\n"
    found = read_prices(sheet.replace("1，200.50", '"1,200.50"').replace("￥", "").encode(encoding), ())
    assert not found.remarks
    assert [(item.name, item.fee_fen, item.unit_name) for item in found.items] == [
        ("更换水龙头", 3000, "次"),
        ("疏通下水", 120050, "次"),
        ("换灯", 1230, "盏"),
    ]
    assert found.items[0].id == "tap"
    assert found.items[1].id == read_prices(sheet.encode(), ()).items[-2].id, "the same name, the same id"


def test_an_item_that_is_known_by_its_name_keeps_its_id() -> None:
    known = (PriceItem("tap", "更换水龙头", 3000, "次"),)
    assert read_prices("项目,单位,单价\n更换水龙头,次,35\n".encode(), known).items[0].id == "tap"


@pytest.mark.req("B10")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("换灯,盏,12.345,", "three_decimals"),
        ("换灯,盏,-12,", "negative"),
        ("换灯,盏,0,", "nothing"),
        ("换灯,盏,面议,", "bad_price"),
        ("换灯,盏,1e400,", "too_dear"),
        ("换灯,盏,NaN,", "bad_price"),
        ("换灯,盏,1000000.01,", "too_dear"),
        ("换灯,盏,,", "no_price"),
        ("换灯,,12,", "no_unit"),
        (",盏,12,", "no_name"),
        (f"{'灯' * 61},盏,12,", "long_name"),
        (f"换灯,{'盏' * 21},12,", "long_unit"),
        ("换灯,盏,=10+2,", "formula_text"),
        ("=A1,盏,12,", "formula_text"),
        ("更换 水龙头,次,12,", "same_name"),
        ("换灯,盏,12,tap", "same_id"),
        ("换灯,盏,12,a b", "bad_id"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_by_line(line: str, reason: str) -> None:
    assert reasons(f"{HEAD}更换水龙头,次,30,tap\n{line}\n") == [(3, reason)]


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("", "empty"),
        (HEAD, "empty"),
        ("名字,钱\n换灯,12\n", "no_heading"),
        ("项目,单位,单价,价格\n换灯,盏,12,12\n", "heading_twice"),
        (b"\xd0\xcf\x11\xe0....", "file_old"),
        (b"PK\x03\x04....", "file_broken"),
        (b"\x00\x01", "file_unknown"),
        (HEAD + "".join(f"灯{number},盏,1,\n" for number in range(501)), "many_items"),
    ],
)
def test_what_is_no_price_list_at_all(sheet: str | bytes, reason: str) -> None:
    assert [found for _, found in reasons(sheet)] == [reason]


@pytest.mark.req("B10")
def test_formulas_and_joined_cells_of_a_workbook_are_named() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["项目", "单位", "单价"], ["换灯", "盏", "=10+2"], ["换锁", "次", 29.99], ["换阀", "只", 15]):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    assert reasons(written.getvalue()) == [(2, "formula")]
    sheet["C2"] = 12
    sheet.merge_cells("A3:A4")
    written = io.BytesIO()
    book.save(written)
    assert reasons(written.getvalue()) == [(3, "joined"), (4, "no_name")]
    sheet.unmerge_cells("A3:A4")
    sheet["A4"] = "换阀"
    written = io.BytesIO()
    book.save(written)
    assert [item.fee_fen for item in read_prices(written.getvalue(), ()).items] == [1200, 2999, 1500]


def test_each_remark_and_heading_stands_in_every_language() -> None:
    known = {heading for headings in COLUMNS.values() for heading in headings}
    for language in languages():
        said = words(language)
        assert {said(f"prices.{name}").casefold() for name in COLUMNS} <= known
