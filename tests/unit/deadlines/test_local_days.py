"""Local days about a midnight that comes twice or never, and days that a zone skipped, by the minute (G1)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import deadline_for, replay
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.errors import CalendarError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Rule

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WINDOWS = {
    "the whole day": (Window(0, 1440),),
    "about midnight": (Window(0, 30), Window(45, 90), Window(120, 181), Window(510, 720), Window(1380, 1440)),
}
CHANGES = [
    # back across midnight: after a minute of the next day, the last hour of the day comes again
    ("America/St_Johns", "2010-11-06"),
    ("America/Goose_Bay", "2010-11-06"),
    # back to midnight, or to 23:00 of the day that ends
    ("America/Havana", "2026-11-01"),
    ("Asia/Beirut", "2026-10-24"),
    ("Africa/Cairo", "2026-10-29"),
    ("America/Asuncion", "2020-03-21"),
    ("America/Santiago", "2026-04-04"),
    ("America/Sao_Paulo", "2018-02-17"),
    ("Atlantic/Azores", "2026-10-25"),
    ("America/Nuuk", "2026-10-24"),
    # midnight is skipped
    ("America/Havana", "2026-03-08"),
    ("Asia/Beirut", "2026-03-29"),
    ("Africa/Cairo", "2026-04-24"),
    ("America/St_Johns", "2010-03-14"),
    ("America/Santiago", "2026-09-06"),
    # the zone itself was changed: by half an hour, by hours
    ("Asia/Pyongyang", "2018-05-04"),
    ("America/Caracas", "2016-05-01"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Casey", "2018-03-11"),
    # a day was skipped
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Fakaofo", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Pacific/Kiritimati", "1994-12-31"),
]


def walk(zone: str, middle: date, windows: tuple[Window, ...]) -> list[datetime]:
    """Every minute of work from two days before the middle on, as the wall clock of the zone shows them."""
    tz, start = ZoneInfo(zone), datetime.combine(middle, datetime.min.time(), UTC) - 2 * DAY
    worked = {minute for window in windows for minute in range(window.opens, window.closes)}
    moments = (start + number * MINUTE for number in range(5 * 24 * 60))
    local = ((moment, moment.astimezone(tz)) for moment in moments)
    return [moment for moment, shown in local if shown.hour * 60 + shown.minute in worked]


@pytest.mark.req("G1")
@pytest.mark.parametrize("windows", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_work_about_a_change_of_the_clocks_is_what_the_wall_clock_shows(
    zone: str, day: str, windows: tuple[Window, ...]
) -> None:
    minutes = walk(zone, date.fromisoformat(day), windows)
    calendar = Calendar(zone, dict.fromkeys(range(7), windows))
    start, end = minutes[0], minutes[-1]
    assert calendar.working_between(start, end) == MINUTE * (len(minutes) - 1)
    for number in range(0, len(minutes) - 1, 7):
        moment = minutes[number]
        assert calendar.working_between(moment, end) == MINUTE * (len(minutes) - 1 - number), moment
        assert calendar.add(start, MINUTE * (number + 1)) == moment + MINUTE
        assert calendar.is_working_day(calendar.local_date(moment))


@pytest.mark.req("G1", "G2", "G4")
def test_a_limit_over_a_midnight_that_comes_twice_counts_each_minute_once() -> None:
    """St. John's, 7 November 2010: 00:01 became 23:01 of the 6th; both were worked until 24:00."""
    calendar = Calendar("America/St_Johns", dict.fromkeys(range(7), (Window(0, 90), Window(1380, 1440))))
    start = datetime(2010, 11, 7, 1, 30, tzinfo=UTC)  # 23:00
    rule = Rule("test", Clock.SOLVE, Limit(2, Unit.HOURS, around_the_clock=False), "S1", "C2", "test")
    deadline = deadline_for(rule, start, calendar)
    # an hour to midnight, its first minute, 59 minutes once more: midnight again
    assert deadline.due_at == replay(deadline) == datetime(2010, 11, 7, 3, 30, tzinfo=UTC)
    in_the_first_minute = datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC)
    later = deadline_for(rule, in_the_first_minute, calendar)
    assert later.due_at == replay(later) == in_the_first_minute + timedelta(hours=2)
    pause = Pause(in_the_first_minute, in_the_first_minute + timedelta(minutes=30))
    paused = deadline_for(rule, start, calendar, pauses=[pause])
    assert paused.due_at == replay(paused) == datetime(2010, 11, 7, 4, tzinfo=UTC)


@pytest.mark.req("G1")
@pytest.mark.parametrize("windows", [(), (Window(540, 720),)])
def test_own_hours_on_a_day_that_the_zone_skipped_are_refused_by_name(windows: tuple[Window, ...]) -> None:
    week = dict.fromkeys(range(7), (Window(540, 1020),))
    skipped = {date(2011, 12, 30): Amendment(windows, "own")}
    with pytest.raises(CalendarError, match="no 2011-12-30 in Pacific/Apia, which skipped that day"):
        Calendar("Pacific/Apia", week, amendments=skipped)
    assert Calendar("Asia/Shanghai", week, amendments=skipped).windows_on(date(2011, 12, 30)) == windows
    Calendar("Pacific/Apia", week, amendments={date.min: skipped[date(2011, 12, 30)]})


@pytest.mark.req("G1")
def test_days_are_counted_over_one_that_the_zone_skipped() -> None:
    calendar = Calendar("Pacific/Apia", dict.fromkeys(range(7), (Window(540, 1020),)))
    one_day = Limit(1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)
    rule = Rule("test", Clock.SOLVE, one_day, "S1", "C2", "test")
    thursday = datetime(2011, 12, 29, 10, tzinfo=ZoneInfo("Pacific/Apia"))
    saturday = datetime(2011, 12, 31, 17, tzinfo=ZoneInfo("Pacific/Apia"))
    deadline = deadline_for(rule, thursday, calendar)
    assert deadline.due_at == replay(deadline) == saturday
