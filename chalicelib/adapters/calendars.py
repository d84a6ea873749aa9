"""The calendar of each community: its country's days off, and the days that it has changed itself (G1)."""

from datetime import date, time
from functools import lru_cache

from chalicelib.adapters.holidays import calendar_for
from chalicelib.domain.calendar import Amendment, Calendar, Window
from chalicelib.domain.people import AmendedDay, Community


class CommunityCalendars:
    """Calendars. One is built once for each set of changes, and keeps what it has worked out."""

    def of(self, community: Community) -> Calendar:
        return _calendar(community.zone, community.country, community.amendments)


@lru_cache(maxsize=64)
def _calendar(zone: str, country: str, amendments: tuple[AmendedDay, ...]) -> Calendar:
    changed = {date.fromisoformat(day.date): _amendment(day) for day in amendments}
    return calendar_for(zone, country, amendments=changed)


def _amendment(day: AmendedDay) -> Amendment:
    windows = tuple(Window(_minute(opens), _minute(closes)) for opens, closes in day.windows)
    return Amendment(windows, day.reason)


def _minute(clock_time: str) -> int:
    """Minutes after midnight of `HH:MM`; 24:00 is the end of the day."""
    if clock_time == "24:00":
        return 24 * 60
    at = time.fromisoformat(clock_time)
    return at.hour * 60 + at.minute
