"""Communities with their staff, shifts, prices and own days: all rows of one key, read with one Query.

| what | call |
|---|---|
| a community with all that belongs to it | one Query of `COMMUNITY#{id}`, at most once a minute |
| the ids of all communities | one Query of `COMMUNITIES` |
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read_text
from chalicelib.adapters.dynamo.tables import DirectoryRow
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.people import AmendedDay, Community, PriceItem, Shift, Staff

KEPT_SECONDS = 60.0
"""How old a community may be: a change of staff reaches every function within this time."""
COMMUNITY, STAFF, SHIFT, PRICE, AMENDED = "COMMUNITY", "STAFF#", "SHIFT#", "PRICE#", "AMENDED#"

Part = TypeVar("Part")


class DynamoDirectory:
    """Directory. `seconds` is a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, Community]] = {}

    def community(self, community_id: str) -> Community:
        read_at, known = self._known.get(community_id, (0.0, None))
        if known is not None and self._seconds() - read_at < KEPT_SECONDS:
            return known
        found = read_community(community_id)
        self._known[community_id] = (self._seconds(), found)
        return found

    def all_ids(self) -> tuple[str, ...]:
        return tuple(row.sk for row in DirectoryRow.query(keys.COMMUNITIES))


def read_community(community_id: str) -> Community:
    """The community as it is now; NotFoundError if there is none."""
    rows = {row.sk: row.data or "" for row in DirectoryRow.query(keys.directory(community_id))}
    if COMMUNITY not in rows:
        raise NotFoundError(f"There is no community '{community_id}'.")
    return replace(
        read_text(rows[COMMUNITY], Community),
        staff=_parts(rows, STAFF, Staff),
        shifts=_parts(rows, SHIFT, Shift),
        prices=_parts(rows, PRICE, PriceItem),
        amendments=_parts(rows, AMENDED, AmendedDay),
    )


def _parts(rows: dict[str, str], prefix: str, kind: type[Part]) -> tuple[Part, ...]:
    """The parts of one kind, in the order of their keys."""
    return tuple(read_text(data, kind) for sk, data in rows.items() if sk.startswith(prefix))
