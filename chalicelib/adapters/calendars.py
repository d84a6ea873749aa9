"""The calendar of each community (G1).

It joins the country's days off, the community's hours, and the days that the community has changed.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.domain.community.community import AmendedDay, Community, Hours
from chalicelib.domain.deadlines.calendar import Amendment, Calendar
from chalicelib.domain.deadlines.opening_hours import joined, week_of, windows_of
from chalicelib.domain.errors import CalendarError, InvalidInputError


class CommunityCalendars:
    """Calendars. One is built once for each set of hours and changes, and keeps what it has worked out."""

    def of(self, community: Community) -> Calendar:
        return _calendar(
            community.zone,
            community.country,
            community.subdivision,
            community.hours,
            community.amendments,
            community.staffed_hours,
            staffed_on_holidays=community.staffed_on_holidays,
        )


@lru_cache(maxsize=64)
def _calendar(
    zone: str,
    country: str,
    subdivision: str | None,
    hours: tuple[Hours, ...],
    amendments: tuple[AmendedDay, ...],
    staffed_hours: tuple[Hours, ...],
    *,
    staffed_on_holidays: bool,
) -> Calendar:
    try:
        week = week_of(hours) if hours else OFFICE_WEEK
        staffed_week = week_of(staffed_hours)
        changed = {
            date.fromisoformat(day.date): Amendment(windows_of(day.windows), day.reason) for day in amendments
        }
    except InvalidInputError as error:  # whoever wrote the directory gave it, not whoever asks now
        raise CalendarError(error.message) from None
    working = calendar_for(zone, country, week, changed, subdivision)
    if not staffed_hours:
        return working
    staffed = calendar_for(zone, country, staffed_week, {}, subdivision)
    if staffed_on_holidays:
        staffed = Calendar(zone, staffed_week)
    return replace(working, staffed=replace(staffed, amendments=_at_the_desk(changed, staffed)))


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
