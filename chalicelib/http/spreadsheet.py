"""Spreadsheets and CSV files as lines of cells, read with care (E9).

openpyxl reads XLSX: it is a quarter of the size of python-calamine in the package, and unlike that it says
which cells are formulas. What a file may unpack to is asked before anything of it is read.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from chalicelib.domain.community.households import Remark
from chalicelib.http.encodings import decoded

LARGEST, LARGEST_UNPACKED = 20_000_000, 40_000_000
"""Bytes of a file, and of what it unpacks to: 10,000 units are 1 MB, and 10 MB.

What is unpacked takes 16 times as much memory while it is read: 640 MB of the function's 1024.
"""
MOST_LINES, MOST_COLUMNS = 40_000, 40
XLSX, OLD_XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_NAMED = 20
"""So many formulas and joined cells are named; there may be ten thousand."""
NO_VALUES = {"f": "formula", "e": "cell_error"}
"""What a cell can be instead of a value, as openpyxl calls it."""


class Table(Struct, frozen=True):
    """A file as numbered lines of cells, with remarks on the rest."""

    lines: tuple[tuple[int, tuple[object, ...]], ...]
    remarks: tuple[Remark, ...] = ()


def table_of(data: bytes) -> Table:
    """The lines of a file: the first sheet of XLSX that can be seen, or CSV in UTF-8, UTF-16, GBK or Big5.

    What is hidden in a spreadsheet is read like the rest, and told: a filter that was left on hides lines.
    """
    if len(data) > LARGEST:
        return _refused("file_large", most=LARGEST // 1_000_000)
    if not data.strip():
        return _refused("empty")
    if data.startswith(OLD_XLS):
        return _refused("file_old")
    return _of_xlsx(data) if data.startswith(XLSX) else _of_csv(data)


def _refused(reason: str, **facts: str | int) -> Table:
    return Table((), (Remark(0, reason, facts),))


def _of_xlsx(data: bytes) -> Table:
    import openpyxl  # here: no other call needs it

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            return _refused("file_unpacks", most=LARGEST_UNPACKED // 1_000_000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and pictures, which nobody asks for
            sheet, *others = _seen(openpyxl.load_workbook(io.BytesIO(data), keep_links=False).worksheets)
    except Exception:
        return _refused("file_broken")
    if sheet.max_row > MOST_LINES:
        return _refused("many_lines", most=MOST_LINES)
    joined = [
        Remark(cells.min_row, "joined", {"cells": str(cells)}) for cells in sheet.merged_cells.ranges
    ]  # fmt: skip
    left = [
        Remark(0, "sheets_ignored", {"sheet": sheet.title, "sheets": "、".join(others[:10])}, told=True)
    ]  # fmt: skip
    no_values: list[Remark] = []
    lines = tuple(_lines(sheet, no_values))
    told = (*(left if others else ()), *_hidden(sheet))
    return Table(lines, (*joined[:MOST_NAMED], *no_values[:MOST_NAMED], *told))


def _seen(sheets: list[Any]) -> list[Any]:
    """The first filled sheet that can be seen, and the titles of the others."""
    filled = [sheet for sheet in sheets if sheet.max_row > 1 or sheet.max_column > 1]
    first = next((sheet for sheet in filled if sheet.sheet_state == "visible"), sheets[0])
    return [first, *(sheet.title for sheet in filled if sheet is not first)]


def _hidden(sheet: Any) -> Iterator[Remark]:
    """That lines or columns of a sheet are hidden: they are read all the same."""
    rows = [at for at, row in sorted(sheet.row_dimensions.items()) if row.hidden and at <= sheet.max_row]
    if rows:
        yield Remark(0, "rows_hidden", {"count": len(rows), "rows": _listed(rows)}, told=True)
    columns = [name for name, column in sorted(sheet.column_dimensions.items()) if column.hidden]
    if columns:
        yield Remark(0, "columns_hidden", {"columns": "、".join(columns[:MOST_NAMED])}, told=True)


def _listed(rows: Sequence[int]) -> str:
    """Numbers in short: 2、5–9、12; no more than can be read."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and parts[-1][-1] == row - 1:
            parts[-1].append(row)
        else:
            parts.append([row])
    said = [f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts[:MOST_NAMED]]
    return "、".join([*said, *(["…"] if len(parts) > MOST_NAMED else [])])


def _lines(sheet: Any, no_values: list[Remark]) -> Iterator[tuple[int, tuple[object, ...]]]:
    for cells in sheet.iter_rows(max_col=min(sheet.max_column or 1, MOST_COLUMNS)):
        no_values += [
            Remark(cell.row, NO_VALUES[cell.data_type], {"cell": cell.coordinate})
            for cell in cells
            if cell.data_type in NO_VALUES
        ]
        yield cells[0].row, tuple(cell.value for cell in cells)


def _of_csv(data: bytes) -> Table:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _refused("file_unknown")
    text = decoded(data)
    if text is None:
        return _refused("file_encoding")
    head = text.partition("\n")[0]
    between = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
        lines = []
        for cells in reader:
            lines.append((reader.line_num, tuple(cells[:MOST_COLUMNS])))
            if len(lines) > MOST_LINES:
                return _refused("many_lines", most=MOST_LINES)
    except csv.Error:
        return _refused("file_unknown")
    return Table(tuple(lines))
