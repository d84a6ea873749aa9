"""Step Functions behind its port: what each service says about repeats, lost executions and late answers."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

from chalicelib.adapters.workflow import StepFunctions
from chalicelib.adapters.workflow import client as real_client

ARN = "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:suda-dispatch"
EXECUTION = "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:suda-dispatch:name"
GIVEN: Mapping[str, Mapping[str, str | int]] = {
    "turn": {"number": "202611-0001", "round": 1},
    "plan": {"await": "assignment"},
}


@pytest.fixture(name="stub")
def _stub() -> Iterator[Stubber]:
    with Stubber(boto3.client("stepfunctions")) as stub:
        yield stub
        stub.assert_no_pending_responses()


def adapter(stub: Stubber) -> StepFunctions:
    client: Any = stub.client
    return StepFunctions({"dispatch": ARN}, lambda: client)


def test_it_starts_an_execution_by_name(stub: Stubber) -> None:
    asked = {
        "stateMachineArn": ARN,
        "name": "name",
        "input": '{"turn": {"number": "202611-0001", "round": 1}, "plan": {"await": "assignment"}}',
    }
    stub.add_response("start_execution", {"executionArn": EXECUTION, "startDate": 0}, asked)
    assert adapter(stub).start("dispatch", "name", GIVEN) is True


def test_a_name_that_was_used_is_no_error(stub: Stubber) -> None:
    stub.add_client_error("start_execution", "ExecutionAlreadyExists")
    assert adapter(stub).start("dispatch", "name", GIVEN) is False


@pytest.mark.parametrize(
    ("status", "running"),
    [
        ("RUNNING", True),
        ("PENDING_REDRIVE", True),
        ("SUCCEEDED", False),
        ("FAILED", False),
        ("TIMED_OUT", False),
        ("ABORTED", False),
    ],
)
def test_only_what_goes_on_is_running(stub: Stubber, status: str, running: bool) -> None:
    found: dict[str, Any] = {"executionArn": EXECUTION, "stateMachineArn": ARN, "startDate": 0}
    stub.add_response("describe_execution", {**found, "status": status}, {"executionArn": EXECUTION})
    assert adapter(stub).is_running("dispatch", "name") is running


def test_what_never_existed_is_told_from_what_has_ended(stub: Stubber) -> None:
    stub.add_client_error("describe_execution", "ExecutionDoesNotExist")
    assert adapter(stub).is_running("dispatch", "name") is None


def test_it_answers_a_task(stub: Stubber) -> None:
    stub.add_response("send_task_success", {}, {"taskToken": "token", "output": '{"await": "nothing"}'})
    assert adapter(stub).answer("token", {"await": "nothing"}) is True


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_an_answer_that_comes_too_late_is_no_error(stub: Stubber, code: str) -> None:
    stub.add_client_error("send_task_success", code)
    assert adapter(stub).answer("token", {"await": "nothing"}) is False


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "AccessDeniedException"])
def test_other_errors_are_the_caller_s_to_try_again(stub: Stubber, code: str) -> None:
    stub.add_client_error("send_task_success", code, expected_params={"taskToken": "token", "output": ANY})
    with pytest.raises(ClientError, match=code):
        adapter(stub).answer("token", {"await": "nothing"})


def test_the_client_gives_up_before_the_function_does() -> None:
    config: Any = real_client().meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 5)
    assert config.retries == {"mode": "standard", "total_max_attempts": 4}
    assert real_client() is real_client()
