"""The hours in which the desk is staffed, from a day on: looked at first, set, taken back before (A7, G1).

Everything may come twice: a week that is set already stays as it is. Whatever stores a change has the open
cases planned anew whose clocks cross its first day; what is not done in time the sweep does.
"""

import logging
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Hours, StaffedWeek
from chalicelib.domain.deadlines.opening_hours import week_of
from chalicelib.domain.errors import BusyError, CommandRefusedError, InvalidInputError
from chalicelib.domain.texts import checked_text
from chalicelib.services.calendar.days import PATIENCE
from chalicelib.services.calendar.foresee import MovedCase, moved_under
from chalicelib.services.calendar.replan import Replanning, replan_for
from chalicelib.services.people.staffing import ATTEMPTS, Keeping
from chalicelib.services.staff_port import Done

log = logging.getLogger(__name__)

FARTHEST = timedelta(days=366)
"""How far ahead a week of hours may begin (ours): no deadline is counted further in it."""
LONGEST_REASON, MOST_WEEKS = 120, 12
"""The longest reason, in characters; so many weeks are kept, the oldest go first (ours)."""


class Moving(Struct, frozen=True):
    """What a week of hours would move; `left` cases could not be looked at in time."""

    week: StaffedWeek
    moved: tuple[MovedCase, ...]
    left: int


def first_day(keeping: Keeping) -> date:
    """The first day on which other hours may begin: tomorrow, for what was promised for today stands."""
    here = keeping.member.community
    return keeping.desk.calendars.of(here).local_date(keeping.desk.now()) + timedelta(days=1)


def week_from(
    keeping: Keeping, begins: date, hours: tuple[Hours, ...], *, holidays: bool, why: str
) -> StaffedWeek:
    """A week of hours that could hold; InvalidInputError for a day that passed, or hours that cannot be."""
    first = first_day(keeping)
    if not first <= begins <= first + FARTHEST:
        raise InvalidInputError(
            f"Other hours begin on a day from {first} to {first + FARTHEST}.",
            "hours_day",
            first=first.isoformat(),
            last=(first + FARTHEST).isoformat(),
        )
    if not any(part.windows for part in hours):
        raise InvalidInputError("Say the hours of at least one weekday.", "no_staffed_hours")
    week_of(hours)
    reason = checked_text("reason", why, LONGEST_REASON)
    return StaffedWeek(
        begins.isoformat(), hours, holidays, reason, keeping.member.username, keeping.desk.now()
    )


def look(keeping: Keeping, week: StaffedWeek) -> Moving:
    """What a week would move, by the rule by which it is moved; nothing is written."""
    here, day = keeping.here(), date.fromisoformat(week.valid_from)
    calendar = keeping.desk.calendars.of(_with(here, week))
    member = replace(keeping.member, community=here)
    return Moving(week, *moved_under(keeping.desk, member, calendar, day, week.reason))


def set_week(keeping: Keeping, week: StaffedWeek) -> Replanning:
    """Have a week of hours hold from its day; another of that day goes."""
    act = replace(keeping.act(Done.HOURS_SET), detail=week.valid_from)
    for _ in range(ATTEMPTS):
        here = keeping.here()
        if keeping.keepers.store.put_community(_with(here, week), act):
            return _followed(keeping, week.valid_from, week.reason)
    raise _busy()


def take_back(keeping: Keeping, valid_from: str) -> Replanning | None:
    """Take a week back before it holds; None where it is gone already.

    CommandRefusedError for one that holds.
    """
    for _ in range(ATTEMPTS):
        here = keeping.here()
        gone = next((week for week in here.staffed_weeks if week.valid_from == valid_from), None)
        if gone is None:
            return None
        if gone.valid_from < first_day(keeping).isoformat():
            raise CommandRefusedError("These hours hold already; set others from a later day.", "hours_hold")
        kept = tuple(week for week in here.staffed_weeks if week != gone)
        act = replace(keeping.act(Done.HOURS_WITHDRAWN), detail=valid_from)
        if keeping.keepers.store.put_community(replace(here, staffed_weeks=kept), act):
            return _followed(keeping, valid_from, gone.reason)
    raise _busy()


def _with(here: Community, week: StaffedWeek) -> Community:
    others = [known for known in here.staffed_weeks if known.valid_from != week.valid_from]
    weeks = sorted((*others, week), key=_begins)
    return replace(here, staffed_weeks=tuple(weeks[-MOST_WEEKS:]))


def _begins(week: StaffedWeek) -> str:
    return week.valid_from


def _followed(keeping: Keeping, valid_from: str, reason: str) -> Replanning:
    desk, member = keeping.desk, keeping.member
    desk.directory.anew(member.community.id)
    log.info("staffed hours", extra={"actor": member.username, "community": member.community.id})
    day, until = date.fromisoformat(valid_from), desk.now() + PATIENCE
    return replan_for(desk, member.community.id, day, member.actor(), reason, until)


def _busy() -> BusyError:
    return BusyError("Others are changing the settings just now; try again in a moment.")
