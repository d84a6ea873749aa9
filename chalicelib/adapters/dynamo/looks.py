"""The record of looks (E8), in rows of `cases` that forget themselves.

| what | call |
|---|---|
| one look | one PutItem |
| the looks of a day, of a person, at a case, newest first | one Query |

A row has its day in the key. Two indexes of the cases serve it too, under keys that no case has:
`open_by_follower` by person, `by_unit` by case. No key holds personal data; a reason may.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import instant, read_text, text
from chalicelib.adapters.dynamo.paging import Cursor, page_of
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.looks import Look
from chalicelib.services.records import Page

KEPT = timedelta(days=190)
"""Unless a deployment says otherwise (ours): by law six months at least (Cybersecurity Law, art. 21)."""


class DynamoLooks:
    """LookStore. Rows are kept for so long; TTL removes them some time after."""

    def __init__(self, kept: timedelta = KEPT) -> None:
        self._kept = kept

    def record(self, community: str, zone: str, look: Look) -> None:
        day = look.at.astimezone(ZoneInfo(zone)).date().isoformat()
        at = instant(look.at)
        row = CaseRow(
            keys.looks(community, day),
            f"{at}#{uuid4().hex[:12]}",
            line=text(look),
            open_follower=keys.looks(community, look.who),
            due_at=at,
            expires_at_epoch=int((look.at + self._kept).timestamp()),
        )
        if look.number is not None:
            row.unit_key, row.number_key = keys.looks(community, look.number), at
        row.save()

    def page(self, community: str, by: str, of: str, limit: int, cursor: Cursor) -> Page[Look]:
        places: dict[str, Any] = {"day": CaseRow, "person": CaseRow.by_open_follower, "case": CaseRow.by_unit}
        key = keys.looks(community, of)
        rows, left = page_of(places[by], key, None, limit, cursor, page_size=limit + 1, newest_first=True)
        return Page(tuple(read_text(row.line, Look) for row in rows), left)
