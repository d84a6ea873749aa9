"""The day of a handler: today's visits by time, what is due, the rest (B9, B11)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.case import GOES_ON, Case
from chalicelib.domain.case.visit_deadlines import standing_visit
from chalicelib.domain.community.community import Member
from chalicelib.domain.possible import possible
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import is_open_to
from chalicelib.services.views.rows import Row, row_of

MOST = 100
"""So many open cases of a handler are looked at, those due first: one query, and two reads of cases."""

SIGN = "sign"


class DayRow(Struct, frozen=True):
    """A case of a handler's day: as they read it, the next visit, and what can be done with it now.

    The visit is the agreed one, or after the work the one at which somebody comes again for the signature.
    """

    row: Row
    case: Case
    visit: datetime | None
    commands: frozenset[str]


class Day(Struct, frozen=True):
    """The work of a handler on a day. `cut`: more than `MOST` cases are open, and the others stand elsewhere.

    `visits` are in order of time, `due` runs out by midnight or has, `rest` has more time or stands still.
    """

    on: date
    visits: tuple[DayRow, ...]
    due: tuple[DayRow, ...]
    rest: tuple[DayRow, ...]
    cut: bool

    @property
    def rows(self) -> tuple[DayRow, ...]:
        """All of it, in its order."""
        return (*self.visits, *self.due, *self.rest)

    @property
    def to_sign(self) -> tuple[DayRow, ...]:
        """What waits for the handler's signature and may be signed for now, by the table."""
        return tuple(row for row in self.rows if SIGN in row.commands)


def day_of(desk: Desk, member: Member) -> Day:
    """The open work of a member today, but for what they are kept away from."""
    page = desk.cases.open_work(
        member.community.id, department=None, handler=member.username, limit=MOST, cursor=None
    )
    lines = [line for line in page.items if is_open_to(member, line)]
    return day_from(desk, member, lines, cut=page.cursor is not None)


def day_from(desk: Desk, member: Member, lines: Iterable[CaseLine], *, cut: bool = False) -> Day:
    """The same from their lines, in order of what is due first."""
    calendar, now = desk.calendars.of(member.community), desk.now()
    today = calendar.local_date(now)
    ends = calendar.midnight(today + timedelta(days=1))
    visits, due, rest = list[DayRow](), list[DayRow](), list[DayRow]()
    cases = desk.cases.several(member.community.id, [line.number for line in lines])
    for case, line in cases.values():
        if case.assignment.handler != member.username or case.state not in GOES_ON:
            continue  # the index lags a moment behind
        visit = standing_visit(case) or case.work.acceptance.again_at
        commands = possible(case, member.actor(), desk.context_of(case), now)
        row = DayRow(row_of(member, case, line), case, visit, frozenset(row.command for row in commands))
        if visit is not None and calendar.local_date(visit) == today:
            visits.append(row)
        elif line.due_for is not None and not line.held and line.due_at < ends:
            due.append(row)
        else:
            rest.append(row)
    visits.sort(key=lambda row: (row.visit or now, row.case.number))
    for others in (due, rest):
        others.sort(key=lambda row: (row.row.line.due_at, row.case.number))
    return Day(today, tuple(visits), tuple(due), tuple(rest), cut)
