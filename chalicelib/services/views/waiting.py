"""What waits for a member of staff: the first page of everybody (A9, B1, B2, B7, D5).

The lines of open work say whom each case may wait for; the cases of those are read, and the rule that decides
whether somebody is asked, and can act, says the rest (domain/waiting.py).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Member
from chalicelib.domain.regulation.rules import KINDS
from chalicelib.domain.waiting import Ask, asks_of
from chalicelib.domain.whom import spelled_role
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.filters import NO_FILTERS, Filters, is_in_building
from chalicelib.services.views.lists import is_open_to
from chalicelib.services.views.rows import Row, as_read, row_of

MOST_LINES = 1000
"""So much open work is looked through, what is due first: one page of 1 MB."""

DUE_LAST, AGE, NEWEST, KIND = "other", "age", "newest", "kind"
ORDERS: Mapping[str, Callable[[CaseLine], Any]] = {
    DUE_LAST: lambda line: -line.due_at.timestamp(),
    AGE: lambda line: line.registered_at,
    NEWEST: lambda line: -line.registered_at.timestamp(),
    KIND: lambda line: KINDS.index(line.kind) if line.kind in KINDS else len(KINDS),
}
"""The orders besides what is due first; among equals that is first."""


class WaitingRow(Struct, frozen=True):
    """A case that waits for somebody, as they read it, with what is asked."""

    row: Row
    case: Case
    asks: tuple[Ask, ...]


class Waiting(Struct, frozen=True):
    """Part of what waits for somebody, what is due first.

    `onward` is the place at which the next part begins, `before` that before which the one before ends; None
    after the last, or before the first. `looked_at_all`: no more than `MOST_LINES` were open.
    """

    rows: tuple[WaitingRow, ...]
    onward: int | None
    before: int | None
    looked_at_all: bool


def waiting_for(
    desk: Desk,
    member: Member,
    most: int,
    begins: int = 0,
    filters: Filters = NO_FILTERS,
    *,
    until: int | None = None,
    order: str = "",
) -> Waiting:
    """What waits for a member, from a place on: one query, and one read of the cases (of each 2 rows).

    With `until` it is what comes just before that place. What is due first comes first, or what comes first
    in one of `ORDERS`.
    """
    community = member.community.id
    page = desk.cases.open_work(community, department=None, handler=None, limit=MOST_LINES, cursor=None)
    now, zone = desk.now(), member.community.zone
    lines = [line for line in page.items if _may_wait(member, line) and filters.fits(line, now, zone)]
    if order in ORDERS:
        lines.sort(key=ORDERS[order])
    found: list[WaitingRow] = []
    if until is not None:
        ends = at = min(until, len(lines))
        while at > 0 and len(found) < most:
            begins = max(0, at - (most - len(found)))
            found = _asked(desk, member, lines[begins:at], filters) + found
            at = begins
        return Waiting(tuple(found), ends if ends < len(lines) else None, at or None, page.cursor is None)
    at = begins
    while at < len(lines) and len(found) < most:
        part = lines[at : at + most - len(found)]
        found += _asked(desk, member, part, filters)
        at += len(part)
    onward = at if at < len(lines) else None
    return Waiting(tuple(found), onward, min(begins, len(lines)) or None, page.cursor is None)


def _may_wait(member: Member, line: CaseLine) -> bool:
    """Whether a case may wait for a member, by its line alone; one of an earlier release may for anybody."""
    tokens = {member.username, spelled_role(member.role)}
    return is_open_to(member, line) and (line.waits is None or not tokens.isdisjoint(line.waits))


def _asked(desk: Desk, member: Member, lines: Sequence[CaseLine], filters: Filters) -> list[WaitingRow]:
    cases = desk.cases.several(member.community.id, [line.number for line in lines])
    found = []
    for line in lines:
        if line.number not in cases:
            continue
        case, stored = cases[line.number]
        row = row_of(member, case, stored)
        asks = asks_of(case, member, desk.context_of(case), desk.now())
        if asks and is_in_building(filters.building, row.unit, member.community):
            found.append(WaitingRow(row, as_read(member, case), asks))
    return found
