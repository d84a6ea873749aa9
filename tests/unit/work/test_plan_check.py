"""The desk confirms a plan before its resident reads it: who, when, and what follows (B5, S3)."""

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.plan_check import PlanCheck
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import DESK, RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.waiting import asks_of
from chalicelib.domain.work.forms import ProposeForm
from tests.builders import regulations
from tests.histories import wandering
from tests.stories import (
    AGENT,
    HANDLER,
    MANAGER,
    OTHER_HANDLER,
    SUPERVISOR,
    Story,
    context,
    in_state,
    working,
)

PLAN = ProposeForm(cause="轴承老化", plan="周五更换轴承")
BETTER = ProposeForm(cause="轴承老化", plan="今晚更换轴承")
pytestmark = pytest.mark.req("B5")


def handed_in() -> Story:
    """A complaint whose handler has handed a plan in."""
    return in_state(State.SIGNED, kind="complaint").do("propose", HANDLER, PLAN, signed_off=False)


def told(story: Story) -> set[tuple[NoticeKind, str, str | None]]:
    """Who is told of the newest command."""
    return {
        (notice.kind, notice.recipient, notice.detail) for notice in due(story.outcomes[-1], story.context)
    }


def asked(story: Story, actor: Actor) -> dict[str, tuple[str, ...]]:
    member = Member(actor.id, actor.id, actor.role, ("engineering",), story.context.community)
    return {ask.what: ask.commands for ask in asks_of(story.case, member, story.context, story.at)}


def test_a_plan_waits_for_the_desk_and_the_resident_hears_nothing() -> None:
    story = handed_in()
    assert (story.case.state, story.case.work.plan) == (State.SIGNED, None)
    (to,) = told(story)
    assert to[0] == NoticeKind.PLAN_CHECK
    assert to[1] != RESIDENT_ID
    assert asked(story, AGENT)["plan"] == ("confirm_plan", "return_plan")
    assert "work" not in asked(story, HANDLER)


def test_confirmed_it_is_put_to_the_resident_as_it_was_handed_in() -> None:
    story = handed_in()
    handed_at = story.at
    story.wait(hours=1).do("confirm_plan", AGENT)
    assert story.case.state is State.PROPOSED
    plan = story.case.work.plan
    assert plan == ev.Proposed(PLAN.cause, PLAN.plan, unheard=True, done_by=HANDLER.id, done_at=handed_at)
    assert (NoticeKind.PROPOSED, RESIDENT_ID, None) in told(story)
    check = story.case.work.plan_check
    assert (check.confirmed_by, check.done_by, check.waiting) == (AGENT.id, HANDLER.id, None)
    story.do("disagree", RESIDENT)
    assert (story.case.state, story.case.work.plan_check) == (State.SIGNED, PlanCheck())
    assert (NoticeKind.DISAGREED, HANDLER.id, None) in told(story)


def test_returned_it_goes_back_with_the_reason_and_a_new_one_replaces_it() -> None:
    story = handed_in().do("return_plan", SUPERVISOR, ReasonForm("周五太晚"))
    assert told(story) == {(NoticeKind.PLAN_RETURNED, HANDLER.id, None)}
    assert asked(story, HANDLER)["plan_returned"] == ("propose",)
    with pytest.raises(CommandRefusedError, match="'propose' hands one in"):
        story.do("confirm_plan", AGENT)
    story.do("propose", HANDLER, PLAN, signed_off=False).do("propose", HANDLER, BETTER, signed_off=False)
    story.do("confirm_plan", AGENT)
    assert story.case.work.plan is not None
    assert story.case.work.plan.plan == BETTER.plan


def test_nobody_confirms_their_own_plan_nor_works_by_one_that_waits() -> None:
    story = handed_in()
    with pytest.raises(NotAllowedError):
        story.do("confirm_plan", HANDLER)
    for command in ("start", "complete"):
        with pytest.raises(CommandRefusedError, match="waits for the desk"):
            story.do(command, HANDLER)


def test_a_repair_s_plan_goes_to_the_resident_at_once() -> None:
    story = in_state(State.SIGNED, kind="repair").do("propose", HANDLER, PLAN, signed_off=False)
    assert story.case.state is State.PROPOSED


def test_what_promises_the_resident_something_runs_on_and_the_department_has_answered() -> None:
    before = in_state(State.SIGNED, kind="complaint").case.clocks.met
    assert handed_in().case.clocks.met.keys() - before.keys() <= {Clock.ANSWER, Clock.VERIFY}


