"""The duty roster: who is on duty, what differs on a day, and the hours that nobody has (B14, G19)."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Hours
from chalicelib.domain.community.gaps import gaps, next_on_duty, spells
from chalicelib.domain.community.roster import EXTRA, LEAVE, SWAP, DutyChange, Shift, on_duty
from chalicelib.domain.community.roster_checks import check_change, check_shift
from chalicelib.domain.dispatch.handler_choice import choose_handler
from chalicelib.domain.errors import InvalidInputError
from tests.builders import MONDAY, community
from tests.rosters import EVERY_DAY, S2_SHIFTS


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of November 2026 as the clock on the wall shows it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def change(kind: str, username: str, starts: datetime, ends: datetime, **more: Any) -> DutyChange:
    return DutyChange("c1", kind, username, starts, ends, **more)


def swap(gives: str, takes: str, day: int) -> DutyChange:
    """A day's turn that one has in the place of another."""
    return change(SWAP, gives, local(day, 8), local(day, 20), department="engineering", other=takes)


def with_changes(*changes: DutyChange) -> Community:
    return community(duty_changes=changes)


@pytest.mark.req("B14", "G19")
def test_the_hour_that_the_shifts_of_s2_leave_open_is_a_gap_of_each_day() -> None:
    place = community(shifts=S2_SHIFTS)
    found = gaps(place, MONDAY, MONDAY + timedelta(days=14))  # from Monday 09:00 on
    assert len(found) == 14
    assert (found[0].starts, found[0].ends) == (shanghai(24, 8), shanghai(24, 9))
    assert {gap.department for gap in found} == {"desk"}
    filled = replace(place, shifts=(*S2_SHIFTS, Shift("desk", "agent-2", EVERY_DAY, time(8), time(9))))
    assert gaps(filled, MONDAY, MONDAY + timedelta(days=14)) == ()


@pytest.mark.req("B14")
def test_where_only_the_day_has_turns_the_night_is_no_gap_unless_somebody_says_so() -> None:
    place = community()
    assert gaps(place, MONDAY, MONDAY + timedelta(days=14)) == ()
    wanted = replace(place, duty_hours={"security": (Hours(EVERY_DAY, (("00:00", "24:00"),)),)})
    found = gaps(wanted, MONDAY, MONDAY + timedelta(days=1))
    assert [(gap.department, gap.starts, gap.ends) for gap in found] == [
        ("security", shanghai(23, 20), shanghai(24, 8))
    ]


@pytest.mark.req("B14", "B2")
def test_leave_opens_a_gap_and_takes_a_person_out_of_the_choice() -> None:
    away = change(LEAVE, "engineering-1", local(23, 0), local(25, 12))
    place = with_changes(away)
    assert place.on_duty("engineering", MONDAY) == frozenset()
    assert place.is_off_duty("engineering-1", MONDAY)
    found = gaps(place, MONDAY, MONDAY + timedelta(days=14))
    assert [(gap.starts, gap.ends) for gap in found] == [
        (MONDAY, shanghai(23, 20)),
        (shanghai(24, 8), shanghai(24, 20)),
        (shanghai(25, 8), shanghai(25, 12)),
    ]
    chosen = choose_handler(place, "engineering", MONDAY, {"engineering-2": 99})
    assert chosen is not None
    assert chosen.username == "engineering-2"
    both = with_changes(away, replace(away, id="c2", username="engineering-2"))
    chosen = choose_handler(both, "engineering", MONDAY, {})
    assert chosen is not None
    assert chosen.username == "engineering-head", "whoever is on leave gets no new work"


@pytest.mark.req("B14")
def test_leave_of_somebody_without_turns_has_them_off_duty_and_a_single_turn_does_not() -> None:
    place = with_changes(change(LEAVE, "manager-1", local(23, 8), local(23, 18)))
    assert place.is_off_duty("manager-1", MONDAY)
    assert not place.is_off_duty("manager-1", shanghai(23, 19))
    one_turn = change(EXTRA, "manager-1", local(23, 20), local(24, 8), department="desk")
    place = with_changes(one_turn)
    assert not place.is_off_duty("manager-1", MONDAY), "one turn says nothing of other hours"
    assert place.on_duty("desk", shanghai(24, 3)) == {"manager-1"}


@pytest.mark.req("B14")
def test_a_swap_stands_as_soon_as_both_have_agreed() -> None:
    asked = change(
        SWAP,
        "engineering-1",
        local(23, 8),
        local(23, 20),
        department="engineering",
        other="engineering-2",
        agreed=("engineering-1",),
    )
    assert with_changes(asked).on_duty("engineering", MONDAY) == {"engineering-1"}
    agreed = replace(asked, agreed=("engineering-1", "engineering-2"))
    place = with_changes(agreed)
    assert place.on_duty("engineering", MONDAY) == {"engineering-2"}
    assert place.on_duty("engineering", shanghai(24, 9)) == {"engineering-1"}
    assert place.is_off_duty("engineering-1", MONDAY)


@pytest.mark.req("B14")
def test_the_turn_in_return_goes_the_other_way() -> None:
    night = Shift("engineering", "engineering-2", EVERY_DAY, time(20), time(8))
    plain = community()
    both = change(
        SWAP,
        "engineering-1",
        local(23, 8),
        local(23, 20),
        department="engineering",
        other="engineering-2",
        back_starts=local(24, 20),
        back_ends=local(25, 8),
        agreed=("engineering-2", "engineering-1"),
    )
    place = replace(plain, shifts=(*plain.shifts, night), duty_changes=(both,))
    there = [place.on_duty("engineering", moment) for moment in (MONDAY, shanghai(24, 9), shanghai(25, 3))]
    assert there == [{"engineering-2"}, {"engineering-1"}, {"engineering-1"}]


