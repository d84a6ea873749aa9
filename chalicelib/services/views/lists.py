"""Reading the register: which lists a role may ask for, one query each (E8)."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError, NotAllowedError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.access.looks import listed_to
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.records import BACK, CaseLine, Page
from chalicelib.services.views.filters import NO_FILTERS, Filters, Pick, picking
from chalicelib.services.views.rows import Row, rows_of

MINE, TAKEN, DEPARTMENT, COMMUNITY, TO_SORT = "mine", "taken", "department", "community", "to_sort"
SCOPES = (MINE, TAKEN, DEPARTMENT, COMMUNITY, TO_SORT)

SORTERS = TABLE["classify"].roles
"""Who says what an unsorted report is about (A7)."""

SCOPES_OF_ROLE: Mapping[Role, tuple[str, ...]] = {
    Role.HANDLER: (MINE, TAKEN),
    Role.DEPARTMENT_HEAD: (DEPARTMENT, MINE, TAKEN),
    **dict.fromkeys(COMMUNITY_WIDE, (COMMUNITY, DEPARTMENT, MINE, TAKEN)),
    **dict.fromkeys(SORTERS, (COMMUNITY, TO_SORT, DEPARTMENT, MINE, TAKEN)),
}
"""The lists of open work that a role may see; the first is what it gets unless it asks for another."""


def scopes_of(member: Member) -> tuple[str, ...]:
    """The lists of a member that answer as they are; whoever belongs to no department has none of it."""
    scopes = SCOPES_OF_ROLE.get(member.role, ())
    return scopes if member.departments else tuple(scope for scope in scopes if scope != DEPARTMENT)


Cursor = Mapping[str, str] | None

MOST_READS = 40
"""So many pages of a list are read for one that a filter leaves little of."""


def is_open_to(member: Member, line: CaseLine) -> bool:
    """Whether the member is not kept away from the case of a line (G13)."""
    return member.username not in away_from_line(line, member.community)


class Wanted(Struct, frozen=True):
    """Which list of cases is wanted.

    Open work of a scope (and department), the register of a month `YYYYMM`, or the cases of a unit.

    At most one of `scope`, `month` and `unit`; none of them: the role's own open work. Only what the
    `filters` ask for; `newest_first`: a register from its end, open work from what is due last.
    """

    scope: str | None = None
    department: str | None = None
    month: str | None = None
    unit: str | None = None
    filters: Filters = NO_FILTERS
    newest_first: bool = False


def listed_on_record(
    desk: Desk, member: Member, wanted: Wanted, limit: int, cursor: Cursor
) -> Page[CaseLine]:
    """A page of the list, on record as a look (E8) before it is shown; see `listed`."""
    page = listed(desk, member, wanted, limit, cursor)
    put_on_record(desk, member, wanted, page.items)
    return page


def put_on_record(
    desk: Desk, member: Member, wanted: Wanted, lines: tuple[CaseLine, ...], what: LookAt = LookAt.LIST
) -> None:
    """Put on record that a member is shown these lines of a list."""
    # a unit is personal: the record says that one was asked for, and which cases were shown
    of = {"scope": wanted.scope, "department": wanted.department, "month": wanted.month, "unit": wanted.unit}
    asked = {**of, **{name: value for name, value in wanted.filters.said.items() if name != "department"}}
    if wanted.filters.department:
        asked["department"] = wanted.filters.department
    said = {name: "…" if name in {"unit", "building"} else value for name, value in asked.items() if value}
    listed_to(desk, member, lines, "&".join(f"{name}={value}" for name, value in said.items()), what)


def rows_listed(desk: Desk, member: Member, wanted: Wanted, limit: int, cursor: Cursor) -> Page[Row]:
    """A page of the list as rows; what a filter has read for it is not read again."""
    known = dict[str, Row]()
    page = listed(desk, member, wanted, limit, cursor, known)
    return Page(rows_of(desk, member, page.items, known), page.cursor, page.before)


def listed(
    desk: Desk,
    member: Member,
    wanted: Wanted,
    limit: int,
    cursor: Cursor,
    known: dict[str, Row] | None = None,
) -> Page[CaseLine]:
    """A page of the list, without what the member is kept away from (G13).

    NotAllowedError for a list that is not the member's, InvalidInputError for none. Rows that are read on the
    way are `known` afterwards, by number.
    """
    known = {} if known is None else known
    community, pick = member.community.id, picking(desk, member, wanted.filters, known)
    if sum(choice is not None for choice in (wanted.scope, wanted.month, wanted.unit)) > 1:
        raise InvalidInputError("Ask for one list at a time: 'scope', 'month' or 'unit'.")
    if wanted.month is not None or wanted.unit is not None:
        if member.role not in COMMUNITY_WIDE:
            raise NotAllowedError(
                "The register is for the desk, the manager and the company; ask for 'scope'."
            )
        if wanted.department is not None:
            raise InvalidInputError("'department' goes with 'scope' only.")
        if wanted.month is not None:
            month = wanted.month

            def of_month(limit: int, cursor: Cursor) -> Page[CaseLine]:
                return desk.cases.register(community, month, limit, cursor, newest_first=wanted.newest_first)

            return _picked(of_month, member, limit, cursor, pick)
        key = desk.unit_key(wanted.unit or "", member.community)
        return _picked(lambda *page: desk.cases.by_unit(community, key, *page), member, limit, cursor, pick)
    whose = _open_work(member, wanted)

    def page(limit: int, cursor: Cursor) -> Page[CaseLine]:
        return desk.cases.open_work(
            community,
            department=whose.get(DEPARTMENT),
            handler=whose.get(MINE),
            followed_by=whose.get(TAKEN),
            limit=limit,
            cursor=cursor,
            newest_first=wanted.newest_first,
        )

    return _picked(page, member, limit, cursor, pick, unsorted_only=wanted.scope == TO_SORT)


def _open_work(member: Member, wanted: Wanted) -> Mapping[str, str]:
    """The scope to look for, with the department or person that it is of; empty: everything."""
    mine = SCOPES_OF_ROLE[member.role]
    scope = wanted.scope or (DEPARTMENT if wanted.department else mine[0])
    if scope not in SCOPES:
        raise InvalidInputError(f"'scope' is one of: {', '.join(mine)}.")
    if scope not in mine:
        raise NotAllowedError(f"You can ask for the scope: {', '.join(mine)}.")
    if scope != DEPARTMENT:
        if wanted.department is not None:
            raise InvalidInputError("'department' goes with the scope 'department' only.")
        return {scope: member.username} if scope in {MINE, TAKEN} else {}
    return {DEPARTMENT: _department(member, wanted.department)}


def _picked(
    read: Callable[[int, Cursor], Page[CaseLine]],
    member: Member,
    limit: int,
    cursor: Cursor,
    pick: Pick,
    *,
    unsorted_only: bool = False,
) -> Page[CaseLine]:
    """A page of what the member may see of a list and wants; onward or back.

    With `unsorted_only` the part that nobody has sorted yet (A7).

    Pages are read until one is full or nothing is left, so that a short page betrays nothing. After
    `MOST_READS` of them it is as it is, and goes on.
    """
    found: list[CaseLine] = []
    back = cursor is not None and BACK in cursor
    first = None
    for _ in range(MOST_READS):
        page = read(limit - len(found), cursor)
        first = first or page
        open_to = [
            line
            for line in page.items
            if is_open_to(member, line) and (line.matter == UNSORTED or not unsorted_only)
        ]
        kept = list(pick(open_to))
        found = kept + found if back else found + kept
        cursor = page.before if back else page.cursor
        if cursor is None or len(found) == limit:
            break
    if first is None:
        raise AssertionError("a list is read at least once")
    before, after = (cursor, first.cursor) if back else (first.before, cursor)
    return Page(tuple(found), after, before)


def _department(member: Member, asked: str | None) -> str:
    known = tuple(member.community.departments)
    own = known if member.role in COMMUNITY_WIDE else member.departments
    department = asked or next(iter(member.departments), None)
    if department is None or (department not in known and member.role in COMMUNITY_WIDE):
        raise InvalidInputError(f"'department' is one of: {', '.join(known)}.")
    if department not in own:
        raise NotAllowedError(f"You can ask for the department: {', '.join(own)}.")
    return department
