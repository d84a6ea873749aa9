"""What goes wrong, whole: repeats, losses, races, crashes, outages, restarts, very long cases."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import ConflictError
from chalicelib.services.workflows import tasks as workflows
from chalicelib.services.workflows.executions import Execution
from tests.builders import SUPERVISOR
from tests.workflow.world import World, handler_of

DISPATCH = "riverside-202611-0001-dispatch-1-0"


def statuses(world: World, kind: str = "dispatch") -> dict[str, str]:
    """What became of each execution of the first case, by its restart; one that was stopped has failed."""
    found = world.executions(kind).items()
    return {name.rpartition("-")[2]: status.replace("ABORTED", "FAILED") for name, status in found}


@pytest.mark.req("G3")
def test_what_is_delivered_twice_or_out_of_order_starts_and_tells_once(world: World) -> None:
    world.office.register()
    records = world.stream()
    for again in (records, records, records[::-1]):
        world.relay(again)
    assert statuses(world) == {"0": "RUNNING"}
    sent = len(world.office.sms.sent)
    world.relay(records + world.stream())
    world.relay(records)
    assert len(world.office.sms.sent) >= sent
    assert len({phone + text for phone, text in world.office.sms.sent}) == len(world.office.sms.sent)


def test_a_signature_that_comes_before_the_token_is_not_lost(world: World) -> None:
    case = world.office.register().case

    def sign_first() -> None:
        world.office.do(case, "sign", handler_of(world.case(case)), SignForm(signature="甲"))
        world.workflows.follow(case.community, case.number)  # finds no token to answer

    world.before["AwaitStep"] = sign_first
    world.relay()
    assert world.entered("dispatch", DISPATCH)[-3:] == ["AwaitSignature", "Route", "AwaitCompletion"]


def test_a_signature_right_after_the_token_is_answered_once(world: World) -> None:
    case = world.office.register().case

    def sign_at_once() -> None:
        world.office.do(case, "sign", handler_of(world.case(case)), SignForm(signature="甲"))
        world.workflows.follow(case.community, case.number)
        world.workflows.follow(case.community, case.number)

    world.after["AwaitStep"] = sign_at_once
    world.relay()
    assert world.entered("dispatch", DISPATCH).count("AwaitCompletion") == 1
    assert statuses(world) == {"0": "RUNNING"}


@pytest.mark.req("B7")
def test_a_lost_token_costs_a_signal_but_no_timer(world: World) -> None:
    case = world.register()
    memory = world.office.memory
    assert memory is not None
    memory.waiting.clear()
    case = world.sign(case)  # nobody can be answered, and the relay finds no workflow: it tries to begin one
    assert statuses(world) == {"0": "RUNNING"}
    later = world.office.clock() + timedelta(hours=23)
    expected = {str(due.key) for due in world.dues(case) if due.at < later}
    world.wait_until(later)
    assert expected
    assert {key for key, _ in world.fired(case) if not key.startswith("sign:")} == expected
    assert world.complete(case).state is State.COMPLETED
    assert statuses(world) == {"0": "SUCCEEDED"}


@pytest.mark.req("B7", "G3")
def test_reconcile_restarts_what_an_outage_took(world: World) -> None:
    case = world.register()
    before = {str(due.key) for due in world.dues(case)}
    world.lose_executions()
    world.office.clock.advance(timedelta(days=2))
    found = world.reconcile()
    assert (found["timers_fired"], found["workflows_restarted"], found["not_mended"]) == (1, 1, 0)
    late = before - {str(due.key) for due in world.dues(case)}
    assert {"sign:overdue", "sign:rung:supervisor", "sign:rung:manager"} <= late
    assert sorted(key for key, _ in world.fired(case)) == sorted(late)
    assert statuses(world) == {"0": "FAILED", "1": "RUNNING"}
    again = world.reconcile()
    assert (again["timers_fired"], again["workflows_restarted"]) == (0, 0)
    case = world.revisited(world.rate(world.complete(world.sign(case)), 5))
    assert case.state is State.CLOSED
    assert statuses(world) == {"0": "FAILED", "1": "SUCCEEDED"}


def test_reconcile_restarts_the_follow_up_too(world: World) -> None:
    case = world.complete(world.sign(world.register()))
    world.lose_executions()
    assert world.reconcile()["workflows_restarted"] == 1
    assert statuses(world, "revisit") == {"0": "FAILED", "1": "RUNNING"}
    assert world.revisited(world.rate(case, 5)).state is State.CLOSED
    assert world.running() == 0


@pytest.mark.req("A2")
def test_the_schedule_finds_a_case_whose_events_were_lost(world: World) -> None:
    case = world.office.register().case
    world.stream()  # read, and lost
    assert world.reconcile("schedule")["workflows_restarted"] == 0
    world.wait(timedelta(seconds=61))
    assert world.reconcile("schedule")["workflows_restarted"] == 1
    assert world.case(case).state is State.ASSIGNED


def test_the_schedule_leaves_a_case_alone_whose_timers_are_in_time(world: World) -> None:
    world.register()
    asked = world.office.memory.calls["waiting.get"]  # type: ignore[union-attr]
    found = world.reconcile("schedule")
    assert (found["open_cases"], found["timers_fired"], found["workflows_restarted"]) == (1, 0, 0)
    assert world.office.memory.calls["waiting.get"] == asked  # type: ignore[union-attr]


@pytest.mark.parametrize("function", ["Assign", "AwaitStep", "FireTimers"])
def test_a_conflict_is_tried_again(world: World, function: str) -> None:
    world.troubles[function] = [ConflictError("changed"), ConflictError("changed")]
    case = world.register()
    world.wait(timedelta(minutes=1))
    assert world.wait_for(case, "sign:overdue").clocks.overdue
    assert statuses(world) == {"0": "RUNNING"}
    assert world.troubles[function] == []


@pytest.mark.parametrize("function", ["Assign", "AwaitStep", "FireTimers"])
def test_an_outage_of_minutes_is_waited_out(world: World, function: str) -> None:
    world.troubles[function] = [RuntimeError("down")] * 3
    case = world.register()
    world.wait(timedelta(minutes=10))
    assert world.case(case).state is State.ASSIGNED
    world.wait(timedelta(hours=3))
    assert world.case(case).clocks.overdue
    assert statuses(world) == {"0": "RUNNING"}


@pytest.mark.req("B7")
def test_a_longer_outage_ends_in_an_alarm_and_reconcile_takes_over(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.troubles["FireTimers"] = [RuntimeError("down")] * 4
    case = world.register()
    world.wait(timedelta(hours=2))
    assert statuses(world) == {"0": "FAILED"}
    (record,) = [record for record in caplog.records if record.message == "workflow_failed"]
    assert (record.levelno, vars(record)["execution"], vars(record)["cause"]) == (
        logging.ERROR, DISPATCH, "RuntimeError",
    )  # fmt: skip
    assert world.reconcile("schedule")["workflows_restarted"] == 1
    assert statuses(world) == {"0": "FAILED", "1": "RUNNING"}
    assert world.sign(case).state is State.SIGNED


def test_a_workflow_fails_even_if_nobody_can_say_so(world: World) -> None:
    world.troubles = {"FireTimers": [RuntimeError("down")] * 4, "WorkflowFailed": [RuntimeError("down")]}
    world.register()
    world.wait(timedelta(hours=2))
    assert statuses(world) == {"0": "FAILED"}


@pytest.mark.req("B7")
def test_a_very_long_case_goes_on_in_a_successor(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflows, "MOST_WAITS", 5)
    case = world.register(kind="complaint")
    later = world.office.clock() + timedelta(hours=23)
    expected = {str(due.key) for due in world.dues(case) if due.at < later}
    world.wait_until(later)
    assert sorted(key for key, _ in world.fired(case)) == sorted(expected)
    restarts = statuses(world)
    assert len(restarts) > 2
    assert restarts.pop(str(len(restarts) - 1)) == "RUNNING"
    assert set(restarts.values()) == {"SUCCEEDED"}
    case = world.complete(world.sign(case))
    assert "RUNNING" not in statuses(world).values()


@pytest.mark.req("B2")
def test_who_assigns_by_hand_while_the_rules_choose_wins(world: World) -> None:
    case = world.office.register().case
    cases = world.office.desk.cases
    look = cases.open_work

    def assign_by_hand_first(*args: Any, **options: Any) -> Any:
        cases.open_work = look  # type: ignore[method-assign]
        world.office.do(case, "assign", SUPERVISOR, AssignForm(handler="greenery-1", reason="熟悉"))
        return look(*args, **options)

    cases.open_work = assign_by_hand_first  # type: ignore[method-assign]
    world.relay()
    assert world.case(case).assignment.handler == "greenery-1"
    assert world.entered("dispatch", DISPATCH) == ["Assign", "Route", "AwaitSignature"]


def test_a_dead_execution_that_comes_late_does_not_take_over(world: World) -> None:
    case: Case = world.register()
    world.workflows.start(case, Execution(case.community, case.number, "dispatch", 1, 1))
    world.time.rest()
    world.wait(timedelta(days=1))
    fired = [key for key, _ in world.fired(case)]
    assert len(fired) == len(set(fired))
    assert statuses(world) == {"0": "SUCCEEDED", "1": "RUNNING"}
