"""What a case does by itself: each thing once, to a named person, and never again at the same instant."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain import timers
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, State
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import DomainError
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.follow_up.schedule import silence_of
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import Await, next_step, pending
from tests.builders import community, regulations
from tests.stories import AGENT, HANDLER, HEAD, MANAGER, SUPERVISOR, Story, context, in_state

NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")


def played_out(story: Story, most: int = 200) -> Story:
    """Let every timer fire at its time, one after the other, until the case does nothing more by itself."""
    for _ in range(most):
        wake_at = next_step(story.case, story.context).wake_at
        if wake_at is None:
            return story
        assert wake_at > story.at or story.at == story.case.registered_at
        story.at = max(wake_at, story.at)
        assert story.fire(), "what wakes the case does something"
    raise AssertionError("the case never comes to rest")


def told(story: Story) -> list[tuple[str, str | None]]:
    """(kind, person) of everything that timers told anybody, in order."""
    return [
        (event.type, event.payload.person)
        for event in story.events
        if isinstance(event.payload, ev.Reminded | ev.MarkedOverdue | ev.Escalated)
    ]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_after_a_long_outage_timers_fire_in_bounded_commands_with_the_same_end(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction takes 100 items, and every event is one."""
    at_once, in_parts = (in_state(State.ASSIGNED) for _ in range(2))
    for story in (at_once, in_parts):
        story.at += timedelta(days=60)
    at_once.fire()
    assert next_step(at_once.case, at_once.context).is_due(at_once.at) is False
    monkeypatch.setattr(timers, "MOST_FIRED", most)
    while next_step(in_parts.case, in_parts.context).is_due(in_parts.at):
        assert 1 <= len(in_parts.fire()) <= most
    assert told(in_parts) == told(at_once)
    assert in_parts.case.fired == at_once.case.fired


@pytest.mark.req("B3", "B7", "G3")
def test_a_case_that_nobody_signs_for_climbs_to_the_company_head() -> None:
    story = in_state(State.ASSIGNED)
    sign = [
        (due.at - story.at, due.action)
        for due in pending(story.case, story.context)
        if due.clock is Clock.SIGN
    ]
    assert [action for _, action in sign] == ["remind", "overdue", "escalate", "escalate", "escalate"]
    played_out(story)
    climbed = [event.payload for event in story.events if isinstance(event.payload, ev.Escalated)]
    by_clock = [event.person for event in climbed if event.clock is Clock.SIGN]
    assert by_clock == ["supervisor-1", "manager-1", "company-head-1"]
    assert story.case.state is State.ASSIGNED, "a timer tells; it does not take the work away"
    assert set(story.case.clocks.overdue) >= {Clock.SIGN, Clock.SOLVE}


@pytest.mark.req("G3")
def test_each_timer_fires_once_in_a_round() -> None:
    story = played_out(in_state(State.WORKING, kind="complaint", matter="staff_attitude"))
    keys = Counter(event.payload.key for event in story.events if hasattr(event.payload, "key"))
    assert keys
    assert set(keys.values()) == {1}


@pytest.mark.req("G3")
def test_firing_twice_at_one_instant_does_nothing_the_second_time() -> None:
    story = in_state(State.WORKING).wait(days=30)
    assert story.fire()
    assert story.fire() == ()


@pytest.mark.req("G3", "G4")
def test_a_pause_that_ended_long_ago_is_caught_up_at_once() -> None:
    """The end of the pause brings the deadline that follows it: both in one firing, none left in the past."""
    story = in_state(State.WORKING)
    story.do("pause", HANDLER).wait(days=60)
    kinds = [ev.event_type(type(payload)) for payload in story.fire()]
    assert kinds[0] == "resumed"
    assert "marked_overdue" in kinds
    assert story.fire() == ()


