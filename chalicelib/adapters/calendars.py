"""The calendar of each community (G1).

It joins the country's days off, the community's hours, and the days that the community has changed.
"""

from datetime import date
from functools import lru_cache

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.domain.community.community import AmendedDay, Community, Hours
from chalicelib.domain.deadlines.calendar import Amendment, Calendar
from chalicelib.domain.deadlines.opening_hours import week_of, windows_of
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
        )


@lru_cache(maxsize=64)
def _calendar(
    zone: str,
    country: str,
    subdivision: str | None,
    hours: tuple[Hours, ...],
    amendments: tuple[AmendedDay, ...],
) -> Calendar:
    try:
        week = week_of(hours) if hours else OFFICE_WEEK
        changed = {
            date.fromisoformat(day.date): Amendment(windows_of(day.windows), day.reason) for day in amendments
        }
    except InvalidInputError as error:  # whoever wrote the directory gave it, not whoever asks now
        raise CalendarError(error.message) from None
    return calendar_for(zone, country, week, changed, subdivision)
