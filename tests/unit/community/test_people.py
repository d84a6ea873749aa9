"""The duty roster and the staff (F, B14, G19)."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.community.roles import STAFF_ROLES, WORKERS, Role
from chalicelib.domain.community.roster import Shift
from tests.builders import MONDAY, community
from tests.words import WORDS

NIGHT = Shift("security", "security-1", (0,), time(22), time(6))
"""Monday night: from Monday 22:00 to Tuesday 06:00 in Shanghai."""


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    """That local time on a day of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.req("B14")
@pytest.mark.parametrize(
    ("at", "on"),
    [
        (shanghai(23, 21, 59), False),
        (shanghai(23, 22), True),
        (shanghai(24, 5, 59), True),
        (shanghai(24, 6), False),
        (shanghai(24, 22), False),
        (shanghai(23, 5), False),
    ],
)
def test_a_turn_over_midnight_belongs_to_the_day_it_begins(at: datetime, on: bool) -> None:
    place = community(shifts=(NIGHT,))
    assert place.on_duty("security", at) == ({"security-1"} if on else set())
    assert place.is_off_duty("security-1", at) is not on


@pytest.mark.req("B14")
@given(minutes=st.integers(0, 7 * 24 * 60 - 1))
def test_a_turn_of_a_whole_day_has_no_gap(minutes: int) -> None:
    turn = Shift("desk", "agent-1", tuple(range(7)), time(8), time(8))
    assert turn.covers(datetime(2026, 11, 23) + timedelta(minutes=minutes))  # noqa: DTZ001 - local wall clock


@pytest.mark.req("B14")
def test_duty_is_by_department_and_local_time() -> None:
    place = community()
    assert place.on_duty("engineering", MONDAY) == {"engineering-1"}
    assert place.on_duty("engineering", shanghai(23, 20)) == frozenset()
    assert place.on_duty("nowhere", MONDAY) == frozenset()


@pytest.mark.req("G3")
def test_who_is_in_no_roster_is_never_off() -> None:
    place = community()
    assert not place.is_off_duty("manager-1", shanghai(23, 3))
    assert place.is_off_duty("engineering-1", shanghai(23, 3))
    assert not place.is_off_duty("engineering-1", MONDAY)


def test_who_has_left_is_no_member() -> None:
    place = community()
    left = tuple(replace(member, active=member.username != "agent-1") for member in place.staff)
    assert replace(place, staff=left).member("agent-1") is None
    assert "agent-1" not in {member.username for member in replace(place, staff=left).with_role(Role.AGENT)}


def test_every_role_has_a_name_in_every_language() -> None:
    for language in WORDS.languages():
        assert WORDS.get(language).groups["roles"].keys() == set(Role)
    assert WORKERS < STAFF_ROLES
