"""The department's answer, and what a completion does not stand for (B4, C2, C17)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.met_by import MET_BY
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import CompleteForm
from tests.stories import AGENT, HANDLER, SUPERVISOR, Story, context, working

ANSWERED = {ev.CauseReported, ev.Proposed}


def complaint() -> Story:
    """A complaint under S3: its department answers with cause and plan within 3 working days."""
    return working("S3", kind="complaint", matter="service_quality")


def answered_at(case: Case) -> object:
    return case.clocks.met.get(Clock.ANSWER)


@pytest.mark.req("B4")
def test_a_complaint_is_not_completed_before_its_cause_is_named() -> None:
    story = complaint()
    with pytest.raises(InvalidInputError) as owed:
        story.do("complete", HANDLER, CompleteForm("已整改"))
    assert owed.value.reason == "answer_owed"
    case = story.do("complete", HANDLER, CompleteForm("已整改", cause="排班有误")).case
    assert case.state is State.COMPLETED
    kinds = [type(event.payload) for event in story.outcomes[-1].events]
    assert kinds == [ev.CauseReported, ev.Completed]
    assert story.outcomes[-1].events[0].payload == ev.CauseReported("排班有误", "已整改")


@pytest.mark.req("B4")
def test_the_department_answers_with_cause_and_plan_and_goes_on_working() -> None:
    story = complaint().wait(hours=2)
    case = story.do("report_cause", HANDLER).case
    assert case.state is State.WORKING
    assert answered_at(case) == story.at
    assert story.wait(hours=1).do("complete", HANDLER, CompleteForm("已整改")).case.state is State.COMPLETED


@pytest.mark.req("B4", "B5")
def test_a_plan_that_is_put_to_the_resident_is_an_answer_too() -> None:
    story = complaint().do("propose", HANDLER)
    assert answered_at(story.case) == story.at
    assert story.do("agree", RESIDENT).do("complete", HANDLER, CompleteForm("好了")).case.work.completed_at


@pytest.mark.req("B4", "G17")
def test_an_answer_that_comes_with_the_completion_is_late_where_it_is_late() -> None:
    story = complaint()
    story.at = story.case.clocks.deadlines[Clock.ANSWER].due_at + timedelta(hours=1)
    story.fire()
    case = story.do("complete", HANDLER, CompleteForm("已整改", cause="排班有误")).case
    assert Clock.ANSWER in case.clocks.overdue


@pytest.mark.req("C12", "B4")
def test_the_result_of_an_inquiry_is_its_answer() -> None:
    story = working("S2", kind="inquiry", matter="activity")
    case = story.do("complete", HANDLER, CompleteForm("周六上午九点")).case
    assert answered_at(case) == story.at


@pytest.mark.req("B4", "C16", "C17", "B6")
def test_no_completion_meets_what_it_does_not_do() -> None:
    met = set(MET_BY[ev.Completed])
    assert not met & {Clock.QUOTE, Clock.CORRECT, Clock.WRITTEN_REPORT, Clock.OBJECTION}


@pytest.mark.req("C17")
def test_a_fault_reaches_its_worker_though_the_work_was_done_again() -> None:
    """Completing the second round does not put in writing what was found wrong with the first."""
    story = Story(context(pack="S3")).register(kind="complaint", matter="cleaning")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("start", HANDLER)
    found = RevisitForm(ev.RevisitOutcome.DISSATISFIED, "phone", fault="没扫干净")
    story.do("complete", HANDLER).wait(hours=1).do("record_revisit", AGENT, found)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("complete", HANDLER)
    assert Clock.CORRECT not in story.case.clocks.met
    assert "correct:overdue" in {str(due.key) for due in pending(story.case, story.context)}
    case = story.do("notify_worker", AGENT).case
    assert case.clocks.met[Clock.CORRECT] == story.at
