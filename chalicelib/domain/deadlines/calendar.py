"""Working time (G1): windows per weekday, holidays, make-up working days (调休), a community's own changes.

Moments go in and come out as aware UTC datetimes. The spans of a day are kept once worked out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from chalicelib.domain.deadlines.intervals import (
    MICROSECOND,
    Interval,
    Span,
    advance,
    measure,
    microseconds,
    moment_of,
)
from chalicelib.domain.deadlines.local_days import ONE_DAY, midnight_of, spans_of, was_skipped
from chalicelib.domain.errors import CalendarError

NAMES_APART = "; "
"""Between the names of a day with two holidays. The library of holidays writes them so; nobody here does."""

LONGEST_WALK_DAYS = 3660  # ten years: no deadline is that far off, and no walk may be endless


class Window(Struct, frozen=True):
    """One stretch of working time in a day, in minutes after local midnight.

    08:30 to 12:00 → `Window(510, 720)`; 1440 is the end of the day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 1440:
            raise CalendarError(
                f"A window from minute {self.opens} to {self.closes} is impossible: it must open before "
                "it closes, between 0 and 1440; write work over midnight as two windows."
            )

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.closes - self.opens


class Amendment(Struct, frozen=True):
    """A community's own change to a day: other windows, or none where it is closed."""

    windows: tuple[Window, ...]
    name: str


class Calendar(Struct, frozen=True, dict=True):
    """When a community works.

    `week` maps weekdays (0 is Monday) to windows. A holiday has none; a make-up day has those of the longest
    weekday; an amendment stands above all. Before `published_from` and after `published_until` the
    holidays are a guess: provisional. `staffed` has the hours of the desk, where they are its own (A7).
    """

    zone: str
    week: Mapping[int, tuple[Window, ...]]
    holidays: Mapping[date, str] = field(default_factory=dict)
    makeup_days: Mapping[date, str] = field(default_factory=dict)
    published_until: date = date.max
    amendments: Mapping[date, Amendment] = field(default_factory=dict)
    published_from: date = date.min
    staffed: "Calendar | None" = None

    def __post_init__(self) -> None:
        try:
            tz = ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise CalendarError(
                f"There is no time zone {self.zone!r}; a name such as Asia/Shanghai is right."
            ) from None
        for windows in (*self.week.values(), *(change.windows for change in self.amendments.values())):
            if any(left.closes > right.opens for left, right in pairwise(windows)):
                raise CalendarError(f"These windows of one day overlap or are out of order: {windows}.")
        for day in self.amendments:
            if was_skipped(day, tz):
                raise CalendarError(
                    f"There was no {day} in {self.zone}, which skipped that day: it has no hours of its own."
                )
        if not set(self.week) <= set(range(7)):
            raise CalendarError(f"Weekdays are 0 (Monday) to 6 (Sunday), not {sorted(self.week)}.")
        if not any(self.week.values()):
            raise CalendarError(
                "A calendar without working time holds no deadline: give at least one window a week."
            )

    @cached_property
    def _tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _longest(self) -> tuple[Window, ...]:
        return self.week[max(sorted(self.week), key=lambda weekday: _minutes(self.week[weekday]))]

    @cached_property
    def _spans(self) -> dict[date, tuple[Span, ...]]:
        return {}

    @property
    def working_day(self) -> timedelta:
        """The length of a full working day: that of the longest weekday. Half a working day is half of it."""
        return timedelta(minutes=_minutes(self._longest))

    @cached_property
    def every_day(self) -> "Calendar":
        """The calendar in which every day is a full working day, holidays too (C4, C6)."""
        return Calendar(self.zone, dict.fromkeys(range(7), self._longest))

    @property
    def full_day(self) -> tuple[Window, ...]:
        """The windows of a make-up day: those of the longest weekday, of equals the first."""
        return self._longest

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of one local day; empty on a day off."""
        if change := self.amendments.get(day):
            return change.windows
        if day in self.makeup_days:
            return self._longest
        return () if day in self.holidays else self.week.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Whether the day has any working time. A window that the change of the clocks skips is none."""
        return bool(self._spans_of(day))

    def day_reason(self, day: date) -> str:
        """Why a day is unlike its weekday: its change, holiday or make-up day by name. Else empty."""
        if change := self.amendments.get(day):
            return change.name
        return self.makeup_days.get(day) or self.holidays.get(day, "")

    def is_provisional(self, day: date) -> bool:
        """Whether the day may yet become a holiday: unpublished, and not fixed by hand."""
        published = self.published_from <= day <= self.published_until
        return not published and day not in self.amendments

    def local_date(self, moment: datetime) -> date:
        """The local day of a moment; InvalidInputError if that has no zone."""
        microseconds(moment)
        return moment.astimezone(self._tz).date()

    def midnight(self, day: date) -> datetime:
        """The moment a local day begins."""
        return midnight_of(day, self._tz)

    def closing(self, day: date) -> datetime:
        """The moment work ends on a working day."""
        return moment_of(self._spans_of(day)[-1][1])

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted."""
        found = 0
        for _ in range(LONGEST_WALK_DAYS):
            day += ONE_DAY
            if self.is_working_day(day):
                found += 1
                if found == count:
                    return day
        raise _endless(self.zone)

    def add(self, start: datetime, working: timedelta, breaks: Sequence[Interval] = ()) -> datetime:
        """The first moment by which `working` time has passed since `start`, the breaks left out.

        3.5 hours from Monday 16:30, open 08:30–12:00 and 14:00–17:30 → Tuesday 11:00.
        """
        begin = microseconds(start)
        return moment_of(advance(self._spans_from(begin), begin, working // MICROSECOND, breaks))

    def working_between(self, a: datetime, b: datetime, breaks: Sequence[Interval] = ()) -> timedelta:
        """Working time from `a` to `b` without the breaks; negative when `b` is before `a`."""
        begin, end = microseconds(a), microseconds(b)
        if end < begin:
            return -self.working_between(b, a, breaks)
        return timedelta(microseconds=measure(self._spans_from(begin), begin, end, breaks))

    def _spans_from(self, begin: int) -> Iterator[Span]:
        """The working spans in order, from the day before `begin` on.

        Where the clocks fall back across midnight, two days interlock: the end of the earlier comes again
        after the beginning of the later.
        """
        day = moment_of(begin).astimezone(self._tz).date() - ONE_DAY
        held: tuple[Span, ...] = ()
        for _ in range(LONGEST_WALK_DAYS):
            spans = self._spans_of(day)
            if held and spans and spans[0][0] < held[-1][1]:
                held = tuple(sorted(held + spans))
            else:
                yield from held
                held = spans
            day += ONE_DAY
        raise _endless(self.zone)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        spans = self._spans.get(day)
        if spans is None:
            windows = [(window.opens, window.closes) for window in self.windows_on(day)]
            spans = self._spans[day] = tuple(spans_of(day, windows, self._tz))
        return spans


def _minutes(windows: Iterable[Window]) -> int:
    return sum(window.minutes for window in windows)


def _endless(zone: str) -> CalendarError:
    return CalendarError(
        f"The calendar of {zone} has too little working time in ten years to hold this deadline."
    )
