"""Step Functions behind the Workflow port."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 2, 5, 4


@cache
def client() -> "SFNClient":
    """The Step Functions client of this process.

    It is made when first needed, since reading a case needs none.
    """
    import boto3
    from botocore.config import Config

    retries: dict[str, object] = {"mode": "standard", "total_max_attempts": ATTEMPTS}
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries)  # type: ignore[arg-type]
    return boto3.client("stepfunctions", config=config)


class StepFunctions(Struct, frozen=True):
    """Workflow. `machines` gives the ARN of each kind's state machine."""

    machines: Mapping[str, str]
    client: Callable[[], "SFNClient"] = client

    def start(self, kind: str, name: str, given: Mapping[str, Mapping[str, str | int]]) -> bool:
        """Start an execution.

        AWS answers a repeat with the same input like a first start while the execution runs, so True does not
        prove that it is new; the embedded cloud refuses every repeat.
        """
        api = self.client()
        try:
            api.start_execution(stateMachineArn=self.machines[kind], name=name, input=json.dumps(given))
        except api.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def is_running(self, kind: str, name: str) -> bool | None:
        """Whether the execution runs. One that was stopped or broke off exists, but does not run."""
        api = self.client()
        arn = self.machines[kind].replace(":stateMachine:", ":execution:") + f":{name}"
        try:
            found = api.describe_execution(executionArn=arn)
        except api.exceptions.ExecutionDoesNotExist:
            return None
        return found["status"] in {"RUNNING", "PENDING_REDRIVE"}

    def answer(self, token: str, result: Mapping[str, str | int]) -> bool:
        """Answer a waiting task. A token that was used or comes too late is called by three names."""
        api = self.client()
        late = (api.exceptions.TaskTimedOut, api.exceptions.TaskDoesNotExist, api.exceptions.InvalidToken)
        try:
            api.send_task_success(taskToken=token, output=json.dumps(result))
        except late:
            return False
        return True
