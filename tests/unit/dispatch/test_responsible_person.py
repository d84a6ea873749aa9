"""Who gets the work, who is told, who revisits: always a named person (B2, B3, G3, G6)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.dispatch.handler_choice import choose_handler, handler_for
from chalicelib.domain.dispatch.ranks import (
    ABOVE_HANDLERS,
    LADDER,
    awake_of_rank,
    person_of_rank,
    responsible,
)
from chalicelib.domain.follow_up.revisitor import choose_revisitor
from tests.builders import MONDAY, community
from tests.cases import with_fields
from tests.stories import HANDLER, HEAD, MANAGER, OTHER_HANDLER, SUPERVISOR, Story

NIGHT = MONDAY + timedelta(hours=14)
"""23:00 in Shanghai: nobody of the sample roster is on duty."""
ORDER = ("duty", "department_head", "supervisor", "manager", "company_head")


def without(place: Community, *usernames: str) -> Community:
    return replace(place, staff=tuple(member for member in place.staff if member.username not in usernames))


def name(person: Staff | None) -> str | None:
    return person.username if person else None


@pytest.mark.req("B2")
@pytest.mark.parametrize(
    ("at", "load", "avoid", "chosen"),
    [
        (MONDAY, {}, (), "engineering-1"),
        (MONDAY, {"engineering-1": 9}, (), "engineering-1"),
        (NIGHT, {}, (), "engineering-1"),
        (NIGHT, {"engineering-1": 1}, (), "engineering-2"),
        (MONDAY, {}, ("engineering-1",), "engineering-2"),
        (MONDAY, {}, ("engineering-1", "engineering-2"), "engineering-head"),
        (MONDAY, {}, ("engineering-1", "engineering-2", "engineering-head"), "supervisor-1"),
    ],
)
def test_duty_comes_before_load_and_load_before_order(
    at: datetime, load: Mapping[str, int], avoid: tuple[str, ...], chosen: str
) -> None:
    choice = choose_handler(community(), "engineering", at, load, avoid)
    assert choice is not None
    assert choice.username == chosen
    assert choice.reason


def in_turns(*, head: bool = False) -> Community:
    """Engineering by day and by night; with `head`, the head works by night as well."""
    every_day = tuple(range(7))
    night = ("engineering-2", *(("engineering-head",) if head else ()))
    turns = [Shift("engineering", event, every_day, time(20), time(8)) for event in night]
    place = community()
    return replace(place, shifts=(*place.shifts, *turns))


@pytest.mark.req("B2", "D7", "G3")
@pytest.mark.parametrize(
    ("place", "at", "avoid", "chosen", "why"),
    [
        (in_turns(), MONDAY, (), "engineering-1", "on duty"),
        (in_turns(), NIGHT, ("engineering-1",), "engineering-2", "on duty"),
        (
            in_turns(),
            MONDAY,
            ("engineering-1",),
            "engineering-head",
            "whoever is on duty declined it or had it",
        ),
        (in_turns(head=True), MONDAY, ("engineering-1",), "engineering-2", "whoever is on duty declined it"),
        (community(), MONDAY, ("engineering-1",), "engineering-2", "whoever is on duty declined it"),
        (community(), NIGHT, ("engineering-2",), "engineering-1", "nobody of the department is on duty"),
    ],
)
def test_a_case_that_comes_back_goes_to_somebody_who_is_there_and_the_reason_is_true(
    place: Community, at: datetime, avoid: tuple[str, ...], chosen: str, why: str
) -> None:
    choice = choose_handler(place, "engineering", at, {}, avoid)
    assert choice is not None
    assert choice.username == chosen
    assert choice.reason.startswith(why)


@pytest.mark.req("B2", "G3")
@given(avoid=st.sets(st.sampled_from([member.username for member in community().staff])))
def test_somebody_gets_the_work_whoever_declined(avoid: set[str]) -> None:
    choice = choose_handler(community(), "engineering", MONDAY, {}, avoid)
    assert choice is not None
    free = {"engineering-1", "engineering-2", "engineering-head", "supervisor-1", "manager-1"} - avoid
    assert not free or choice.username in free


def test_without_any_such_staff_nobody_is_chosen() -> None:
    assert choose_handler(community(staff=()), "engineering", MONDAY, {}) is None


@pytest.mark.req("B2", "D7")
def test_the_rules_pass_over_who_declined_and_who_had_the_round_that_came_back() -> None:
    story = Story().register()
    assert _chosen(story) == HANDLER.id
    story.do("assign", SUPERVISOR).do("decline", OTHER_HANDLER)
    assert _chosen(story) == HANDLER.id
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER).do("complete", OTHER_HANDLER)
    story.do("reopen", SUPERVISOR)
    assert _chosen(story) == HANDLER.id


@pytest.mark.req("G9")
def test_from_the_third_return_the_manager_has_it_unless_declined() -> None:
    story = Story().register()
    story.outcomes.append(
        replace(
            story.outcomes[-1],
            after=replace(story.case, round=story.context.regulation.reopen.manager_from + 1),
        )
    )
    assert _chosen(story) == MANAGER.id
    story.do("assign", SUPERVISOR).do("decline", HEAD)
    declined = with_fields(story.case, declined_by=(MANAGER.id,))
    story.outcomes.append(replace(story.outcomes[-1], after=declined))
    assert _chosen(story) != MANAGER.id


def _chosen(story: Story) -> str:
    choice = handler_for(story.case, story.context, story.at)
    assert choice is not None
    return choice.username


@pytest.mark.req("B6", "G3")
@pytest.mark.parametrize(
    ("role", "missing", "reached"),
    [
        (Role.DEPARTMENT_HEAD, (), "engineering-head"),
        (Role.DEPARTMENT_HEAD, ("engineering-head",), "supervisor-1"),
        (Role.SUPERVISOR, (), "supervisor-1"),
        (Role.SUPERVISOR, ("supervisor-1",), "manager-1"),
        (Role.MANAGER, ("manager-1",), "company-head-1"),
        (Role.COMPANY_HEAD, (), "company-head-1"),
        (Role.COMPANY_HEAD, ("company-head-1",), None),
        (Role.AGENT, (), "agent-1"),
    ],
)
def test_a_rank_that_nobody_holds_passes_upwards(
    role: Role, missing: tuple[str, ...], reached: str | None
) -> None:
    place = without(community(), *missing)
    assert name(person_of_rank(place, role, "engineering", MONDAY)) == reached


@pytest.mark.req("G3")
def test_who_is_on_duty_is_told_before_who_is_not() -> None:
    second = Staff("supervisor-2", "陈二", Role.SUPERVISOR, ("desk",), "+8613800099999")
    place = community()
    on = Shift("desk", "supervisor-2", tuple(range(7)), time(8), time(20))
    place = replace(place, staff=(*place.staff, second), shifts=(*place.shifts, on))
    assert name(person_of_rank(place, Role.SUPERVISOR, "engineering", MONDAY)) == "supervisor-2"
    assert name(person_of_rank(place, Role.SUPERVISOR, "engineering", NIGHT)) == "supervisor-1"


@pytest.mark.req("G3")
def test_a_rank_that_is_off_duty_passes_a_rung_upwards_but_not_what_only_it_decides() -> None:
    place = community()
    by_day = Shift("desk", "supervisor-1", tuple(range(7)), time(8), time(20))
    place = replace(place, shifts=(*place.shifts, by_day))
    assert name(awake_of_rank(place, Role.SUPERVISOR, "engineering", MONDAY)) == "supervisor-1"
    assert name(awake_of_rank(place, Role.SUPERVISOR, "engineering", NIGHT)) == "manager-1"
    assert (
        name(awake_of_rank(place, Role.SUPERVISOR, "engineering", NIGHT, ["manager-1"])) == "company-head-1"
    )
    assert name(person_of_rank(place, Role.SUPERVISOR, "engineering", NIGHT)) == "supervisor-1"


@pytest.mark.req("G3")
def test_if_everybody_is_off_duty_the_rung_stays_where_it_was() -> None:
    place = community()
    everyone = [
        Shift("desk", member.username, tuple(range(7)), time(8), time(20))
        for member in place.with_role(*LADDER)
    ]
    place = replace(place, shifts=tuple(everyone))
    assert name(awake_of_rank(place, Role.SUPERVISOR, "engineering", NIGHT)) == "supervisor-1"


@pytest.mark.req("G3")
@given(
    busy=st.sets(st.sampled_from([member.username for member in community().staff])),
    role=st.sampled_from([*LADDER, Role.DEPARTMENT_HEAD]),
)
def test_passing_over_never_leaves_nobody(busy: set[str], role: Role) -> None:
    person = person_of_rank(community(), role, "engineering", MONDAY, busy)
    assert person is not None
    ranks = ABOVE_HANDLERS if role is Role.DEPARTMENT_HEAD else LADDER[LADDER.index(role) :]
    free = [member for member in community().with_role(*ranks) if member.username not in busy]
    free = [
        member
        for member in free
        if member.role is not Role.DEPARTMENT_HEAD or "engineering" in member.departments
    ]
    assert not free or person.username not in busy


@pytest.mark.req("G3")
@pytest.mark.parametrize(
    ("owner", "at", "missing", "reached"),
    [
        ("engineering-1", MONDAY, (), "engineering-1"),
        ("engineering-1", NIGHT, (), "engineering-head"),
        ("engineering-1", NIGHT, ("engineering-head",), "supervisor-1"),
        ("engineering-2", NIGHT, (), "engineering-2"),
        (None, MONDAY, (), "engineering-1"),
        (None, NIGHT, (), "engineering-head"),
        ("left-long-ago", NIGHT, (), "engineering-head"),
    ],
)
def test_somebody_who_can_act_stands_in_for_an_owner_who_is_off_or_missing(
    owner: str | None, at: datetime, missing: tuple[str, ...], reached: str
) -> None:
    place = without(community(), *missing)
    assert name(responsible(place, owner, "engineering", at, ORDER)) == reached


@pytest.mark.req("G3")
def test_an_owner_whom_nobody_can_stand_in_for_is_told_even_off_duty() -> None:
    alone = without(
        community(), *(member.username for member in community().staff if member.username != HANDLER.id)
    )
    assert name(responsible(alone, HANDLER.id, "engineering", NIGHT, ORDER)) == HANDLER.id


def revisitor(at: datetime, never: frozenset[str], serial: int) -> str | None:
    return name(choose_revisitor(community(), at, never, f"202611-{serial:04d}"))


@pytest.mark.req("G6")
@given(
    never=st.frozensets(st.sampled_from([member.username for member in community().staff])),
    serial=st.integers(1, 20_000),
)
def test_the_revisitor_is_never_one_of_those_who_worked_on_it(never: frozenset[str], serial: int) -> None:
    chosen = revisitor(MONDAY, never, serial)
    assert chosen not in never
    revisiting = community().with_role(Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.DEPARTMENT_HEAD)
    if {member.username for member in revisiting} - never:
        assert chosen is not None


@pytest.mark.req("G6")
def test_revisits_go_round_the_desk() -> None:
    drawn = {revisitor(NIGHT, frozenset(), serial) for serial in range(1, 7)}
    assert drawn == {"agent-1", "agent-2", "supervisor-1"}