@pytest.mark.req("G4")
def test_clocks_that_may_pause_stand_still_and_others_run_on() -> None:
    story = in_state(State.SIGNED, kind="complaint", matter="noise_public", urgency="urgent")
    story.do("pause", MANAGER)
    waiting = {due.clock for due in pending(story.case, story.context)}
    assert Clock.SOLVE not in waiting
    assert {Clock.RESPOND, None} <= waiting
    story.do("resume", HANDLER)
    assert Clock.SOLVE in {due.clock for due in pending(story.case, story.context)}


@pytest.mark.req("B7", "G3", "G17")
def test_a_pause_hides_no_deadline_that_has_passed() -> None:
    """Paused a moment after the deadline, before any timer came: overdue all the same, and up the ladder."""
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + timedelta(seconds=1)
    story.do("pause", HANDLER)
    story.fire()
    assert Clock.SOLVE in story.case.clocks.overdue
    rungs = [due for due in pending(story.case, story.context) if due.clock is Clock.SOLVE]
    assert {timer.action for timer in rungs} == {"escalate"}


def test_a_reminder_that_was_overtaken_tells_nobody() -> None:
    """After a long outage the deadline is what matters, not the reminders before it."""
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + timedelta(minutes=1)
    reminded = [
        payload
        for payload in story.fire()
        if isinstance(payload, ev.Reminded) and payload.clock is Clock.SOLVE
    ]
    assert reminded
    assert all(event.person is None for event in reminded)
    assert ("marked_overdue", HANDLER.id) in told(story)


@pytest.mark.req("B7")
def test_an_extension_arms_the_clock_again() -> None:
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at - timedelta(minutes=1)
    story.do("request_extension", HANDLER).wait(minutes=2).fire()
    assert Clock.SOLVE in story.case.clocks.overdue
    story.do("grant_extension", MANAGER)
    assert Clock.SOLVE not in story.case.clocks.overdue
    story.at = story.case.clocks.solve_due_at
    story.fire()
    assert Clock.SOLVE in story.case.clocks.overdue
    marked = [event.payload for event in story.events if isinstance(event.payload, ev.MarkedOverdue)]
    assert [mark.clock for mark in marked].count(Clock.SOLVE) == 2


@pytest.mark.req("D1", "D3")
def test_silence_brings_a_reminder_then_a_person_then_the_ladder() -> None:
    story = in_state(State.COMPLETED)
    assert next_step(story.case, story.context).awaiting is Await.RATING
    played_out(story)
    events = [event for event in story.events if not isinstance(event.payload, ev.AcceptanceChased)]
    kinds = [event.type for event in events[-5:]]
    assert kinds == ["survey_reminded", "revisit_drawn", "reminded", "escalated", "escalated"]
    drawn, reminded, supervisor, manager = (event.payload for event in events[-4:])
    assert isinstance(drawn, ev.RevisitDrawn)
    assert (drawn.revisitor, drawn.rank, drawn.because) == ("engineering-head", "department_head", "quota")
    assert isinstance(reminded, ev.Reminded)
    assert reminded.person == "engineering-head"
    assert isinstance(supervisor, ev.Escalated)
    assert isinstance(manager, ev.Escalated)
    assert (supervisor.person, manager.person) == ("supervisor-1", "manager-1")
    assert story.case.state is State.COMPLETED, "nothing is made up: nobody has been asked"


@pytest.mark.req("D2")
@pytest.mark.parametrize(("matter", "days"), [("elevator", 2), ("seepage", 3), ("door_window", 7)])
def test_the_revisit_is_drawn_early_enough_to_be_in_time(matter: str, days: int) -> None:
    story = in_state(State.COMPLETED, matter=matter)
    completed_at = story.case.work.completed_at
    assert completed_at is not None
    silence = silence_of(story.case, story.context)
    assert completed_at < silence.reminded_at < silence.ends_at < silence.link_ends_at
    story.at = silence.ends_at
    story.fire()
    assert story.case.follow_up.revisit_due_at == completed_at + timedelta(days=days)
    assert silence.ends_at - completed_at <= timedelta(days=days) / 2


