"""Pages of rows, with a cursor of plain texts for whoever asks for the next."""

from collections.abc import Mapping
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo.tables import CaseRow

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
