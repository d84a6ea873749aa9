"""The definitions of the state machines, as text: neither the linters nor moto look at all of this."""

import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from statelint.linter import Linter  # type: ignore[import-untyped]

import chalicelib.domain
import chalicelib.services
from chalicelib.domain.timers import Await, NextStep
from chalicelib.services.workflows.executions import result_of
from chalicelib.services.workflows.tasks import MOST_WAITS
from tests.builders import MONDAY

PROJECT = Path(__file__).parents[2]
MACHINES = {"dispatch": "DispatchMachine", "revisit": "RevisitMachine"}
HISTORY_LIMIT = 25_000
EVENTS_OF = {"Task": 5, "wait": 6, "Choice": 2}
"""Events that one pass through a state writes: entered, scheduled, started, (submitted), done, exited."""
EVENTS_OF_A_RETRY = 4
LAMBDA_NOT_WELL = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.Unknown",
}
WAIT = "arn:aws:states:::lambda:invoke.waitForTaskToken"
CALL = "arn:aws:states:::lambda:invoke"

State = dict[str, Any]


def text_of(machine: str) -> str:
    return (PROJECT / "infra" / f"{machine}.asl.json").read_text("utf-8")


def states_of(machine: str) -> dict[str, State]:
    states: dict[str, State] = json.loads(text_of(machine))["States"]
    return states


def tasks_of(machine: str) -> dict[str, State]:
    return {name: state for name, state in states_of(machine).items() if state["Type"] == "Task"}


def targets(state: State) -> set[str]:
    """Where a state may lead."""
    found = [state.get("Next"), state.get("Default")]
    found += [step["Next"] for step in (*state.get("Choices", ()), *state.get("Catch", ()))]
    return {name for name in found if name}


every_machine = pytest.mark.parametrize("machine", MACHINES)


@every_machine
def test_statelint_finds_nothing(machine: str) -> None:
    assert Linter.validate(json.loads(text_of(machine))) == []


@every_machine
def test_every_target_exists_and_every_state_is_reached(machine: str) -> None:
    states = states_of(machine)
    reached: set[str] = set()
    open_ends = {json.loads(text_of(machine))["StartAt"]}
    while open_ends:
        name = open_ends.pop()
        assert name in states, f"{name} is led to, but does not exist"
        reached.add(name)
        open_ends |= targets(states[name]) - reached
    assert reached == set(states)
    ends = {name for name, state in states.items() if not targets(state)}
    assert {states[name]["Type"] for name in ends} == {"Succeed", "Fail"}


@every_machine
def test_every_task_has_a_timeout_retries_by_name_and_a_last_catch(machine: str) -> None:
    functions = json.loads((PROJECT / ".chalice" / "config.json").read_text("utf-8"))
    longest = max(functions["lambda_timeout"], *_timeouts(functions))
    for name, task in tasks_of(machine).items():
        if task["Resource"] == WAIT:
            assert task["TimeoutSecondsPath"] == "$.plan.timeout_seconds", name
            assert "HeartbeatSeconds" not in task, "people send no heartbeats"
        else:
            assert task["TimeoutSeconds"] > longest, f"{name} would give up before its function does"
        errors = [error for rule in task["Retry"] for error in rule["ErrorEquals"]]
        assert set(task["Retry"][0]["ErrorEquals"]) >= LAMBDA_NOT_WELL, name
        assert "States.ALL" not in errors, name
        assert len(errors) == len(set(errors)), name
        assert all(rule["MaxAttempts"] > 0 and rule["IntervalSeconds"] > 0 for rule in task["Retry"]), name
        *before, last = task["Catch"]
        assert last["ErrorEquals"] == ["States.ALL"], name
        assert all("States.ALL" not in rule["ErrorEquals"] for rule in before), name


def _timeouts(functions: dict[str, Any]) -> list[int]:
    """Seconds that the functions of the machines may run, where it is not the default."""
    names = ("assign", "await_step", "fire_timers", "workflow_failed")
    return [functions["lambda_functions"].get(name, {}).get("lambda_timeout", 0) for name in names]


