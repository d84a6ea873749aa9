"""Dispatch, whole: the real state machine on moto's interpreter, its tasks and the relay, in virtual time."""

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import PauseForm, RejectForm
from tests.builders import SUPERVISOR, community
from tests.workflow.world import A_SECOND, KINDS, World, handler_of, world

TRANSITIONS_ALLOWED = 12
ROUND = timedelta(days=30)


@pytest.mark.req("B2", "G21")
def test_the_ordinary_path_takes_few_transitions(world: World) -> None:
    case = world.register()
    case = world.revisited(world.rate(world.complete(world.sign(case)), 5))
    assert case.state is State.CLOSED
    (dispatch,), (revisit,) = (world.executions(kind) for kind in KINDS)
    assert world.entered("dispatch", dispatch) == [
        "Assign", "Route", "AwaitSignature", "Route", "AwaitCompletion", "Route", "Done",
    ]  # fmt: skip
    assert world.entered("revisit", revisit) == [
        "AwaitRating", "Route", "AwaitRating", "Route", "Done",
    ]  # fmt: skip
    taken = len(world.entered("dispatch", dispatch)) + len(world.entered("revisit", revisit))
    assert taken <= TRANSITIONS_ALLOWED
    assert {*world.executions("dispatch").values(), *world.executions("revisit").values()} == {"SUCCEEDED"}


@pytest.mark.req("E8")
def test_nothing_personal_passes_through_the_workflows(world: World) -> None:
    case = world.register()
    world.wait_for(case, "sign:rung:manager")
    case = world.rate(world.complete(world.sign(case)), 1)
    report, member = case.report, world.office.desk.directory.community(case.community).staff
    personal = [report.text, report.resident_name, report.unit, report.phone, "甲", "换好了灯"]
    personal += [text for person in member for text in (person.name, person.phone)]
    passed = [
        json.dumps(world.history(kind, name), ensure_ascii=False, default=str)
        for kind in KINDS
        for name in world.executions(kind)
    ]
    assert len(passed) == 3
    assert [part for part in personal for text in passed if part and part in text] == []


@pytest.mark.req("B3", "B7", "G3")
def test_every_timer_of_an_unsigned_case_fires_once_and_in_time(world: World) -> None:
    case = world.register()
    expected = {str(due.key): due.at for due in world.dues(case)}
    assert {"sign:overdue", "sign:rung:supervisor", "sign:rung:manager", "solve:overdue"} <= set(expected)
    expected |= report_begun_by_the_climb(world, case)
    world.wait(ROUND)
    found = world.fired(case)
    assert Counter(key for key, _ in found) == Counter(expected.keys())
    late = {key: at - expected[key] for key, at in found if not timedelta() <= at - expected[key] <= A_SECOND}
    assert late == {}
    assert world.dues(case) == ()
    assert list(world.executions("dispatch").values()) == ["RUNNING"]


def report_begun_by_the_climb(world: World, case: Case) -> dict[str, datetime]:
    """The timers of the written report, owed once the case has climbed above the manager (B6)."""
    world.wait_for(case, "solve:rung:company_head")
    report = {str(due.key): due.at for due in world.dues(case) if due.clock is Clock.WRITTEN_REPORT}
    assert "report:overdue" in report
    return report


@pytest.mark.req("B3", "G3")
def test_the_ladder_reaches_named_people_from_the_bottom_up(world: World) -> None:
    case = world.register()
    assert world.told(case) == []
    world.wait_for(case, "sign:overdue")
    assert [event.clock for event in world.happened(case, ev.MarkedOverdue)] == ["sign"]
    world.wait_for(case, "sign:rung:supervisor")
    assert world.told(case) == ["supervisor:supervisor-1"]
    world.wait_for(case, "sign:rung:manager")
    assert world.told(case) == ["supervisor:supervisor-1", "manager:manager-1"]
    world.sign(case)
    before = Counter(key for key, _ in world.fired(case))
    world.wait(timedelta(days=3))
    later = Counter(key for key, _ in world.fired(case)) - before
    assert not [key for key in later if key.startswith("sign:")]
    assert "solve:overdue" in later


