"""Reading the register: which lists a role may ask for, one query each (E8)."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import asdict

from chalicelib.domain.case.access import COMMUNITY_WIDE
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError, NotAllowedError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.access.looks import listed_to
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine, Page

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


def is_open_to(member: Member, line: CaseLine) -> bool:
    """Whether the member is not kept away from the case of a line (G13)."""
    return member.username not in away_from_line(line, member.community)


class Wanted(Struct, frozen=True):
    """Which list of cases is wanted.

    Open work of a scope (and department), the register of a month `YYYYMM`, or the cases of a unit.

    At most one of `scope`, `month` and `unit`; none of them: the role's own open work.
    """

    scope: str | None = None
    department: str | None = None
    month: str | None = None
    unit: str | None = None


def listed_on_record(
    desk: Desk, member: Member, wanted: Wanted, limit: int, cursor: Cursor
) -> Page[CaseLine]:
    """A page of the list, on record as a look (E8) before it is shown; see `listed`."""
    page = listed(desk, member, wanted, limit, cursor)
    # a unit is personal: the record says that one was asked for, and which cases were shown
    asked = {name: "…" if name == "unit" else value for name, value in asdict(wanted).items() if value}
    listed_to(desk, member, page.items, "&".join(f"{name}={value}" for name, value in asked.items()))
    return page


def listed(desk: Desk, member: Member, wanted: Wanted, limit: int, cursor: Cursor) -> Page[CaseLine]:
    """A page of the list, without what the member is kept away from (G13).

    NotAllowedError for a list that is not the member's, InvalidInputError for none.
    """
    community = member.community.id
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
            return _picked(lambda *page: desk.cases.register(community, month, *page), member, limit, cursor)
        key = desk.unit_key(wanted.unit or "", member.community)
        return _picked(lambda *page: desk.cases.by_unit(community, key, *page), member, limit, cursor)
    whose = _open_work(member, wanted)

    def page(limit: int, cursor: Cursor) -> Page[CaseLine]:
        return desk.cases.open_work(
            community,
            department=whose.get(DEPARTMENT),
            handler=whose.get(MINE),
            followed_by=whose.get(TAKEN),
            limit=limit,
            cursor=cursor,
        )

    return _picked(page, member, limit, cursor, unsorted_only=wanted.scope == TO_SORT)


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
    *,
    unsorted_only: bool = False,
) -> Page[CaseLine]:
    """A page of what the member may see of a list, or its unsorted part (A7).

    Pages are read until one is full or nothing is left, so that a short page betrays nothing.
    """
    found: list[CaseLine] = []
    while True:
        page = read(limit - len(found), cursor)
        found += (
            line
            for line in page.items
            if is_open_to(member, line) and (line.matter == UNSORTED or not unsorted_only)
        )
        cursor = page.cursor
        if cursor is None or len(found) == limit:
            return Page(tuple(found), cursor)


def _department(member: Member, asked: str | None) -> str:
    known = tuple(member.community.departments)
    own = known if member.role in COMMUNITY_WIDE else member.departments
    department = asked or next(iter(member.departments), None)
    if department is None or (department not in known and member.role in COMMUNITY_WIDE):
        raise InvalidInputError(f"'department' is one of: {', '.join(known)}.")
    if department not in own:
        raise NotAllowedError(f"You can ask for the department: {', '.join(own)}.")
    return department
