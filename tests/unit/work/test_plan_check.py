"""The desk confirms a plan before its resident reads it: who, when, and what follows (B5, S3)."""

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.waiting import asks_of
from chalicelib.domain.work.forms import ProposeForm
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, in_state

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
    assert story.case.state is State.SIGNED
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
