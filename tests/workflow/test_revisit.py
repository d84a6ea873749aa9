"""The follow-up, whole: survey, reminder, revisits, new rounds (D1–D7, G6–G9)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT, Actor
from chalicelib.domain.follow_up.forms import RevisitForm
from tests.builders import AGENT, MANAGER
from tests.workflow.world import A_SECOND, World


def completed(world: World, **changes: object) -> Case:
    """A case whose work is done and whose survey is out."""
    return world.complete(world.sign(world.register(**changes)))


def revisit(world: World, case: Case, outcome: RevisitOutcome) -> Case:
    """The person who was drawn records the revisit."""
    case = world.case(case)
    assert case.follow_up.revisitor is not None
    member = world.office.desk.directory.community(case.community).member(case.follow_up.revisitor)
    assert member is not None
    form = RevisitForm(outcome=outcome, manner="phone", note="回访")
    return world.do(case, "record_revisit", Actor(member.role, member.username), form)


@pytest.mark.req("D7", "G9")
def test_a_bad_rating_begins_a_second_round_with_somebody_else(world: World) -> None:
    case = completed(world)
    first = case.assignment.handler
    case = world.rate(case, 1)
    assert (case.round, case.state) == (2, State.ASSIGNED)
    assert case.assignment.handler not in {first, None}
    assert case.follow_up.review_group
    assert world.executions("dispatch") == {
        "riverside-202611-0001-dispatch-1-0": "SUCCEEDED",
        "riverside-202611-0001-dispatch-2-0": "RUNNING",
    }
    case = world.revisited(world.rate(world.complete(world.sign(case)), 5))
    assert case.state is State.CLOSED
    assert world.executions("revisit") == {
        "riverside-202611-0001-revisit-1-0": "SUCCEEDED",
        "riverside-202611-0001-revisit-2-0": "SUCCEEDED",
    }
    assert world.running() == 0


@pytest.mark.req("D1", "D3", "G6")
def test_silence_is_reminded_of_then_a_person_revisits(world: World) -> None:
    case = completed(world)
    case = world.wait_for(case, "survey:remind")
    assert len(world.happened(case, ev.SurveyReminded)) == 1
    case = world.wait_for(case, "revisit:draw:1")
    assert case.follow_up.revisitor not in {None, *case.assignment.everybody}
    case = revisit(world, case, RevisitOutcome.SATISFIED)
    assert case.state is State.CLOSED
    assert list(world.executions("revisit").values()) == ["SUCCEEDED"]


@pytest.mark.req("D7")
def test_a_revisit_that_finds_fault_begins_a_second_round(world: World) -> None:
    case = world.wait_for(completed(world), "revisit:draw:1")
    case = revisit(world, case, RevisitOutcome.DISSATISFIED)
    assert (case.round, case.state) == (2, State.ASSIGNED)
    assert "riverside-202611-0001-dispatch-2-0" in world.executions("dispatch")


@pytest.mark.req("D3", "G3")
def test_a_revisit_that_nobody_makes_climbs_the_ladder(world: World) -> None:
    case = world.wait_for(completed(world), "revisit:draw:1")
    expected = {str(due.key): due.at for due in world.dues(case)}
    world.wait(timedelta(days=60))
    found = {key: at for key, at in world.fired(case) if key in expected}
    assert found.keys() == expected.keys()
    assert all(timedelta() <= found[key] - expected[key] <= timedelta(seconds=1) for key in expected)
    assert len(world.happened(case, ev.Escalated)) == len([key for key in expected if "remind" not in key])


@pytest.mark.req("G6", "G7")
def test_a_resident_who_cannot_be_reached_is_tried_again_then_counted_as_silent(world: World) -> None:
    case = world.wait_for(completed(world), "revisit:draw:1")
    attempts = world.office.desk.context_of(case).regulation.revisits.attempts
    for attempt in range(1, attempts + 1):
        case = revisit(world, case, RevisitOutcome.NOT_REACHED)
        if attempt < attempts:
            assert (case.state, case.follow_up.revisitor) == (State.COMPLETED, None)
            case = world.wait_for(case, f"revisit:draw:{attempt + 1}")
    assert case.state is State.COMPLETED, "the survey may bring an answer until the revisit's date"
    (close,) = world.dues(case)
    world.wait_until(close.at + timedelta(seconds=1))
    case = world.case(case)
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SILENT)
    assert case.rating is None
    assert world.running() == 0


@pytest.mark.req("A10")
def test_solved_on_the_spot_is_still_followed_up(world: World) -> None:
    case = world.register(actor=AGENT, solved_with="当场换了灯泡")
    assert case.state is State.COMPLETED
    assert world.executions("dispatch") == {}
    assert list(world.executions("revisit").values()) == ["RUNNING"]
    assert world.revisited(world.rate(case, 5)).state is State.CLOSED
    assert world.running() == 0


@pytest.mark.req("G9")
def test_a_closed_case_that_is_reopened_has_a_workflow_again(world: World) -> None:
    case = world.revisited(world.rate(completed(world), 5))
    assert world.running() == 0
    case = world.do(case, "reopen", RESIDENT, ReasonForm(reason="又不亮了"))
    assert (case.round, case.state) == (2, State.ASSIGNED)
    assert world.executions("dispatch")["riverside-202611-0001-dispatch-2-0"] == "RUNNING"


@pytest.mark.req("G7")
def test_a_case_that_a_person_closes_is_not_reminded_of(world: World) -> None:
    case = world.wait_for(completed(world), "revisit:draw:1")
    case = revisit(world, case, RevisitOutcome.NOT_REACHED)
    case = world.do(case, "close", MANAGER, RequiredNoteForm(note="住户已搬走"))
    assert case.state is State.CLOSED
    assert list(world.executions("revisit").values()) == ["SUCCEEDED"]
    version = case.version
    world.wait(timedelta(days=60))
    assert world.case(case).version == version


@pytest.mark.req("D6")
def test_a_satisfied_case_of_the_sample_waits_for_the_manager(world: World) -> None:
    case = completed(world, kind="complaint", matter="noise_public", severity="serious")
    world.rate(case, 5)
    world.wait(A_SECOND)
    case = world.case(case)
    assert (case.state, case.follow_up.revisitor) == (State.COMPLETED, "manager-1"), (
        "asked for as soon as it is rated"
    )
    case = revisit(world, case, RevisitOutcome.SATISFIED)
    assert case.state is State.CLOSED
    assert list(world.executions("revisit").values()) == ["SUCCEEDED"]
    assert world.running() == 0
