"""The board of the day: how the open work of a community stands now, in numbers (E1, B2, B7).

Each number is counted by the filters of the list that it leads to, so that the list shows just those cases.
"""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.figures.about_rows import for_reader
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.filters import DUE_SOON, NO_FILTERS, SIGNED_TODAY, Filters
from chalicelib.services.views.lists import is_open_to

BOARD_READERS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD})
"""Who leads the desk and sees how everybody's work stands."""

MOST_LINES = 1000
"""So much open work is counted, what is due first: one page of 1 MB."""

OPEN, UNASSIGNED, UNSIGNED, SOON, LATE = "open", "unassigned", "unsigned", "soon", "late"
COUNTED = {
    OPEN: NO_FILTERS,
    SOON: Filters(due=DUE_SOON),
    LATE: Filters(overdue="1"),
    UNASSIGNED: Filters(state=State.REGISTERED),
    UNSIGNED: Filters(state=State.ASSIGNED),
}
"""What is counted → the filters of its list, in the order in which it is shown."""


class Count(Struct, frozen=True):
    """How many cases a list of these filters has now."""

    what: str
    number: int
    filters: Filters


class BoardRow(Struct, frozen=True):
    """The counts of one department or person, whose id this is; `off_duty` by the roster."""

    of: str
    counts: tuple[Count, ...]
    off_duty: bool = False


class Board(Struct, frozen=True):
    """How the open work stands now.

    `signing` is the average time from assignment to signature of the cases of this month, closed ones too;
    None where none was signed for. `counted_all`: no more than `MOST_LINES` were open.
    """

    total: tuple[Count, ...]
    departments: tuple[BoardRow, ...]
    people: tuple[BoardRow, ...]
    signed: Count
    signing: timedelta | None
    counted_all: bool


def board_of(desk: Desk, member: Member) -> Board:
    """The board of a member's community, without what they are kept away from.

    One query of the open work, and one of the month's figures.
    """
    community, now = member.community, desk.now()
    page = desk.cases.open_work(community.id, department=None, handler=None, limit=MOST_LINES, cursor=None)
    lines = [line for line in page.items if is_open_to(member, line)]

    def count(what: str, filters: Filters, among: Sequence[CaseLine]) -> Count:
        return Count(what, sum(filters.fits(line, now, community.zone) for line in among), filters)

    def row(dimension: str, of: str) -> BoardRow:
        own = [line for line in lines if getattr(line, dimension) == of]
        counts = (count(what, replace(filters, **{dimension: of}), own) for what, filters in COUNTED.items())
        return BoardRow(of, tuple(counts), dimension == "handler" and community.is_off_duty(of, now))

    known = dict.fromkeys((*community.departments, *sorted(line.department for line in lines)))
    hands = (member.username for member in community.staff if member.active and member.role is Role.HANDLER)
    people = dict.fromkeys((*hands, *sorted(line.handler for line in lines if line.handler)))
    signed = Filters(signed=SIGNED_TODAY)
    return Board(
        total=tuple(count(what, filters, lines) for what, filters in COUNTED.items()),
        departments=tuple(row("department", department) for department in known),
        people=tuple(sorted((row("handler", person) for person in people), key=_load)),
        signed=count("signed", signed, lines),
        signing=_signing(desk, member),
        counted_all=page.cursor is None,
    )


def _signing(desk: Desk, member: Member) -> timedelta | None:
    """The average time to sign of this month's cases, as its figures count them."""
    month = month_of(desk.now(), member.community.zone)
    stored = desk.figures.month(member.community.id, month, TOTAL.dimension)
    counted = for_reader(stored, member).get(TOTAL, {})
    if not counted.get("signings"):
        return None
    return timedelta(seconds=counted.get("signing_seconds", 0)) / counted["signings"]


def _load(row: BoardRow) -> int:
    """Whoever has most comes first."""
    return -row.counts[0].number
