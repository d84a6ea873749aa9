"""The calendar of a community: the country's days off and its own changes."""

from datetime import date

import pytest
from holidays.constants import HOLIDAY_NAME_DELIMITER

from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.domain.community.community import AmendedDay
from chalicelib.domain.deadlines.calendar import NAMES_APART
from chalicelib.domain.errors import CalendarError
from tests.builders import community


@pytest.mark.req("G1")
def test_holidays_and_make_up_days_of_the_country() -> None:
    calendar = CommunityCalendars().of(community())

    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10)), "a Saturday worked for the holiday"


@pytest.mark.req("G1")
def test_a_community_changes_single_days() -> None:
    open_sunday = AmendedDay("2026-11-22", (("09:00", "12:00"), ("22:00", "24:00")), "move-in day")
    closed_monday = AmendedDay("2026-11-23", (), "power works")
    changed = CommunityCalendars().of(community(amendments=(open_sunday, closed_monday)))

    sunday = [(window.opens, window.closes) for window in changed.windows_on(date(2026, 11, 22))]
    assert sunday == [(540, 720), (1320, 1440)]
    assert not changed.is_working_day(date(2026, 11, 23))
    assert changed.day_reason(date(2026, 11, 23)) == "power works"
    assert CommunityCalendars().of(community()).is_working_day(date(2026, 11, 23))


def test_a_calendar_is_built_once() -> None:
    calendars = CommunityCalendars()

    assert calendars.of(community()) is calendars.of(community("hillside"))


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(CalendarError):
        CommunityCalendars().of(community(amendments=(AmendedDay("2026-11-22", (("12:00", "09:00"),), "?"),)))


@pytest.mark.req("G1")
def test_two_holidays_of_a_day_are_told_apart_as_the_library_writes_them() -> None:
    assert NAMES_APART == HOLIDAY_NAME_DELIMITER