def test_a_plan_left_lying_climbs_from_the_desk_to_the_manager() -> None:
    story = handed_in()
    story.wait(days=3).do("fire_timers", Actor(Role.SYSTEM, "timer"))
    chased = [
        event.payload.told for event in story.outcomes[-1].events if isinstance(event.payload, ev.PlanChased)
    ]
    assert chased == ["agent", "supervisor", "manager"]
    assert story.case.work.plan_check.waiting is not None
    assert MANAGER.id in story.case.work.plan_check.waiting.asked


@pytest.mark.parametrize(
    ("command", "actor", "state"),
    [
        ("assign", SUPERVISOR, State.ASSIGNED),
        ("withdraw", RESIDENT, State.WITHDRAWN),
        ("refer", SUPERVISOR, State.REFERRED),
        ("merge", SUPERVISOR, State.MERGED),
        ("reject", SUPERVISOR, State.REJECTED),
    ],
)
def test_what_takes_the_work_away_leaves_no_plan_to_look_at(command: str, actor: Actor, state: State) -> None:
    story = handed_in()
    story.do(command, actor)
    assert story.case.state is state
    assert story.case.work.plan_check == PlanCheck()
    assert "plan" not in asked(story, AGENT)
    before = len(story.events)
    story.wait(days=2).do("fire_timers", TIMER)
    assert not [event for event in story.events[before:] if isinstance(event.payload, ev.PlanChased)]
    if command == "assign":
        assert story.do("sign", OTHER_HANDLER).case.work.plan is None
        assert "work" in asked(story, OTHER_HANDLER)


def test_a_new_round_has_a_plan_of_its_own() -> None:
    story = handed_in().do("confirm_plan", AGENT).do("agree", RESIDENT).do("complete", HANDLER)
    assert story.case.work.plan_check.confirmed_by == AGENT.id
    story.do("reopen", SUPERVISOR)
    assert story.case.work.plan_check == PlanCheck()


def test_given_twice_and_by_two_at_once_it_is_put_to_them_once() -> None:
    story = handed_in().do("confirm_plan", AGENT, command_id="once")
    assert story.do("confirm_plan", AGENT, command_id="once").outcomes[-1].events == ()
    for command in ("confirm_plan", "return_plan"):
        with pytest.raises(CommandRefusedError, match="is proposed"):
            story.do(command, SUPERVISOR)


def test_the_clock_of_the_resident_s_answer_begins_when_it_is_put_to_them() -> None:
    story = handed_in()
    assert Clock.RESPOND not in story.case.met
    assert Clock.INFORM not in story.case.met
    handed_at = story.at
    story.wait(hours=5).do("confirm_plan", AGENT)
    assert story.case.met.get(Clock.ANSWER, handed_at) == handed_at, "the department had answered in time"
    assert story.case.work.planned_at == story.at


def test_only_s3_and_the_strictest_ask_and_open_cases_go_on_as_they_began() -> None:
    kinds = {pack: regulations().get(pack).plan_confirmed.kinds for pack in regulations().ids()}
    assert {pack: found for pack, found in kinds.items() if found} == {
        "S3": ("complaint",),
        "default": ("complaint",),
    }
    assert not regulations().get("S3", 2).plan_confirmed.kinds
    assert not regulations().get("default", 3).plan_confirmed.kinds


@pytest.mark.parametrize("pack", ["S0", "S1", "S2", "S4", "demo"])
def test_under_the_other_packs_a_plan_is_put_to_the_resident_at_once(pack: str) -> None:
    story = working(pack, kind="complaint").do("propose", HANDLER, PLAN, signed_off=False)
    assert story.case.state is State.PROPOSED
    assert (NoticeKind.PROPOSED, RESIDENT_ID, None) in told(story)


def test_what_the_desk_itself_proposes_on_its_own_work_is_the_desk_s_word() -> None:
    story = Story(context()).register(kind="complaint")
    story.do("assign", MANAGER, AssignForm(SUPERVISOR.id, "自己办")).do("sign", SUPERVISOR)
    story.do("propose", SUPERVISOR, PLAN, signed_off=False)
    assert story.case.state is State.PROPOSED


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_no_plan_of_a_department_is_told_unconfirmed(seed: int) -> None:
    """Under a pack that wants it the resident hears of a complaint's plan by the desk alone."""
    story = wandering(seed, packs=("default", "S3"))
    for outcome in story.outcomes:
        found = {type(event.payload): event for event in outcome.events}
        if outcome.before is not None and outcome.before.classification.kind != "complaint":
            continue
        if put := found.get(ev.Proposed):
            assert put.actor.role in DESK
            assert put.actor.id != put.payload.done_by  # type: ignore[attr-defined]
        if ev.PlanHandedIn in found:
            assert all(notice.recipient != RESIDENT_ID for notice in due(outcome, story.context))
            assert outcome.after.work.plan == (outcome.before.work.plan if outcome.before else None)
