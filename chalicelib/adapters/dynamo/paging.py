"""Pages of rows, with a cursor of plain texts for whoever asks for the next."""

from collections.abc import Mapping
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.services.records import BACK

Cursor = Mapping[str, str] | None


def page_of(
    place: Any,
    key: str,
    condition: Condition | None,
    limit: int,
    cursor: Cursor,
    *,
    page_size: int,
    newest_first: bool = False,
) -> tuple[tuple[CaseRow, ...], Cursor]:
    """The rows of one page, and the cursor of the next; None after the last.

    `place` is `CaseRow` or one of its indexes. With a `page_size` above the limit a last page is known to be
    the last; else the page after it may be empty.
    """
    rows = place.query(
        key,
        condition,
        scan_index_forward=not newest_first,
        limit=limit,
        page_size=page_size,
        last_evaluated_key={name: {"S": value} for name, value in cursor.items()} if cursor else None,
    )
    found = tuple(rows)
    left = rows.last_evaluated_key
    return found, {name: value["S"] for name, value in left.items()} if left else None


def page_both_ways(
    index: GlobalSecondaryIndex[CaseRow],
    key: str,
    limit: int,
    cursor: Cursor,
    *,
    newest_first: bool,
) -> tuple[tuple[CaseRow, ...], Cursor, Cursor]:
    """A page of an index, with the cursors of the pages after and before."""
    back = cursor is not None and BACK in cursor
    start = {name: value for name, value in cursor.items() if name != BACK} if cursor else None
    turned = newest_first is not back
    rows, left = page_of(index, key, None, limit, start, page_size=limit + 1, newest_first=turned)
    if back:
        rows = rows[::-1]
        return rows, _place(rows[-1]) if rows else None, {**left, BACK: "1"} if left else None
    return rows, left, {**_place(rows[0]), BACK: "1"} if rows and start else None


def _place(row: CaseRow) -> dict[str, str]:
    """The key of a row in its index: all that it has but the line.

    A page after it, or before it, begins there.
    """
    return {name: str(held) for name, held in row.attribute_values.items() if name != "line"}