@pytest.mark.req("B2", "B3")
def test_the_supervisor_gives_the_case_to_somebody_else(world: World) -> None:
    case = world.register()
    world.wait_for(case, "sign:overdue")
    form = AssignForm(handler="desk-2", reason="没人签收")
    case = world.do(case, "assign", SUPERVISOR, form)
    assert (case.assignment.handler, case.assignment.former_handlers, case.clocks.overdue) == (
        "desk-2",
        ("desk-1",),
        (),
    )
    world.wait_for(case, "sign:overdue")
    assert [event.clock for event in world.happened(case, ev.MarkedOverdue)] == ["sign", "sign"]
    world.complete(world.sign(case))
    assert list(world.executions("dispatch").values()) == ["SUCCEEDED"]


@pytest.mark.req("B2")
def test_a_declined_case_goes_to_the_next_by_rule(world: World) -> None:
    case = world.register()
    first = case.assignment.handler
    case = world.do(case, "decline", handler_of(case), ReasonForm(reason="不归我们管"))
    assert case.state is State.ASSIGNED
    assert case.assignment.handler not in {first, None}
    name = next(iter(world.executions("dispatch")))
    assert world.entered("dispatch", name)[-4:] == ["Route", "Assign", "Route", "AwaitSignature"]


@pytest.mark.req("G4")
def test_a_pause_holds_the_clocks_and_ends_by_itself(world: World) -> None:
    case = world.sign(world.register())
    due_before = case.clocks.solve_due_at
    until = world.office.clock() + timedelta(hours=2)
    reason = world.office.desk.context_of(case).regulation.pause.reasons[0]
    form = PauseForm(until=until, reason=reason, evidence="住户来电")
    case = world.do(case, "pause", handler_of(case), form)
    assert case.clocks.pause is not None
    world.wait_until(until + A_SECOND)
    case = world.case(case)
    assert case.clocks.pause is None
    assert case.clocks.solve_due_at == due_before + timedelta(hours=2)
    world.wait_until(case.clocks.solve_due_at + A_SECOND)
    assert "solve:overdue" in {str(key) for key in world.case(case).clocks.fired}


@pytest.mark.req("G4")
def test_a_pause_that_a_person_ends_wakes_the_clocks(world: World) -> None:
    case = world.sign(world.register())
    until = world.office.clock() + timedelta(hours=8)
    reason = world.office.desk.context_of(case).regulation.pause.reasons[0]
    form = PauseForm(until=until, reason=reason, evidence="住户来电")
    case = world.do(case, "pause", handler_of(case), form)
    world.wait(timedelta(minutes=10))
    case = world.do(case, "resume", handler_of(case), NoteForm())
    expected = {str(due.key): due.at for due in world.dues(case)}
    expected |= report_begun_by_the_climb(world, case)
    world.wait(ROUND)
    assert all(timedelta() <= at - expected[key] <= A_SECOND for key, at in world.fired(case))
    assert {key for key, _ in world.fired(case)} == set(expected)


@pytest.mark.parametrize(
    ("name", "form", "state"),
    [
        ("withdraw", ReasonForm(reason="自己修好了"), State.WITHDRAWN),
        ("merge", MergeForm(into="202611-0001", reason="同一盏灯"), State.MERGED),
        ("reject", RejectForm(findings="灯是好的"), State.REJECTED),
    ],
)
@pytest.mark.req("B1", "A16")
def test_a_case_that_ends_another_way_ends_its_workflow(
    world: World, name: str, form: object, state: State
) -> None:
    world.register(text="另一盏灯")
    case = world.register(kind="complaint" if name == "reject" else "repair")
    assert world.do(case, name, RESIDENT if name == "withdraw" else SUPERVISOR, form).state is state
    assert world.executions("dispatch") == {
        "riverside-202611-0001-dispatch-1-0": "RUNNING",
        "riverside-202611-0002-dispatch-1-0": "SUCCEEDED",
    }
    assert world.executions("revisit") == {}
    before = world.case(case).version
    world.wait(timedelta(days=1))
    assert world.case(case).version == before


@pytest.mark.req("G3")
def test_a_community_without_staff_waits_until_somebody_comes() -> None:
    with world(community(staff=(), shifts=())) as alone:
        case = alone.register(kind="complaint")
        assert case.state is State.REGISTERED
        alone.wait_for(case, "on_site:overdue")
        name = next(iter(alone.executions("dispatch")))
        assert alone.entered("dispatch", name).count("AwaitCompletion") >= 2
        directory = alone.office.stores.directory
        directory.put(community())  # type: ignore[attr-defined]
        alone.reconcile()
        assert alone.case(case).assignment.handler == "desk-1"
        assert list(alone.executions("dispatch").values()) == ["RUNNING"]
