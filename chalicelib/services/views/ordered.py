"""Open work by age, unit or handler, and not by what is due first (E8).

What is due first stands in an index; everything else is put in order here, of as much as one page of 1 MB
holds. A unit is personal, so it stands in no line: by unit the cases are read, fifty a call.
"""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.units import unit_key
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import Wanted, listed
from chalicelib.services.views.rows import Row, rows_of

MOST_LINES = 1000
"""So much open work is put in order, what is due first."""

AGE, NEWEST, HANDLER, UNIT = "age", "newest", "handler", "unit"
_BY: dict[str, Callable[[CaseLine, Community], object]] = {
    AGE: lambda line, _: line.registered_at,
    NEWEST: lambda line, _: -line.registered_at.timestamp(),
    HANDLER: lambda line, community: _name(line.handler, community),
}
ORDERS = (AGE, NEWEST, UNIT, HANDLER)
"""The orders of open work besides what is due first or last."""


class Ordered(Struct, frozen=True):
    """Part of a list in order, of `total`; `whole`: no more than `MOST_LINES` fitted."""

    rows: tuple[Row, ...]
    total: int
    whole: bool


def ordered(desk: Desk, member: Member, wanted: Wanted, order: str, begins: int, limit: int) -> Ordered:
    """The rows of a list of open work in one of `ORDERS`.

    They are `limit` from a place on. Who has none, or whose unit the reader does not see, comes last;
    among equals what is due first.
    """
    known = dict[str, Row]()
    page = listed(desk, member, wanted, MOST_LINES, None, known)
    part = slice(begins, begins + limit)
    if order == UNIT:
        every = sorted(
            rows_of(desk, member, page.items, known), key=lambda row: _unit(row.unit, member.community)
        )
        return Ordered(tuple(every[part]), len(every), page.cursor is None)
    lines: Sequence[CaseLine] = sorted(page.items, key=lambda line: _BY[order](line, member.community))  # type: ignore[arg-type,return-value]
    return Ordered(rows_of(desk, member, lines[part], known), len(lines), page.cursor is None)


def _name(username: str | None, community: Community) -> tuple[bool, str, str]:
    """Whose place in the order of names that is; nobody's is the last."""
    person = community.person(username) if username else None
    return username is None, person.name if person else "", username or ""


def _unit(unit: str, community: Community) -> tuple[bool, list[tuple[int, str]]]:
    """The place of a unit: 3-201 before 3-1201; one that is not seen is the last."""
    parts = re.split(r"-+", unit_key(unit, community)) if unit else []
    return not unit, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
