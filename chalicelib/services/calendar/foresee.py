"""What a change of a day would move, before anybody says yes to it (G1).

Asked of each case is what the amendment itself asks, by the same rule (`replan`), and nothing is written.
"""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import AmendedDay, Community, Member
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.opening_hours import pair_of, windows_of
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ReplanForm
from chalicelib.services.calendar.days import PATIENCE, DayView, Pairs, check_day, day_view
from chalicelib.services.calendar.replan import concerned, moves
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.errors import never_changed

AT_ONCE = 50
"""So many cases are read by one call."""


class MovedCase(Struct, frozen=True):
    """A deadline of an open case that would end at another time."""

    number: str
    clock: Clock
    before: datetime
    after: datetime


class Foreseen(Struct, frozen=True):
    """The day as it is and as it would be, and which deadlines would move.

    `left` cases could not be looked at in time; the amendment itself looks at all.
    """

    was: DayView
    day: DayView
    moved: tuple[MovedCase, ...]
    left: int


def foresee(desk: Desk, member: Member, day: date, windows: Pairs | None, reason: str) -> Foreseen:
    """What would move if a day had these windows (none: closed); None: as if it had never been changed.

    Refuses what the amendment refuses. Cases that the member is kept away from are left out (G13).
    """
    check_day(desk, member.community, day)
    community = _with(member, day, windows, reason, desk.now())
    calendar = desk.calendars.of(community)
    moved, left = moved_under(desk, member, calendar, day, reason)
    was = day_view(day, member.community, desk.calendars.of(member.community))
    return Foreseen(was, day_view(day, community, calendar), moved, left)


def moved_under(
    desk: Desk, member: Member, calendar: Calendar, day: date, reason: str
) -> tuple[tuple[MovedCase, ...], int]:
    """Which deadlines would move under another calendar from a day on; and how many were not looked at."""
    until, form = desk.now() + PATIENCE, ReplanForm(reason, amended=day)
    lines = [
        line
        for line in concerned(desk, member.community, day)
        if member.username not in away_from_line(line, member.community)
    ]
    found, looked_at = list[MovedCase](), 0
    while looked_at < len(lines) and desk.now() < until:
        numbers = [line.number for line in lines[looked_at : looked_at + AT_ONCE]]
        cases = desk.cases.several(member.community.id, numbers)
        for number in numbers:
            moved = moves(desk, cases[number][0], calendar, member.actor(), form) if number in cases else ()
            found += [MovedCase(number, move.clock, move.before, move.after) for move in moved]
        looked_at += len(numbers)
    return tuple(found), len(lines) - looked_at


def _with(member: Member, day: date, windows: Pairs | None, reason: str, at: datetime) -> Community:
    """The community as it would be."""
    community, written = member.community, day.isoformat()
    kept = tuple(known for known in community.amendments if known.date != written)
    if windows is None:
        if kept == community.amendments:
            raise never_changed(written)
        return replace(community, amendments=kept)
    given = tuple(pair_of(window) for window in windows_of(windows))
    changed = AmendedDay(written, given, reason, member.username, at)
    return replace(
        community, amendments=tuple(sorted((*kept, changed), key=lambda amended: str(amended.date)))
    )
