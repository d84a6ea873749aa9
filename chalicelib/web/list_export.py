"""A list as a file: what its reader sees of it, for a spreadsheet, on record as an export (E8)."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.numbering import month_of
from chalicelib.http.visits import Visit
from chalicelib.services.views.lists import listed, put_on_record
from chalicelib.services.views.rows import rows_of
from chalicelib.web.list_page import asked_list
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.rendering import PAGE_HEADERS, Reader

MOST_ROWS = 2000
"""So many rows a file has at most; where there are more, its last line says so."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would work out instead of showing it."""
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for the system's own encoding."""


def list_export(reader: Reader, visit: Visit, given: Mapping[str, str | None]) -> Response:
    """The list of an address, all its pages, as CSV."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    asked = asked_list(member, given, month_of(desk.now(), member.community.zone))
    found = listed(desk, member, asked.wanted, MOST_ROWS, None)
    put_on_record(desk, member, asked.wanted, found.items, LookAt.EXPORT)
    written = io.StringIO()
    table = csv.writer(written)
    names = (
        "number",
        "registered",
        "state",
        "matter",
        "what",
        "unit",
        "name",
        "phone",
        "handler",
        "due",
        "flags",
    )
    table.writerow([words(f"export.{name}") for name in names])
    for row in rows_shown(rows_of(desk, member, found.items), member, words):
        table.writerow([_cell(value) for value in _cells(row)])
    if found.cursor is not None:
        table.writerow([words("export.more", most=str(MOST_ROWS))])
    name = f"{member.community.id}-{asked.wanted.month or asked.which}.csv"
    kind = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(BOM + written.getvalue(), {**PAGE_HEADERS, **kind}, 200)


def _cells(row: Mapping[str, Any]) -> list[str]:
    flags = [*row["flags"], *([row["countdown"].said] if row["countdown"] and row["late"] else [])]
    who = [row["unit"], row["name"], row["phone"]]
    return [
        row["number"], row["registered"], row["state"], row["matter"], row["summary"],
        *who, row["handler"], row["due"], " ".join(flags),
    ]  # fmt: skip


def _cell(value: str) -> str:
    """The text as a spreadsheet shows it, and never works it out."""
    return f"'{value}" if value.startswith(FORMULA) else value
