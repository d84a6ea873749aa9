"""The present, and working days, as a test wants them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from chalicelib.domain.community.community import AmendedDay, Community
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window


class SettableClock:
    """A clock that stands still until a test moves it. Call it for the present instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> datetime:
        """Move on; the new present."""
        self.at += by
        return self.at

    def set(self, at: datetime) -> None:
        """Jump to an instant."""
        self.at = at


class PlainCalendars:
    """Calendars. No holidays: Monday to Friday, 08:30–12:00 and 14:00–18:00, and the community's own days."""

    WEEK: Mapping[int, tuple[Window, ...]] = {day: (Window(510, 720), Window(840, 1080)) for day in range(5)}

    def of(self, community: Community) -> Calendar:
        amendments = {
            datetime.fromisoformat(day.date).date(): _amendment(day) for day in community.amendments
        }
        return Calendar(community.zone, self.WEEK, amendments=amendments)


def _amendment(day: AmendedDay) -> Amendment:
    pairs = ((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day.windows)
    windows = (Window(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in pairs)
    return Amendment(tuple(windows), day.reason)
