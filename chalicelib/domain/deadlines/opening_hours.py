"""Working hours as people write them, "08:30" to "12:00", and as calendars count them (G1)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from chalicelib.domain.community.community import Hours
from chalicelib.domain.deadlines.calendar import Window
from chalicelib.domain.errors import InvalidInputError

CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
MOST_WINDOWS = 8


def windows_of(pairs: Iterable[tuple[str, str]]) -> tuple[Window, ...]:
    """The windows of one day, from ("HH:MM", "HH:MM") pairs in order.

    ("08:30", "12:00") → `Window(510, 720)`; 24:00 is the end of the day. InvalidInputError for a time that no
    clock shows, a window that closes before it opens, and for windows that overlap.
    """
    windows = tuple(_window(opens, closes) for opens, closes in pairs)
    if len(windows) > MOST_WINDOWS:
        raise InvalidInputError(
            f"A day has at most {MOST_WINDOWS} windows, not {len(windows)}.", "hours_wrong"
        )
    for earlier, later in pairwise(windows):
        if earlier.closes > later.opens:
            raise InvalidInputError(
                f"The windows {written(earlier)} and {written(later)} overlap or are out of order.",
                "hours_wrong",
            )
    return windows


def _window(opens: str, closes: str) -> Window:
    begin, end = _minute(opens), _minute(closes)
    if begin >= end:
        raise InvalidInputError(
            f"The window {opens}–{closes} closes before it opens; write work over midnight as two windows.",
            "hours_wrong",
        )
    return Window(begin, end)


def _minute(clock_time: str) -> int:
    if not CLOCK_TIME.fullmatch(clock_time):
        raise InvalidInputError(
            f"'{clock_time[:20]}' is no time of day; write it like 08:30, or 24:00.", "hours_wrong"
        )
    return int(clock_time[:2]) * 60 + int(clock_time[3:])


def joined(*days: Iterable[Window]) -> tuple[Window, ...]:
    """The windows of several days as of one: 09:00–12:00 and 11:00–14:00 → 09:00–14:00."""
    found: list[Window] = []
    for window in sorted(chain.from_iterable(days), key=lambda window: window.opens):
        if found and window.opens <= found[-1].closes:
            found[-1] = Window(found[-1].opens, max(found[-1].closes, window.closes))
        else:
            found.append(window)
    return tuple(found)


def week_of(hours: Iterable[Hours]) -> Mapping[int, tuple[Window, ...]]:
    """The windows of each weekday. InvalidInputError for a weekday that is none or comes twice."""
    week: dict[int, tuple[Window, ...]] = {}
    for part in hours:
        windows = windows_of(part.windows)
        for day in part.weekdays:
            if not 0 <= day <= 6 or day in week:
                raise InvalidInputError(
                    f"Weekday {day} of the hours is wrong: 0 (Monday) to 6 (Sunday), each at most once."
                )
            week[day] = windows
    return week


def written(window: Window) -> str:
    """A window for people: 08:30–12:00."""
    opens, closes = pair_of(window)
    return f"{opens}–{closes}"


def clock_time(moment: datetime) -> str:
    """The time of day of a local moment: 08:30, or 08:30:05 where it has seconds."""
    return moment.time().isoformat("seconds" if moment.second else "minutes")


def ended(moment: datetime) -> tuple[date, str]:
    """The day and time of day at which something ends, from a local moment.

    1 October 00:00 → 30 September, "24:00": "before 1 October" is read as one day more than there is. Where
    the clocks fall back to midnight, the second 00:00 lies an hour within its day, and stays 00:00 of it.
    """
    if clock_time(moment) == "00:00" and not moment.fold:
        return moment.date() - timedelta(days=1), "24:00"
    return moment.date(), clock_time(moment)


def to_the_minute(moment: datetime) -> datetime:
    """The minute that a moment lies in: nothing is shown later than it is."""
    return moment.replace(second=0, microsecond=0)


def pair_of(window: Window) -> tuple[str, str]:
    """A window as the pair that `windows_of` reads."""
    opens, closes = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (window.opens, window.closes))
    return opens, closes