@pytest.mark.req("D2", "G6")
def test_another_attempt_comes_after_a_while_and_the_revisit_is_due_when_it_was() -> None:
    story = in_state(State.COMPLETED)
    story.at = silence_of(story.case, story.context).ends_at
    story.fire()
    due_at = story.case.follow_up.revisit_due_at
    story.wait(hours=2).do("record_revisit", HEAD, NOT_REACHED)
    again = next_step(story.case, story.context).wake_at
    assert again == story.at + story.context.regulation.revisits.retry_after
    story.at = again
    drawn = story.fire()
    assert isinstance(drawn[0], ev.RevisitDrawn)
    assert (str(drawn[0].key), drawn[0].due_at) == ("revisit:draw:2", due_at)


@pytest.mark.req("D2")
def test_praise_is_not_revisited_and_closes_in_silence() -> None:
    story = in_state(State.COMPLETED, kind="praise", matter="service_quality")
    played_out(story)
    assert story.case.ending.close_reason is ev.CloseReason.SILENT
    assert [event.type for event in story.events[-2:]] == ["survey_reminded", "closed"]


@pytest.mark.req("G3", "G7")
def test_a_case_that_nobody_can_revisit_comes_to_rest_when_the_survey_ends() -> None:
    """A community with one handler and nobody else: the survey is all there can be."""
    place = community()
    alone = replace(place, staff=tuple(member for member in place.staff if member.username == HANDLER.id))
    story = in_state(State.COMPLETED)
    story.context = context(alone)
    played_out(story)
    assert story.case.ending.close_reason is ev.CloseReason.SILENT
    assert any(
        isinstance(event.payload, ev.RevisitDrawn) and event.payload.revisitor is None
        for event in story.events
    )


@pytest.mark.req("G3")
def test_the_workflow_waits_for_what_the_case_needs() -> None:
    awaited = {state: next_step(in_state(state).case, context()).awaiting for state in State}
    assert awaited == {
        State.REGISTERED: Await.ASSIGNMENT,
        State.ASSIGNED: Await.SIGNATURE,
        State.SIGNED: Await.COMPLETION,
        State.PROPOSED: Await.COMPLETION,
        State.WORKING: Await.COMPLETION,
        State.COMPLETED: Await.RATING,
        State.OBJECTED: Await.DECISION,
        **dict.fromkeys(set(State) - OPEN, Await.NOTHING),
    }


@pytest.mark.req("B3", "G3")
def test_who_is_off_duty_is_reminded_but_being_late_is_told_to_whoever_can_act() -> None:
    """At night the handler is off; the head of the department, in no roster, stands in."""
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at.replace(hour=15)
    assert story.context.community.is_off_duty(HANDLER.id, story.at)
    while story.case.clocks.solve_due_at > story.at:
        story.wait(days=1)
    story.fire()
    late = [event.payload for event in story.events if isinstance(event.payload, ev.MarkedOverdue)]
    assert {mark.person for mark in late} == {"engineering-head"}


@pytest.mark.req("G3")
def test_the_reminder_of_somebody_who_has_left_goes_to_whoever_stands_in() -> None:
    story = in_state(State.WORKING)
    place = story.context.community
    gone = tuple(replace(member, active=member.username != HANDLER.id) for member in place.staff)
    story.context = replace(story.context, community=replace(place, staff=gone))
    reminder = next(due for due in pending(story.case, story.context) if due.clock is Clock.SOLVE)
    story.at = reminder.at
    fired = (payload for payload in story.fire() if isinstance(payload, ev.Reminded))
    persons = [payload.person for payload in fired if payload.clock is Clock.SOLVE]
    assert persons
    assert HANDLER.id not in persons
    assert None not in persons


@pytest.mark.req("A9", "G3")
def test_a_case_without_an_owner_reaches_whoever_is_on_duty() -> None:
    story = Story().register().wait(days=3)
    story.fire()
    assert ("marked_overdue", "engineering-1") in told(story)