@pytest.mark.req("B14")
def test_where_clocks_change_nobody_is_lost_and_no_hour_is_made_up() -> None:
    berlin = community(
        zone="Europe/Berlin",
        shifts=(
            Shift("desk", "agent-1", EVERY_DAY, time(2, 30), time(14)),
            Shift("desk", "agent-2", EVERY_DAY, time(14), time(2, 30)),
        ),
    )
    for midnight in (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)):
        parts = spells(berlin, "desk", midnight, midnight + timedelta(hours=23))
        assert not [part for part in parts if part.is_gap]
        assert all(later.starts == earlier.ends for earlier, later in pairwise(parts))
    spring = spells(
        berlin, "desk", datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 8, tzinfo=UTC)
    )
    assert [(part.people, part.starts.hour) for part in spring] == [(("agent-2",), 23), (("agent-1",), 1)]
    autumn = spells(
        berlin, "desk", datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)
    )
    day = [part.starts for part in autumn if part.people == ("agent-1",)]
    assert day[-1] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "the second 02:30"


@pytest.mark.req("G19")
def test_who_is_next_comes_from_the_roster() -> None:
    place = community(shifts=S2_SHIFTS)
    assert next_on_duty(place, "desk", MONDAY) == ("agent-2",)
    assert next_on_duty(place, "desk", shanghai(23, 18)) == ("supervisor-1",)
    assert next_on_duty(place, "greenery", MONDAY) == ()


@pytest.mark.req("B14")
@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (Shift("engineering", "engineering-1", (0,), time(12), time(13)), "overlaps"),
        (Shift("engineering", "engineering-1", (6,), time(22), time(9)), "overlaps"),
        (Shift("engineering", "security-1", (0,), time(12), time(13)), "does not work in"),
        (Shift("roof", "security-1", (0,), time(12), time(13)), "no department"),
        (Shift("engineering", "nobody", (0,), time(12), time(13)), "works here now"),
        (Shift("engineering", "engineering-2", (), time(12), time(13)), "at least one weekday"),
    ],
)
def test_a_turn_that_cannot_be_is_refused_with_what_would_be_right(shift: Shift, said: str) -> None:
    place = community()
    with pytest.raises(InvalidInputError, match=said):
        check_shift(shift, place, place.shifts)


@pytest.mark.req("B14")
def test_turns_that_overlap_are_exchanged_whole_and_a_colleague_who_is_there_takes_none() -> None:
    by_day = Shift("desk", "agent-1", EVERY_DAY, time(8), time(20))
    by_night = Shift("desk", "agent-2", EVERY_DAY, time(19, 30), time(8, 30))
    place = community(shifts=(by_day, by_night))
    alone = change(SWAP, "agent-1", local(24, 8), local(24, 20), department="desk", other="agent-2")
    with pytest.raises(InvalidInputError, match="overlaps"):
        check_change(alone, place, MONDAY)
    both = replace(
        alone,
        back_starts=local(24, 19, 30),
        back_ends=local(25, 8, 30),
        agreed=("agent-1", "agent-2"),
    )
    with pytest.raises(InvalidInputError, match="overlaps"):
        check_change(both, place, MONDAY)  # each still has the own turn of the other day, until 08:30
    exact = replace(both, starts=local(24, 8, 30), back_ends=local(25, 8))
    check_change(exact, place, MONDAY)
    roster = replace(place, duty_changes=(exact,)).roster
    assert on_duty(roster, "desk", shanghai(24, 12)) == ("agent-2",)
    assert set(on_duty(roster, "desk", shanghai(24, 19, 45))) == {"agent-1", "agent-2"}
    assert on_duty(roster, "desk", shanghai(24, 23)) == ("agent-1",)


@pytest.mark.req("B14")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (change(LEAVE, "engineering-1", local(24, 8), local(23, 8)), "before it starts"),
        (change(LEAVE, "engineering-1", local(23, 8), local(23, 8)), "before it starts"),
        (change(LEAVE, "nobody", local(23, 8), local(24, 8)), "works here now"),
        (change(LEAVE, "engineering-1", local(1, 0), local(1, 0).replace(year=2027)), "longer than"),
        (change(EXTRA, "engineering-1", local(23, 6), local(23, 9), department="engineering"), "overlaps"),
        (change(EXTRA, "security-1", local(23, 6), local(23, 9), department="engineering"), "does not work"),
        (change(EXTRA, "engineering-2", local(24, 8), local(24, 9), department="engineering"), "on leave"),
        (change(SWAP, "engineering-1", local(23, 8), local(23, 20), department="engineering"), "colleague"),
        (swap("engineering-2", "engineering-1", 23), "no turn at"),
        (swap("engineering-1", "engineering-2", 24), "on leave"),
        (swap("engineering-1", "engineering-1", 23), "colleague"),
        (
            change(EXTRA, "engineering-1", local(23, 7, 50), local(23, 8, 1), department="engineering"),
            "overlaps",
        ),
        (change(LEAVE, "engineering-1", local(9, 8), local(10, 8)), "over at"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_what_would_be_right(asked: DutyChange, said: str) -> None:
    away = DutyChange("c0", LEAVE, "engineering-2", local(24, 0), local(25, 0))
    with pytest.raises(InvalidInputError, match=said):
        check_change(asked, with_changes(away), MONDAY - timedelta(days=1))
