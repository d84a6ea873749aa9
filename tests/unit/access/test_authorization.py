"""Who sees which case: for any person and any case the answer is the rule's, and only the rule's (E8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.who_sees import may_see, sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import NotAllowedError, NotFoundError
from chalicelib.services.access.allowed_commands import possible_for_member
from chalicelib.services.access.authorization import asked, command_id, member_of, standing, workplaces
from chalicelib.services.records import Account
from tests.builders import MONDAY, community, office
from tests.cases import with_fields
from tests.stories import context

HERE, THERE = community(), community("hilltop")
CASE = office(HERE).register(matter="elevator").case

members = st.sampled_from(HERE.staff).flatmap(
    lambda member: st.sampled_from([HERE, THERE]).map(
        lambda place: Member(member.username, member.name, member.role, member.departments, place)
    )
)
names = st.sampled_from([member.username for member in HERE.staff])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    department = draw(st.sampled_from(sorted(HERE.departments)))
    return with_fields(
        CASE,
        state=draw(st.sampled_from(State)),
        handler=draw(names | st.none()),
        signed_by=draw(names | st.none()),
        first_asked=draw(names | st.just("resident")),
        revisitor=draw(names | st.none()),
        review_group=tuple(draw(st.lists(names, max_size=2))),
        classification=replace(CASE.classification, department=department),
    )


@pytest.mark.req("E8")
@given(member=members, case=cases())
def test_a_case_is_seen_by_those_whose_duty_it_is(member: Member, case: Case) -> None:
    if member.community.id != case.community or member.role in {Role.COMMITTEE, Role.MACHINE}:
        expected = False
    elif member.role in {Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD}:
        expected = True
    else:
        own = {case.assignment.handler, case.follow_up.revisitor, *case.follow_up.review_group}
        own |= (
            {case.first_asked}
            if case.assignment.signed_by is None or case.assignment.handler is None
            else set()
        )
        heads = member.role is Role.DEPARTMENT_HEAD and case.classification.department in member.departments
        expected = member.username in own or heads
    assert may_see(member, case) is expected


@pytest.mark.req("E8")
@given(member=members, case=cases())
def test_the_phone_is_seen_only_with_the_case_and_by_workers_only_while_it_is_open(
    member: Member, case: Case
) -> None:
    if sees_contact(member, case):
        assert may_see(member, case)
        assert case.state in OPEN or member.role not in {Role.HANDLER, Role.DEPARTMENT_HEAD}


@given(member=members, case=cases())
def test_what_is_offered_is_in_the_table_for_that_role_and_state(member: Member, case: Case) -> None:
    for row in possible_for_member(case, member, context(HERE), MONDAY):
        assert member.role in row.roles
        assert case.state in row.sources
        assert row.command != "fire_timers"


def test_membership_needs_the_directory_and_the_pool() -> None:
    desk = office(HERE, community("hilltop", prefix="hill-")).desk
    agent = Account("agent-1", frozenset({Role.AGENT}), 1)
    _, staff = standing(desk, agent, "riverside")
    assert member_of(desk, agent, "riverside", staff).role is Role.AGENT
    for place in ("hilltop", "atlantis"):
        with pytest.raises(NotFoundError, match=place):
            member_of(desk, agent, place, standing(desk, agent, place)[1])
    with pytest.raises(NotAllowedError):
        member_of(desk, Account("agent-1", frozenset({Role.MANAGER})), "riverside", staff)
    assert [(workplace.community, workplace.role) for workplace in workplaces(desk, agent)] == [
        ("riverside", Role.AGENT)
    ]
    assert workplaces(desk, Account("agent-1", frozenset({Role.MANAGER}))) == ()


def test_who_has_left_is_out_at_once() -> None:
    gone = tuple(replace(member, active=member.username != "agent-1") for member in HERE.staff)
    desk = office(replace(HERE, staff=gone)).desk
    agent = Account("agent-1", frozenset({Role.AGENT}), 1)
    with pytest.raises(NotFoundError):
        member_of(desk, agent, "riverside", standing(desk, agent, "riverside")[1])


def test_a_key_stands_for_one_command_of_one_actor() -> None:
    handler = Actor(Role.HANDLER, "engineering-1")
    others = {
        command_id(RESIDENT, "sign", "k"),
        command_id(Actor(Role.HANDLER, "engineering-2"), "sign", "k"),
        command_id(handler, "start", "k"),
        command_id(handler, "sign", "l"),
    }
    assert len(others) == 4
    assert command_id(handler, "sign", "k") not in others


def test_a_command_asked_for_again_has_the_same_ids_unless_its_form_or_key_is_another() -> None:
    handler = Actor(Role.HANDLER, "engineering-1")

    def ids(key: str | None, form: NoteForm) -> tuple[str, str]:
        command = asked("sign", handler, MONDAY, key, form)
        return command.id, command.form_id

    assert ids("k", NoteForm()) == ids("k", NoteForm())
    assert ids("k", NoteForm("other"))[0] == ids("k", NoteForm())[0]
    assert ids("k", NoteForm("other"))[1] != ids("k", NoteForm())[1]
    assert ids(None, NoteForm())[0] != ids(None, NoteForm())[0], "without a key each is a new one"
