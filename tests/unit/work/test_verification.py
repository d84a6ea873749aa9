"""What is found untrue, objected to, or somebody else's to solve (B1)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.community.roles import MANAGERS, RESIDENT, Role
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.figures.counters import NOT_TO_SOLVE
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import Await, next_step, pending
from chalicelib.domain.work.forms import ReferForm
from chalicelib.services.case_line import line_of
from chalicelib.services.workflows.executions import stage_of
from tests.stories import AGENT, MANAGER, SUPERVISOR, Story, in_state

DAY = timedelta(days=1)


def told(story: Story) -> list[tuple[str, str]]:
    """Who is told what, by whatever way."""
    found = due(story.outcomes[-1], story.context)
    return list(dict.fromkeys((notice.kind, notice.recipient) for notice in found))


@pytest.mark.req("B1", "S4")
@pytest.mark.parametrize("kind", ["repair", "help"])
def test_a_repair_and_a_call_for_help_cannot_be_refused_as_untrue(kind: str) -> None:
    story = in_state(State.SIGNED, kind=kind)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("reject", SUPERVISOR)
    assert refused.value.reason == "never_untrue"
    assert story.do("refer", SUPERVISOR).case.state is State.REFERRED


@pytest.mark.req("B1", "S4")
@pytest.mark.parametrize("kind", ["repair", "help"])
def test_a_repair_that_is_called_a_complaint_cannot_be_refused_as_untrue_either(kind: str) -> None:
    story = in_state(State.SIGNED, kind=kind)
    story.do("classify", SUPERVISOR, ClassifyForm("其实是投诉", kind="complaint"))
    assert story.case.classification.kind == "complaint"
    with pytest.raises(CommandRefusedError) as refused:
        story.do("reject", SUPERVISOR)
    assert refused.value.reason == "never_untrue"


@pytest.mark.req("B1", "B7")
def test_an_objection_waits_for_the_manager_by_a_clock_of_its_own() -> None:
    """Three working days, counted from the next: reminded, overdue, then the head of the company."""
    story = in_state(State.REJECTED)
    assert pending(story.case, story.context) == ()
    case = story.do("object", RESIDENT).case
    assert case.state is State.OBJECTED
    decision = case.clocks.deadlines[Clock.OBJECTION]
    assert decision.due_at.isoformat() == "2026-11-26T10:00:00+00:00", "Thursday, closing time"
    assert case.open == (decision,), "nothing else of the case is waited for"
    assert told(story) == [("objected", MANAGER.id)]
    story.at = decision.due_at + 10 * DAY
    fired = story.fire()
    reached = [(type(payload).__name__, payload.person) for payload in fired if hasattr(payload, "person")]
    assert reached[-2:] == [("MarkedOverdue", MANAGER.id), ("Escalated", "company-head-1")]
    assert {getattr(payload, "clock", None) for payload in fired} == {Clock.OBJECTION}
    took_it_in = ("overdue", AGENT.id)  # who hears of what is late as well (A9)
    assert told(story) == [("overdue", MANAGER.id), took_it_in, ("escalated", "company-head-1")]


@pytest.mark.req("B1", "B7")
def test_an_objection_stands_in_the_lists_and_its_workflow_runs() -> None:
    story = in_state(State.OBJECTED)
    step = next_step(story.case, story.context)
    assert step.awaiting is Await.DECISION
    assert stage_of(story.case) == "revisit"
    line = line_of(story.case, story.context, step.wake_at)
    assert (line.state, line.due_for) == (State.OBJECTED, Clock.OBJECTION)
    assert line.due_at == story.case.clocks.deadlines[Clock.OBJECTION].due_at


@pytest.mark.req("B1", "D7")
def test_the_manager_alone_decides_and_that_meets_the_clock() -> None:
    assert TABLE["uphold"].roles == MANAGERS
    story = in_state(State.OBJECTED)
    with pytest.raises(CommandRefusedError):
        story.do("reopen", SUPERVISOR)
    with pytest.raises(CommandRefusedError):
        story.do("object", RESIDENT)
    upheld = in_state(State.OBJECTED).do("uphold", MANAGER).case
    assert Clock.OBJECTION in upheld.clocks.met
    assert (upheld.state, upheld.ending.close_reason) == (State.CLOSED, ev.CloseReason.UNTRUE)
    again = story.do("reopen", MANAGER).case
    assert (again.state, again.round) == (State.REGISTERED, 2)
    assert Clock.OBJECTION not in again.clocks.deadlines


@pytest.mark.req("B1", "E1", "G17")
@pytest.mark.parametrize("state", [State.REJECTED, State.OBJECTED])
def test_an_objection_changes_no_figure_before_it_is_decided(state: State) -> None:
    counted = contribution(in_state(state).case)
    assert counted[TOTAL, "rejected"] == 1
    assert counted[TOTAL, "valid_complaints"] == counted[TOTAL, "open"] == 0


@pytest.mark.req("B1")
def test_explained_and_referred_is_an_ending_of_its_own() -> None:
    """With to whom; counted as neither solved nor satisfied; no survey, no revisit."""
    story = in_state(State.WORKING).do("refer", SUPERVISOR, ReferForm("供水公司", "总管由供水公司维修"))
    case = story.case
    assert case.state is State.REFERRED
    assert (case.ending.referred_to, case.ending.explanation) == ("供水公司", "总管由供水公司维修")
    assert told(story) == [("referred", "resident"), ("called_off", "engineering-1")]
    assert pending(case, story.context) == ()
    counted = contribution(case)
    assert {name for name in NOT_TO_SOLVE if counted[TOTAL, name]} == {"referred"}
    for name in ("solved", "closed", "closed_satisfied", "surveys", "open", "rejected"):
        assert counted[TOTAL, name] == 0, name
    assert counted[Row("handler", "engineering-1"), "referred"] == 1


@pytest.mark.req("B1", "D7")
def test_a_resident_who_was_referred_can_come_back() -> None:
    story = in_state(State.REFERRED).do("reopen", RESIDENT)
    assert (story.case.state, story.case.round) == (State.REGISTERED, 2)
    assert story.case.ending.referred_to is None


@pytest.mark.req("B1")
def test_only_leaders_refer_also_what_was_a_repair_and_turned_out_a_complaint() -> None:
    assert TABLE["refer"].roles == {Role.SUPERVISOR, *MANAGERS}
    story = in_state(State.SIGNED).do("classify", AGENT, ClassifyForm("是投诉", kind="complaint"))
    assert story.do("refer", SUPERVISOR).case.state is State.REFERRED
