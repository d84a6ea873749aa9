"""The deadline engine against an oracle that knows nothing but single minutes (G1)."""

import os
import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters.holidays import calendar_for
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import deadline_for, replay
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Rule

CASES_PER_CALENDAR = int(os.environ.get("ORACLE_CASES", "3000"))
"""After a change of the engine: ORACLE_CASES=25000, for a hundred thousand in all."""
MINUTE = timedelta(minutes=1)
LUNCH = (Window(510, 720), Window(840, 1050))
NIGHTS = (Window(0, 190), Window(600, 850), Window(1380, 1440))
FULL = (Window(540, 1020),)

CALENDARS = {
    "China with lunch breaks": (
        calendar_for("Asia/Shanghai", "CN", dict.fromkeys(range(5), LUNCH)),
        date(2025, 9, 1),
    ),
    "China with Saturdays, changes and a closed day": (
        calendar_for(
            "Asia/Shanghai",
            "CN",
            {**dict.fromkeys(range(5), LUNCH), 5: (Window(540, 720),)},
            amendments={
                date(2025, 10, 9): Amendment((), "power cut in the office"),
                date(2025, 12, 25): Amendment((Window(480, 600), Window(605, 700)), "short day"),
                date(2026, 2, 19): Amendment((Window(540, 1020),), "open in the festival"),
            },
        ),
        date(2025, 9, 1),
    ),
    "New York, nights over the change of the clocks": (
        calendar_for("America/New_York", "US", dict.fromkeys(range(7), NIGHTS)),
        date(2025, 9, 1),
    ),
    "Chatham Islands, odd offset, four days a week": (
        calendar_for("Pacific/Chatham", "NZ", dict.fromkeys((0, 1, 3, 6), FULL)),
        date(2025, 8, 1),
    ),
}


@dataclass
class MinuteOracle:
    """Every minute of fourteen months, looked at one by one on the wall clock of the zone."""

    calendar: Calendar
    first_day: date
    worked: list[int] = field(default_factory=lambda: [0])  # working minutes before minute n
    day_of: list[date] = field(default_factory=list)  # local date of minute n
    ends: dict[date, int] = field(default_factory=dict)  # working day → the minute after its last working one
    begins: dict[date, int] = field(default_factory=dict)  # day → its first minute

    def __post_init__(self) -> None:
        zone = ZoneInfo(self.calendar.zone)
        minutes: set[int] = set()
        self.start = datetime.combine(self.first_day, datetime.min.time(), UTC)
        for number in range(14 * 31 * 24 * 60):
            local = (self.start + number * MINUTE).astimezone(zone)
            day = local.date()
            if day not in self.begins:
                self.begins[day] = number
                minutes = {minute for window in self._windows(day) for minute in range(*window)}
            works = local.hour * 60 + local.minute in minutes
            self.day_of.append(day)
            self.worked.append(self.worked[-1] + works)
            if works:
                self.ends[day] = number + 1
        self.working_days = sorted(self.ends)

    def _windows(self, day: date) -> list[tuple[int, int]]:
        """The rules of a day, told a second time."""
        calendar = self.calendar
        if day in calendar.amendments:
            windows: Sequence[Window] = calendar.amendments[day].windows
        elif day in calendar.makeup_days:
            windows = LUNCH
        elif day in calendar.holidays:
            windows = ()
        else:
            windows = calendar.week.get(day.weekday(), ())
        return [(window.opens, window.closes) for window in windows]

    def nth_working_day(self, after: date, count: int) -> date:
        return self.working_days[bisect_left(self.working_days, after + timedelta(days=1)) + count - 1]

    def due(self, limit: Limit, start: int, pauses: Sequence[tuple[int, int]]) -> int:
        """The minute at which the limit has run out."""
        day_minutes = self.calendar.working_day // MINUTE
        counted_from, extra = start, 0.0
        due = start
        if limit.unit is not Unit.WORKING_DAYS:
            extra = limit.amount * {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 1440}[limit.unit]
        elif limit.count is CountFrom.MOMENT:
            extra = limit.amount * day_minutes
        else:
            today = self.day_of[start]
            tomorrow = today + timedelta(days=1)
            if limit.count is CountFrom.NEXT_DAY:
                counted_from = self.begins[tomorrow]
            elif self.ends.get(today, -1) > start:
                today -= timedelta(days=1)
            whole = int(limit.amount)
            due = self.ends[self.nth_working_day(today, whole)] if whole else counted_from
            extra = (limit.amount - whole) * day_minutes
        due = self._first(limit, due, round(extra), ())
        if extra and limit.count is not CountFrom.MOMENT:
            due = min(due, self.ends[self.nth_working_day(today, whole + 1)])
        running = self._run(limit, counted_from, due, ())
        return max(due, self._first(limit, counted_from, running, pauses))

    def _run(self, limit: Limit, begin: int, end: int, pauses: Sequence[tuple[int, int]]) -> int:
        def passed(a: int, b: int) -> int:
            a, b = max(a, begin), min(b, end)
            if b <= a:
                return 0
            return b - a if limit.around_the_clock else self.worked[b] - self.worked[a]

        return passed(begin, end) - sum(passed(a, b) for a, b in pauses)

    def _first(self, limit: Limit, begin: int, minutes: int, pauses: Sequence[tuple[int, int]]) -> int:
        """The first minute by which so many have run since `begin`; pauses do not overlap here."""
        if not pauses:
            if limit.around_the_clock:
                return begin + minutes
            return bisect_left(self.worked, self.worked[begin] + minutes, lo=begin)
        return bisect_left(
            range(len(self.worked)), minutes, lo=begin, key=lambda end: self._run(limit, begin, end, pauses)
        )


