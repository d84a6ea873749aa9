"""The calendar: working days of China, windows, changes of a community, other zones (G1)."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.holidays import calendar_for
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.errors import CalendarError, InvalidInputError

CHINA = calendar_for("Asia/Shanghai")
MORNING, AFTERNOON = Window(510, 720), Window(840, 1050)
OFFICE = dict.fromkeys(range(5), (MORNING, AFTERNOON))
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.req("G1")
def test_every_day_2018_to_2026_is_what_the_published_notices_say() -> None:
    day, wrong = date(2018, 1, 1), []
    while day <= date(2026, 12, 31):
        if CHINA.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day.isoformat())
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.req("G1")
def test_a_break_takes_in_its_weekends_also_where_work_is_done_every_day() -> None:
    """Every day 2018–2026 again, for a community that works seven days a week."""
    every_day = calendar_for("Asia/Shanghai", windows=dict.fromkeys(range(7), (MORNING, AFTERNOON)))
    day, wrong = date(2018, 1, 1), []
    while day <= date(2026, 12, 31):
        is_off, festival = chinese_calendar.get_holiday_detail(day)
        if every_day.is_working_day(day) == (is_off and festival is not None):
            wrong.append(day.isoformat())
        day += timedelta(days=1)
    assert wrong == []
    assert every_day.day_reason(date(2026, 10, 4)) == "国庆节"


@pytest.mark.req("G1")
def test_national_day_2026() -> None:
    holidays = [date(2026, 10, day) for day in range(1, 8)]
    assert not any(CHINA.is_working_day(day) for day in holidays)
    assert CHINA.is_working_day(date(2026, 9, 20)), "the Sunday before is worked"
    assert CHINA.is_working_day(date(2026, 10, 10)), "the Saturday after is worked"
    assert CHINA.day_reason(date(2026, 10, 7)) == "国庆节", "a moved day belongs to its festival"
    assert CHINA.day_reason(date(2026, 10, 10)) == "国庆节"
    assert CHINA.day_reason(date(2026, 10, 12)) == ""
    assert CHINA.working_days_after(date(2026, 9, 30), 5) == date(2026, 10, 13)


@pytest.mark.req("G1")
def test_a_make_up_saturday_has_the_hours_of_a_full_day() -> None:
    calendar = calendar_for("Asia/Shanghai", windows={**OFFICE, 5: (MORNING,)})
    assert calendar.windows_on(date(2026, 10, 17)) == (MORNING,), "an ordinary Saturday is short"
    assert calendar.windows_on(date(2026, 10, 10)) == (MORNING, AFTERNOON)


@pytest.mark.req("G1")
def test_years_that_are_not_published_are_provisional() -> None:
    assert CHINA.published_until == date(2026, 12, 31)
    assert not CHINA.is_provisional(date(2026, 12, 31))
    assert CHINA.is_provisional(date(2027, 1, 1))
    assert CHINA.is_provisional(date(2050, 1, 1)), "far off is provisional, not an error"
    assert CHINA.is_provisional(date(1999, 1, 1)), "so is what lies before the tables"
    assert not CHINA.is_working_day(date(2027, 10, 1)), "what the law fixes is known all the same"
    fixed = calendar_for("Asia/Shanghai", amendments={date(2027, 1, 4): Amendment((), "closed")})
    assert not fixed.is_provisional(date(2027, 1, 4)), "what the community decided is certain"


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("zone", "country", "subdivision", "day_off", "name"),
    [
        ("Europe/Berlin", "DE", "BY", date(2026, 1, 6), "Heilige Drei Könige"),
        ("America/New_York", "US", None, date(2026, 7, 3), "Independence Day"),
        ("Asia/Singapore", "SG", None, date(2026, 8, 10), "National Day"),
    ],
)
def test_other_countries(zone: str, country: str, subdivision: str | None, day_off: date, name: str) -> None:
    calendar = calendar_for(zone, country, OFFICE, subdivision=subdivision)
    assert not calendar.is_working_day(day_off)
    assert calendar.day_reason(day_off) == name
    assert not calendar.is_provisional(day_off)


def test_a_country_whose_holidays_follow_the_moon_is_known_until_the_first_estimate() -> None:
    emirates = calendar_for("Asia/Dubai", "AE")
    assert date(2026, 1, 1) < emirates.published_until < date(2035, 1, 1)


@pytest.mark.req("G1")
def test_a_country_that_has_given_up_moving_days_has_a_calendar() -> None:
    bulgaria = calendar_for("Europe/Sofia", "BG")
    assert not bulgaria.is_working_day(date(2026, 3, 3))
    assert not bulgaria.is_provisional(date(2026, 3, 3))


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("CN", "QQ"), ("", None)])
def test_an_unknown_place_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(CalendarError, match="No holidays are known"):
        calendar_for("Asia/Shanghai", country, subdivision=subdivision)


@pytest.mark.req("G1")
def test_a_community_changes_single_days() -> None:
    calendar = calendar_for(
        "Asia/Shanghai",
        amendments={
            date(2026, 10, 8): Amendment((), "停电检修"),
            date(2026, 10, 11): Amendment((MORNING,), "加班"),
            date(2026, 10, 10): Amendment((Window(600, 660),), "半天"),
        },
    )
    assert not calendar.is_working_day(date(2026, 10, 8))
    assert calendar.day_reason(date(2026, 10, 8)) == "停电检修"
    assert calendar.windows_on(date(2026, 10, 11)) == (MORNING,)
    assert calendar.windows_on(date(2026, 10, 10)) == (Window(600, 660),), "above the make-up day too"


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T11:00+08:00", 2, "2026-03-02T15:00+08:00"),  # over lunch
        ("2026-03-02T11:00+08:00", 1, "2026-03-02T12:00+08:00"),  # to the end of the morning, not 14:00
        ("2026-03-02T12:30+08:00", 1, "2026-03-02T15:00+08:00"),  # begun at lunch
        ("2026-03-06T17:00+08:00", 1, "2026-03-09T09:00+08:00"),  # over the weekend
        ("2026-10-09T17:00+08:00", 1, "2026-10-10T09:00+08:00"),  # into the make-up Saturday
        ("2026-09-30T17:00+08:00", 1, "2026-10-08T09:00+08:00"),  # over National Day
        ("2026-03-01T03:00+08:00", 7, "2026-03-02T17:30+08:00"),  # begun on a Sunday night
    ],
)
def test_working_hours(start: str, hours: int, end: str) -> None:
    assert CHINA.add(at(start), hours * HOUR) == at(end)
    assert CHINA.working_between(at(start), at(end)) == hours * HOUR
    assert CHINA.working_between(at(end), at(start)) == -hours * HOUR


def test_breaks_are_left_out_even_where_they_overlap() -> None:
    start = at("2026-03-02T08:30+08:00")
    breaks = [
        (at("2026-03-02T09:00+08:00"), at("2026-03-02T10:00+08:00")),
        (at("2026-03-02T09:30+08:00"), at("2026-03-02T10:30+08:00")),
        (at("2026-03-02T12:00+08:00"), at("2026-03-02T13:00+08:00")),
    ]
    end = CHINA.add(start, 2 * HOUR, breaks)
    assert end == at("2026-03-02T12:00+08:00")
    assert CHINA.working_between(start, end, breaks) == 2 * HOUR


NIGHT = dict.fromkeys(range(7), (Window(0, 180),))


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-08", 2), ("2026-03-09", 3), ("2026-11-01", 4), ("2026-11-02", 3)],
)
def test_a_window_over_the_change_of_the_clocks_is_as_long_as_it_really_is(day: str, hours: int) -> None:
    calendar = Calendar("America/New_York", NIGHT)
    start = calendar.midnight(date.fromisoformat(day))
    assert calendar.working_between(start, start + 20 * HOUR) == hours * HOUR


def test_a_day_whose_only_window_does_not_exist_is_no_working_day() -> None:
    calendar = Calendar("America/New_York", dict.fromkeys(range(7), (Window(120, 180),)))
    spring = date(2026, 3, 8)
    assert not calendar.is_working_day(spring), "there is no hour from 2 to 3"
    assert calendar.working_days_after(date(2026, 3, 7), 1) == date(2026, 3, 9)


def test_clocks_changed_at_midnight() -> None:
    calendar = Calendar("America/Havana", dict.fromkeys(range(7), (Window(0, 120),)))
    spring, autumn = at("2026-03-08T00:00-05:00"), at("2026-11-01T00:00-04:00")
    assert calendar.working_between(spring, spring + 12 * HOUR) == HOUR, "there is no hour from 0 to 1"
    assert calendar.working_between(autumn, autumn + 12 * HOUR) == 3 * HOUR, "there are two of them"


@pytest.mark.parametrize(
    ("zone", "week", "message"),
    [
        ("Asia/Shanghai", {}, "without working time"),
        ("Asia/Shanghai", {0: ()}, "without working time"),
        ("Asia/Peking", OFFICE, "no time zone"),
        ("../etc/passwd", OFFICE, "no time zone"),
        ("Asia/Shanghai", {0: (AFTERNOON, MORNING)}, "overlap or are out of order"),
        ("Asia/Shanghai", {0: (MORNING, Window(700, 800))}, "overlap or are out of order"),
        ("Asia/Shanghai", {7: (MORNING,)}, "Weekdays are 0"),
    ],
)
def test_an_impossible_calendar_is_refused(
    zone: str, week: dict[int, tuple[Window, ...]], message: str
) -> None:
    with pytest.raises(CalendarError, match=message):
        Calendar(zone, week)


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (-1, 60), (1300, 1441)])
def test_an_impossible_window_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(CalendarError, match="impossible"):
        Window(opens, closes)


def test_a_walk_ends_even_when_every_day_is_off() -> None:
    """Frappe's `while remaining` never ends on such a calendar."""
    every_day = {date(2026, 1, 1) + timedelta(days=number): "off" for number in range(5000)}
    calendar = Calendar("Asia/Shanghai", OFFICE, every_day)
    with pytest.raises(CalendarError, match="too little working time"):
        calendar.add(at("2026-01-01T00:00+08:00"), HOUR)
    with pytest.raises(CalendarError, match="too little working time"):
        calendar.working_days_after(date(2026, 1, 1), 1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="has no zone"):
        CHINA.add(datetime(2026, 1, 1), HOUR)  # noqa: DTZ001 that is the point
    with pytest.raises(InvalidInputError, match="has no zone"):
        CHINA.local_date(datetime(2026, 1, 1))  # noqa: DTZ001


moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.integers(0, 200 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.req("G1")
@given(moments, lengths)
def test_adding_and_measuring_give_back_the_amount(start: datetime, amount: timedelta) -> None:
    assert CHINA.working_between(start, CHINA.add(start, amount)) == amount


@given(moments, lengths, lengths)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    assert CHINA.add(CHINA.add(start, one), other) == CHINA.add(start, one + other)


@given(moments, moments, lengths)
def test_later_starts_end_later(one: datetime, other: datetime, amount: timedelta) -> None:
    early, late = sorted((one, other))
    assert CHINA.add(early, amount) <= CHINA.add(late, amount)


def test_the_library_of_holidays_is_loaded_only_when_a_calendar_is_built() -> None:
    code = "import sys, chalicelib.adapters.holidays; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 our own code


def test_the_library_speaks_the_language_of_the_country_whatever_the_machine_speaks() -> None:
    code = (
        "from datetime import date; from chalicelib.adapters.holidays import calendar_for; "
        "print(calendar_for('Asia/Shanghai').day_reason(date(2026, 10, 7)))"
    )
    env = {"LANG": "th_TH.UTF-8", "LANGUAGE": "th", "PYTHONIOENCODING": "utf-8"}
    told = subprocess.run(  # noqa: S603 our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, encoding="utf-8", env=env
    )
    assert told.stdout.strip() == "国庆节"