@every_machine
def test_what_cannot_be_mended_says_so_and_fails(machine: str) -> None:
    states = states_of(machine)
    for name, task in tasks_of(machine).items():
        expected = "Failed" if name == "WorkflowFailed" else "WorkflowFailed"
        assert task["Catch"][-1]["Next"] == expected, name
    assert states["WorkflowFailed"]["Next"] == "Failed"
    assert states["Failed"]["Type"] == "Fail", "the alarm counts failed executions"


@every_machine
def test_only_a_wait_that_ends_by_itself_fires_timers(machine: str) -> None:
    for name, task in tasks_of(machine).items():
        timed_out = [rule["Next"] for rule in task["Catch"] if "States.Timeout" in rule["ErrorEquals"]]
        assert timed_out == (["FireTimers"] if task["Resource"] == WAIT else []), name
        retried = [error for rule in task["Retry"] for error in rule["ErrorEquals"]]
        assert ("States.Timeout" in retried) == (task["Resource"] == CALL), name


@every_machine
def test_the_own_errors_it_names_exist(machine: str) -> None:
    rules = [rule for task in tasks_of(machine).values() for rule in (*task["Retry"], *task["Catch"])]
    own = {error for rule in rules for error in rule["ErrorEquals"] if "." not in error}
    assert own == {"ConflictError"}
    assert own <= _exceptions()


def _exceptions() -> set[str]:
    """The names of the exceptions of the domain and the services."""
    found = set()
    for package in (chalicelib.domain, chalicelib.services):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            members = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
            found |= {name for name, member in members if issubclass(member, Exception)}
    return found


@every_machine
def test_it_is_given_the_functions_that_it_calls_and_no_others(machine: str) -> None:
    called = {task["Parameters"]["FunctionName"] for task in tasks_of(machine).values()}
    assert all(re.fullmatch(r"\$\{\w+Arn\}", name) for name in called)
    assert set(re.findall(r"\$\{[^}]*\}", text_of(machine))) == called
    resources = yaml.safe_load((PROJECT / "infra" / "resources.yaml").read_text("utf-8"))["Resources"]
    given = resources[MACHINES[machine]]["Properties"]["DefinitionSubstitutions"]
    assert {f"${{{name}}}" for name in given} == called
    assert {name: value["Fn::GetAtt"][0] + "Arn" for name, value in given.items()} == {
        name: name for name in given
    }


@pytest.mark.req("E8")
@every_machine
def test_ids_and_the_plan_are_all_that_it_passes_on(machine: str) -> None:
    passed = [
        value for task in tasks_of(machine).values() for value in task["Parameters"]["Payload"].values()
    ]
    assert set(passed) <= {"$.turn", "$.plan", "$.plan.turns", "$$.Task.Token", "$.error.Error"}


@every_machine
def test_it_reads_the_plan_that_the_functions_write(machine: str) -> None:
    written = result_of(NextStep(Await.NOTHING, None), MONDAY, 0)
    for name, task in tasks_of(machine).items():
        if task["Resource"] == CALL and task["ResultPath"] == "$.plan":
            assert task["ResultSelector"] == {f"{key}.$": f"$.Payload.{key}" for key in written}, name
        elif task["Resource"] == WAIT:
            assert (task["ResultPath"], "ResultSelector" in task) == ("$.plan", False), name


def test_whatever_a_case_waits_for_has_its_state() -> None:
    choices = [rule for machine in MACHINES for rule in states_of(machine)["Route"]["Choices"]]
    assert {rule["Variable"] for rule in choices} == {"$.plan.await"}
    assert sorted(rule["StringEquals"] for rule in choices) == sorted(set(Await) - {Await.NOTHING})
    assert {states_of(machine)["Route"]["Default"] for machine in MACHINES} == {"Done"}


@every_machine
def test_a_history_ends_before_its_limit_even_if_every_task_is_retried(machine: str) -> None:
    def most_events(kind: str) -> Any:
        return max(
            EVENTS_OF["wait" if kind == WAIT else "Task"]
            + EVENTS_OF_A_RETRY * sum(rule["MaxAttempts"] for rule in state["Retry"])
            for state in tasks_of(machine).values()
            if state["Resource"] == kind
        )

    a_turn = most_events(WAIT) + most_events(CALL) + 2 * EVENTS_OF["Choice"]
    assert a_turn * (MOST_WAITS + 1) < HISTORY_LIMIT
