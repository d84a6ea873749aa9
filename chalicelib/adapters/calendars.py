"""The calendar of each community (G1).

It joins the country's days off, the community's hours, and the days that the community has changed.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.domain.community.community import AmendedDay, Community, Hours, StaffedWeek
from chalicelib.domain.community.hours import staffed_on
from chalicelib.domain.deadlines.calendar import Amendment, Calendar
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.deadlines.opening_hours import joined, week_of, windows_of
from chalicelib.domain.errors import CalendarError, InvalidInputError

AHEAD, BACK = timedelta(days=400), timedelta(days=400)
"""So far around today days are counted in a week of staffed hours that is not today's (ours)."""


def _today() -> date:
    return datetime.now(UTC).date()


class CommunityCalendars:
    """Calendars. One is built once for each set of hours and changes, and keeps what it has worked out.

    `today` says which of several weeks of staffed hours is the usual one; the days of others are exceptions.
    """

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today

    def of(self, community: Community) -> Calendar:
        first = StaffedWeek("", community.staffed_hours, community.staffed_on_holidays)
        weeks = (first, *community.staffed_weeks)
        today = self._today() if community.staffed_weeks else date.min
        return _calendar(
            community.zone,
            community.country,
            community.subdivision,
            community.hours,
            community.amendments,
            weeks,
            today,
        )


@lru_cache(maxsize=64)
def _calendar(
    zone: str,
    country: str,
    subdivision: str | None,
    hours: tuple[Hours, ...],
    amendments: tuple[AmendedDay, ...],
    weeks: tuple[StaffedWeek, ...],
    today: date,
) -> Calendar:
    try:
        week = week_of(hours) if hours else OFFICE_WEEK
        changed = {
            date.fromisoformat(day.date): Amendment(windows_of(day.windows), day.reason) for day in amendments
        }
        usual = staffed_on(today, weeks)
        working = calendar_for(zone, country, week, changed, subdivision)
        if not usual.hours:
            return working
        at_desk = {each: _staffed(zone, country, subdivision, each) for each in weeks if each.hours}
    except InvalidInputError as error:  # whoever wrote the directory gave it, not whoever asks now
        raise CalendarError(error.message) from None
    staffed = replace(at_desk[usual], amendments=_of_other_weeks(at_desk, usual, weeks, today))
    of_days = {**staffed.amendments, **_at_the_desk(changed, staffed)}
    return replace(working, staffed=replace(staffed, amendments=of_days))


def _staffed(zone: str, country: str, subdivision: str | None, week: StaffedWeek) -> Calendar:
    hours = week_of(week.hours)
    return Calendar(zone, hours) if week.on_holidays else calendar_for(zone, country, hours, {}, subdivision)


def _of_other_weeks(
    calendars: Mapping[StaffedWeek, Calendar], usual: StaffedWeek, weeks: tuple[StaffedWeek, ...], today: date
) -> Mapping[date, Amendment]:
    """The days around today with the hours of another week, where those differ."""
    if len(weeks) == 1:
        return {}
    found, day = {}, today - BACK
    while day < today + AHEAD:
        held = staffed_on(day, weeks)
        if held != usual and held in calendars:
            windows = calendars[held].windows_on(day)
            if windows != calendars[usual].windows_on(day):
                found[day] = Amendment(windows, held.reason or usual.reason)
        day += ONE_DAY
    return found


def _at_the_desk(changed: Mapping[date, Amendment], staffed: Calendar) -> Mapping[date, Amendment]:
    """The changed days of a community as they are at its desk.

    A day that is closed is closed there too. Other hours of work take nothing from those of the desk: they
    are added to them, where they lie outside.
    """
    at_the_desk = {
        day: replace(change, windows=joined(change.windows, staffed.windows_on(day)))
        for day, change in changed.items()
        if change.windows
    }
    closed = {day: change for day, change in changed.items() if not change.windows}
    return closed | {
        day: change for day, change in at_the_desk.items() if change.windows != staffed.windows_on(day)
    }