@pytest.mark.req("G1", "G2", "G4", "G9")
@pytest.mark.parametrize("name", CALENDARS)
def test_the_engine_agrees_with_a_walk_minute_by_minute(name: str) -> None:
    calendar, first_day = CALENDARS[name]
    oracle = MinuteOracle(calendar, first_day)
    dice = random.Random(f"oracle {name}")  # noqa: S311 reproducible cases, not secrets
    seen: Mapping[CountFrom, int] = dict.fromkeys(CountFrom, 0)
    moved = 0
    for number in range(CASES_PER_CALENDAR):
        limit = _some_limit(dice)
        start = dice.randrange(3000, 300 * 1440)
        pauses = _some_pauses(dice, start)
        rule = Rule("oracle", Clock.SOLVE, limit, "S1", "C2", "any")
        share = dice.choice((1.0, 1.0, 0.5))
        scaled = limit.scaled(share)
        deadline = deadline_for(
            rule,
            oracle.start + start * MINUTE,
            calendar,
            pauses=[Pause(oracle.start + a * MINUTE, oracle.start + b * MINUTE) for a, b in pauses],
            share=share,
        )
        expected = oracle.start + oracle.due(scaled, start, pauses) * MINUTE
        assert deadline.due_at == expected, (number, limit, share, start, pauses)
        seen[limit.count] += 1  # type: ignore[index]
        moved += deadline.due_at != deadline.first_due_at
        if number % 20 == 0:
            assert replay(deadline) == expected
    assert min(seen.values()) > CASES_PER_CALENDAR / 20
    assert moved > CASES_PER_CALENDAR / 10


def _some_limit(dice: random.Random) -> Limit:
    match dice.randrange(6):
        case 0:
            return Limit(dice.randrange(2, 600, 2), Unit.MINUTES)
        case 1:
            return Limit(dice.randrange(1, 100), Unit.HOURS)
        case 2:
            return Limit(dice.randrange(1, 60), Unit.HOURS, around_the_clock=False)
        case 3:
            return Limit(dice.choice((0.5, 1, 1.5, 2, 7)), Unit.WORKING_DAYS, around_the_clock=False)
        case 4:
            amount = dice.choice((0.5, 1, 2, 2.5, 3, 5, 5, 7, 10))
            return Limit(amount, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)
        case _:
            amount = dice.choice((0.5, 1, 1, 1.5, 2, 3))
            return Limit(amount, Unit.WORKING_DAYS, CountFrom.END_OF_DAY, around_the_clock=False)


def _some_pauses(dice: random.Random, start: int) -> list[tuple[int, int]]:
    """Up to three pauses that do not overlap, from before the start to weeks after it."""
    marks = sorted(dice.sample(range(start - 2000, start + 12_000), 2 * dice.choice((0, 0, 1, 2, 3))))
    return list(zip(marks[::2], marks[1::2], strict=True))
