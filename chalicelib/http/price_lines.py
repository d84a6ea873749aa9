"""A table of prices, line by line, as a price list: what fits, and what is wrong with each line (B10)."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from chalicelib.domain.community.households import Remark
from chalicelib.domain.community.prices import MOST_ITEMS, PriceItem
from chalicelib.domain.money import DEAREST_FEN
from chalicelib.domain.texts import cleaned, folded, with_gaps
from chalicelib.http.spreadsheet import Table, table_of
from chalicelib.http.table_lines import LONGEST_SHOWN, Wrong, read_lines

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "项目",
        "服务项目",
        "收费项目",
        "维修项目",
        "项目名称",
        "名称",
        "項目",
        "項目名稱",
        "item",
        "name",
    ),
    "unit": ("单位", "计价单位", "計價單位", "單位", "unit"),
    "price": (
        "单价",
        "价格",
        "单价(元)",
        "价格(元)",
        "金额",
        "收费标准",
        "單價",
        "價格",
        "單價(元)",
        "price",
    ),
    "id": ("编号", "项目编号", "編號", "項目編號", "id"),
}
"""What a column is → the headings by which it is known; the first and the last are told to readers."""
NEEDED = ("name", "unit", "price")
ID = re.compile(r"[\w.-]{1,40}", re.ASCII)
MONEY = re.compile(r"[¥￥$]|元|(?:rmb|cny|yuan)")
LONGEST_NAME, LONGEST_UNIT = 60, 20
FORMULA = ("=", "+", "@")
SHIELDED = re.compile(r"'(?=[=+@\t\r-])")
"""How our own files keep a name that looks like a formula from being worked out."""


class PriceSheet(Struct, frozen=True):
    """A file as it was read: its items, and what is to be said of its lines."""

    items: tuple[PriceItem, ...] = ()
    remarks: tuple[Remark, ...] = ()


def read_prices(data: bytes, known: Iterable[PriceItem]) -> PriceSheet:
    """A file as a price list; an item that is `known` by its name keeps its id, if the file names none."""
    table = table_of(data)
    if table.remarks and not table.lines:
        return PriceSheet((), table.remarks)
    items, remarks = _items_of(table, {item.name: item.id for item in known})
    # one line may be said twice: that its cell is a formula, and that there is no price in it
    named = {remark.line for remark in table.remarks}
    others = [remark for remark in remarks if remark.line not in named or remark.told]
    found = sorted((*table.remarks, *others), key=lambda remark: (remark.told, remark.line))
    return PriceSheet(items, tuple(found))


def _items_of(table: Table, known: Mapping[str, str]) -> tuple[tuple[PriceItem, ...], list[Remark]]:
    headings = {heading: name for name, of in COLUMNS.items() for heading in of}
    items: dict[str, PriceItem] = {}
    names: dict[str, int] = {}

    def take(at: int, cells: Mapping[str, object]) -> None:
        item = _item({name: _text(cell) for name, cell in cells.items()}, known)
        if first := names.get(folded(item.name)):
            raise Wrong("same_name", name=item.name[:LONGEST_SHOWN], first=first)
        if item.id in items:
            raise Wrong("same_id", id=item.id)
        items[item.id], names[folded(item.name)] = item, at

    _, remarks = read_lines(table.lines, _text, lambda said: headings.get(folded(said)), NEEDED, take)
    if not items and not remarks:
        remarks.append(Remark(0, "empty"))
    if len(items) > MOST_ITEMS:
        remarks.append(Remark(0, "many_items", {"most": MOST_ITEMS}))
    return tuple(items.values()), remarks


def _item(given: Mapping[str, str], known: Mapping[str, str]) -> PriceItem:
    name, unit = given.get("name", ""), given.get("unit", "")
    if not name:
        raise Wrong("no_name")
    for column, said in (("name", name), ("unit", unit), ("price", given.get("price", ""))):
        if said.startswith(FORMULA):
            raise Wrong("formula_text", column=COLUMNS[column][0], value=said[:LONGEST_SHOWN])
    name, unit = (SHIELDED.sub("", said) for said in (name, unit))
    if len(name) > LONGEST_NAME:
        raise Wrong("long_name", most=LONGEST_NAME)
    if not unit:
        raise Wrong("no_unit")
    if len(unit) > LONGEST_UNIT:
        raise Wrong("long_unit", most=LONGEST_UNIT)
    item_id = given.get("id", "") or known.get(name) or f"p{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    if not ID.fullmatch(item_id):
        raise Wrong("bad_id", value=item_id[:LONGEST_SHOWN])
    return PriceItem(item_id, name, _fen(given.get("price", "")), unit)


def _fen(said: str) -> int:
    """35.50 yuan as 3550 fen."""
    if not said:
        raise Wrong("no_price")
    plain = MONEY.sub("", unicodedata.normalize("NFKC", said).casefold()).replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Wrong("bad_price", value=said[:LONGEST_SHOWN]) from None
    if not amount.is_finite():
        raise Wrong("bad_price", value=said[:LONGEST_SHOWN])
    if amount < 0:
        raise Wrong("negative", value=said[:LONGEST_SHOWN])
    if amount == 0:
        raise Wrong("nothing")
    if amount > DEAREST_FEN // 100:
        raise Wrong("too_dear", value=said[:LONGEST_SHOWN], most=DEAREST_FEN // 100)
    if amount * 100 != (amount * 100).to_integral_value():
        raise Wrong("three_decimals", value=said[:LONGEST_SHOWN])
    return int(amount * 100)


def _text(cell: object) -> str:
    return cleaned(with_gaps("" if cell is None else str(cell)))
