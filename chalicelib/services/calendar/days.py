"""The calendar of a community for people, and the amending of single days (G1)."""

import logging
from datetime import date, timedelta

from msgspec import Struct

from chalicelib.domain.community.community import AmendedDay, Community, Member
from chalicelib.domain.deadlines.calendar import Calendar, Window
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.deadlines.opening_hours import pair_of, windows_of
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.calendar.replan import Replanning, replan_for
from chalicelib.services.desk import Desk

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=15)
"""How long an amendment plans cases anew before it leaves the rest to the sweep; a request has 29 s."""

FARTHEST = timedelta(days=3 * 366)
"""How far ahead a day can be amended (ours); no deadline lies further off."""

YEARS = range(2000, 2101)
Pairs = tuple[tuple[str, str], ...]


class DayView(Struct, frozen=True):
    """One day; no windows: closed. `name` is the holiday, what it is worked for, or why it was amended."""

    date: date
    windows: Pairs
    name: str
    provisional: bool
    amended_by: str | None = None


class YearView(Struct, frozen=True):
    """A year. `hours` are the usual windows by weekday, 0 is Monday; `staffed_hours` those of the desk, none
    where the community says nothing of them; `holidays` are days off that would be
    worked, `makeup_days` are worked though their weekday is off, `amended` is what the community changed
    itself. From `provisional_from` on the country's days are not published yet.
    """

    community: str
    zone: str
    country: str
    subdivision: str | None
    year: int
    hours: dict[int, Pairs]
    staffed_hours: dict[int, Pairs]
    working_days: int
    working_days_by_month: tuple[int, ...]
    holidays: tuple[DayView, ...]
    makeup_days: tuple[DayView, ...]
    amended: tuple[DayView, ...]
    provisional_from: date | None


class AmendedView(Struct, frozen=True):
    """The amended day, and what became of the open cases whose clocks cross it."""

    day: DayView
    cases: Replanning


def year_of(desk: Desk, community: Community, year: int) -> YearView:
    """The calendar of a year; InvalidInputError for one that no case can have."""
    if year not in YEARS:
        raise InvalidInputError(f"'year' is a year from {YEARS[0]} to {YEARS[-1]}.")
    calendar = desk.calendars.of(community)
    first = date(year, 1, 1)
    days = [first + ONE_DAY * number for number in range((date(year + 1, 1, 1) - first).days)]
    worked = [day for day in days if calendar.is_working_day(day)]
    own = [day for day in days if day not in calendar.amendments]
    return YearView(
        community=community.id,
        zone=community.zone,
        country=community.country,
        subdivision=community.subdivision,
        year=year,
        hours=_hours(calendar),
        staffed_hours=_hours(calendar.staffed) if calendar.staffed else {},
        working_days=len(worked),
        working_days_by_month=tuple(sum(day.month == month for day in worked) for month in range(1, 13)),
        holidays=tuple(
            day_view(day, community, calendar)
            for day in own
            if day in calendar.holidays and calendar.week.get(day.weekday()) and not calendar.windows_on(day)
        ),
        makeup_days=tuple(day_view(day, community, calendar) for day in own if day in calendar.makeup_days),
        amended=tuple(day_view(day, community, calendar) for day in days if day in calendar.amendments),
        provisional_from=_provisional_from(calendar, first, days[-1]),
    )


def _hours(calendar: Calendar) -> dict[int, Pairs]:
    return {weekday: _pairs(calendar.week.get(weekday, ())) for weekday in range(7)}


def _provisional_from(calendar: Calendar, first: date, last: date) -> date | None:
    if first < calendar.published_from:
        return first
    return max(first, calendar.published_until + ONE_DAY) if last > calendar.published_until else None


def amend(desk: Desk, member: Member, day: date, windows: Pairs, reason: str) -> AmendedView:
    """Give a day other windows, or none, and plan the cases that it concerns anew.

    InvalidInputError for a day that has passed or lies too far off, and for windows that cannot be.
    """
    check_day(desk, member.community, day)
    given = tuple(pair_of(window) for window in windows_of(windows))
    amended = AmendedDay(day.isoformat(), given, reason, member.username, desk.now())
    community = desk.directory.amend(member.community.id, amended, desk.now())
    return _followed(desk, member, community, day, reason)


def restore(desk: Desk, member: Member, day: date, reason: str) -> AmendedView:
    """Take the change of a day back. NotFoundError for a day that has none; then no case is looked at."""
    check_day(desk, member.community, day)
    community = desk.directory.restore(member.community.id, day.isoformat(), desk.now())
    return _followed(desk, member, community, day, reason)


def check_day(desk: Desk, community: Community, day: date) -> None:
    """InvalidInputError for a day that has passed or lies too far off."""
    today = desk.calendars.of(community).local_date(desk.now())
    if day < today:
        raise InvalidInputError(
            f"{day} has passed, and what was promised by it stands; a day can be amended from {today} on.",
            "day_passed",
        )
    if day > today + FARTHEST:
        until = f"a day can be amended until {today + FARTHEST}"
        raise InvalidInputError(f"{day} is too far off; {until}.", "day_too_far")


def _followed(desk: Desk, member: Member, community: Community, day: date, reason: str) -> AmendedView:
    log.info(
        "calendar amended",
        extra={"actor": member.username, "community": community.id, "day": day.isoformat()},
    )
    done = replan_for(desk, community.id, day, member.actor(), reason, desk.now() + PATIENCE)
    return AmendedView(day_view(day, community, desk.calendars.of(community)), done)


def day_view(day: date, community: Community, calendar: Calendar) -> DayView:
    """One day as people read it."""
    known = next((amended for amended in community.amendments if amended.date == day.isoformat()), None)
    return DayView(
        date=day,
        windows=_pairs(calendar.windows_on(day)),
        name=calendar.day_reason(day),
        provisional=calendar.is_provisional(day),
        amended_by=known.by if known else None,
    )


def _pairs(windows: tuple[Window, ...]) -> Pairs:
    return tuple(pair_of(window) for window in windows)
