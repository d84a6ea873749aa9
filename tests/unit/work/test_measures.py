"""Remedy and prevention: planned, carried out, chased after their date (B12)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.events import MeasureChased
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import DomainError
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.waiting import waits_of
from chalicelib.domain.work.measures import FinishMeasureForm, PlanMeasureForm
from tests.stories import HANDLER, MANAGER, RESIDENT, SUPERVISOR, Story, in_state


def refused(story: Story, command: str, actor: Actor, form: object = None) -> str | None:
    """The reason for which somebody cannot do that now."""
    with pytest.raises(DomainError) as caught:
        story.do(command, actor, form)
    return caught.value.reason


def prevention(story: Story, days: int = 3, owner: str = HANDLER.id) -> PlanMeasureForm:
    return PlanMeasureForm("prevention", "每月清理地漏", owner, story.at.date() + timedelta(days=days))


@pytest.mark.req("B12")
def test_a_remedy_done_at_once_is_done_and_prevention_waits_for_its_owner() -> None:
    story = in_state(State.COMPLETED, kind="complaint")
    remedy = PlanMeasureForm("remedy", "当场疏通", HANDLER.id, story.at.date())
    story.do("plan_measure", HANDLER, remedy).do("plan_measure", SUPERVISOR, prevention(story))
    first, second = story.case.measures
    assert (first.sort, first.done_by, second.done_at) == ("remedy", HANDLER.id, None)
    assert HANDLER.id in waits_of(story.case, story.context)
    assert refused(story, "finish_measure", Actor(Role.AGENT, "agent-1")) == "not_your_measure"
    assert refused(story, "finish_measure", HANDLER, FinishMeasureForm(1)) == "no_such_measure"
    story.do("finish_measure", HANDLER, FinishMeasureForm(2, "已清理"))
    assert not story.case.open_measures
    assert refused(story, "finish_measure", SUPERVISOR) == "no_measure_open"
    assert fold(story.events, "riverside", story.case.number) == story.case


@pytest.mark.req("B12")
def test_a_measure_outlasts_the_closing_and_is_chased_on_the_morning_after_its_date() -> None:
    story = in_state(State.CLOSED, matter="home_other")
    story.do("plan_measure", SUPERVISOR, prevention(story))
    assert story.case.is_listed
    assert not story.wait(days=3).fire(), "its day is not over"
    (chased,) = story.wait(days=1, hours=2).fire()
    assert isinstance(chased, MeasureChased)
    assert HANDLER.id in chased.people
    notices = [
        notice for notice in due(story.outcomes[-1], story.context) if notice.kind is NoticeKind.MEASURE
    ]
    assert {notice.recipient for notice in notices} == set(chased.people)
    assert "@supervisor" in waits_of(story.case, story.context)
    assert why_suppressed(notices[0], story.case) is None
    story.do("finish_measure", SUPERVISOR, FinishMeasureForm(1))
    assert why_suppressed(notices[0], story.case) == "done"
    assert not story.case.is_listed


@pytest.mark.req("B12")
def test_an_owner_can_see_the_case_and_a_date_is_no_slip() -> None:
    story = in_state(State.WORKING)
    for owner in ("nobody", "engineering-2", "committee-1"):
        form = prevention(story, owner=owner)
        assert refused(story, "plan_measure", HANDLER, form) == "measure_owner"
    for days in (-1, 400):
        assert refused(story, "plan_measure", MANAGER, prevention(story, days)) == "measure_day"
    other = Actor(Role.HANDLER, "engineering-2")
    assert refused(story, "plan_measure", other, prevention(story)) == "not_yours"
    with pytest.raises(DomainError):
        story.do("plan_measure", RESIDENT, prevention(story))
