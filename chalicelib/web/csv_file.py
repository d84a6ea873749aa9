"""A table as a file, of which spreadsheets work nothing out (E8)."""

import csv
import io
from collections.abc import Iterable, Sequence

from chalice.app import Response

from chalicelib.web.rendering import PAGE_HEADERS

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would work out instead of showing it."""
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for the system's own encoding."""


def csv_file(rows: Iterable[Sequence[str]], name: str) -> Response:
    """The answer that is a table to keep, under a name that ends with `.csv`."""
    written = io.StringIO()
    csv.writer(written).writerows(map(cell_shown, row) for row in rows)
    kind = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(BOM + written.getvalue(), {**PAGE_HEADERS, **kind}, 200)


def cell_shown(value: str) -> str:
    """The text as a spreadsheet shows it, and never works it out."""
    return f"'{value}" if value.startswith(FORMULA) else value