@pytest.mark.req("G3")
def test_a_rung_passes_over_whoever_has_the_work_already() -> None:
    story = in_state(State.WORKING, handler=SUPERVISOR)
    story.at = story.case.clocks.solve_due_at + timedelta(days=30)
    climbed = [
        payload
        for payload in story.fire()
        if isinstance(payload, ev.Escalated) and payload.clock is Clock.SOLVE
    ]
    assert [event.person for event in climbed] == ["manager-1", "manager-1", "company-head-1"]


LEADERS = (Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD, Role.DEPARTMENT_HEAD, Role.AGENT)
SHORTAGES = st.sets(st.sampled_from(LEADERS), max_size=len(LEADERS) - 1)


def short_of(roles: set[Role], *, nobody_on_duty: bool) -> Community:
    place = community()
    staff = tuple(member for member in place.staff if member.role not in roles)
    never = tuple(Shift("desk", member.username, (), time(8), time(20)) for member in staff)
    return replace(place, staff=staff, shifts=never if nobody_on_duty else place.shifts)


@pytest.mark.req("G3")
@given(
    roles=SHORTAGES, nobody_on_duty=st.booleans(), state=st.sampled_from([State.REGISTERED, State.WORKING])
)
@settings(max_examples=40)
def test_every_rung_reaches_a_named_person_whoever_is_missing(
    roles: set[Role], nobody_on_duty: bool, state: State
) -> None:
    """As long as the ladder above a rung has anybody at all, the rung has a name; so has every late mark."""
    story = in_state(state)
    story.context = context(short_of(roles, nobody_on_duty=nobody_on_duty))
    played_out(story)
    members = story.context.community
    for event in story.events:
        if isinstance(event.payload, ev.MarkedOverdue):
            superiors = {Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD}
            nobodys = event.payload.clock is Clock.WRITTEN_REPORT and superiors <= roles
            assert nobodys or members.member(event.payload.person or "") is not None
        if isinstance(event.payload, ev.Escalated):
            ladder = [Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD]
            rank = Role(event.payload.key.rank)
            if any(members.with_role(role) for role in ladder[ladder.index(rank) :]):
                assert members.member(event.payload.person or "") is not None, event.payload


def _done(story: Story) -> None:
    for name in ("sign", "start", "complete"):
        story.do(name, HANDLER)


STEPS: dict[str, Callable[[Story], object]] = {
    "note": lambda story: story.do("progress", HANDLER),
    "pause": lambda story: story.do("pause", HANDLER),
    "resume": lambda story: story.do("resume", HANDLER),
    "ask": lambda story: story.do("request_extension", HANDLER),
    "classify": lambda story: story.do("classify", AGENT),
    "again": lambda story: story.do("reopen", RESIDENT),
    "assign": lambda story: story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")),
    "done": _done,
}


@pytest.mark.req("G3")
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 60 * 24 * 20)), min_size=1, max_size=12
    ),
    pack=st.sampled_from(["default", "S2", "S4", "demo"]),
)
@settings(max_examples=80)
def test_after_firing_nothing_is_due(steps: list[tuple[str, int]], pack: str) -> None:
    """Whatever was done, and however late the timer comes: it leaves nothing in the past, and no repeats."""
    story = Story(context(regulation=regulations().get(pack))).register()
    for step, minutes in steps:
        try:
            STEPS[step](story)
        except DomainError:
            continue
        finally:
            story.wait(minutes=minutes)
        if story.case.state in OPEN:
            story.fire()
            wake_at: datetime | None = next_step(story.case, story.context).wake_at
            assert wake_at is None or wake_at > story.at
            assert story.fire() == ()
    armed = Counter(
        (story_round, event.payload.key)
        for event, story_round in zip(story.events, _rounds(story), strict=True)
        if isinstance(event.payload, ev.Escalated | ev.RevisitDrawn | ev.SurveyReminded)
    )
    again = [event for event in story.events if isinstance(event.payload, ev.Assigned | ev.Classified)]
    assert all(times <= 1 + len(again) for times in armed.values())


def _rounds(story: Story) -> list[int]:
    rounds, number = [], 1
    for event in story.events:
        number += isinstance(event.payload, ev.Reopened)
        rounds.append(number)
    return rounds
