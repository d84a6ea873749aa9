"""A desk with its workflows: the real state machines, tasks and adapter, the stores being fakes.

moto's interpreter runs infra/*.asl.json; its Lambda calls the functions of chalicelib.tasks as Lambda does,
JSON in and JSON out; what a command writes reaches the relay as records of a stream.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.config import DefaultConfig
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component import eval_component
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from chalicelib import tasks, wiring
from chalicelib.adapters.workflow import StepFunctions
from chalicelib.adapters.workflow import client as sfn_client
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.progress import owes_answer
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.workflows.tasks import Workflows
from tests.builders import MONDAY, SUPERVISOR, Office, community, office
from tests.words import texts
from tests.workflow.virtual_time import VirtualTime, virtual_time

INFRA = Path(__file__).parents[2] / "infra"
REGION, ACCOUNT = "us-gov-west-1", "123456789012"
KINDS = ("dispatch", "revisit")
FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "Assign": tasks.assign,
    "AwaitStep": tasks.await_step,
    "FireTimers": tasks.fire_timers,
    "WorkflowFailed": tasks.workflow_failed,
}
A_SECOND = timedelta(seconds=1)
"""Within this time a timer fires: the machines wait in whole seconds."""
CONFIG: DefaultConfig = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}


class World:
    """The desk, its clock, and what happens by itself when time passes."""

    def __init__(self, desk: Office) -> None:
        self.office = desk
        self.sfn = sfn_client()
        self._backend = stepfunctions_parser_backends[ACCOUNT][REGION]
        self.time: VirtualTime
        self.invoked: Counter[str] = Counter()
        self.troubles: dict[str, list[Exception]] = {}
        """What the next invocations of a function raise, in order, instead of doing anything."""
        self.before: dict[str, Callable[[], None]] = {}
        """What happens at the last moment before the next invocation of a function."""
        self.after: dict[str, Callable[[], None]] = {}
        """What happens when the next invocation of a function has done its work."""
        self._seen: set[tuple[Any, ...]] = set()
        self.machines = {kind: self._create(kind) for kind in KINDS}
        self.workflows = Workflows(
            desk.desk, desk.stores.waiting, StepFunctions(self.machines, lambda: self.sfn)
        )
        delivery = Delivery(
            desk.desk, desk.stores.notices, desk.sms, desk.mail, "https://suda.example.com", texts
        )
        wiring.use(desk=desk.desk, workflows=self.workflows, delivery=delivery)

    def _create(self, kind: str) -> str:
        text = (INFRA / f"{kind}.asl.json").read_text("utf-8")
        text = re.sub(r"\$\{(\w+)Arn\}", rf"arn:aws-us-gov:lambda:{REGION}:{ACCOUNT}:function:\1", text)
        role = f"arn:aws-us-gov:iam::{ACCOUNT}:role/any"
        made = self.sfn.create_state_machine(name=f"test-{kind}", definition=text, roleArn=role)
        return made["stateMachineArn"]

    # ---- what AWS does ------------------------------------------------------------------------------

    def invoke(self, function: str, payload: Any) -> Any:
        """Call a task function as Lambda does: what goes in and out survives JSON."""
        self.invoked[function] += 1
        if self.troubles.get(function):
            raise self.troubles[function].pop(0)
        self.before.pop(function, _nothing)()
        answer = FUNCTIONS[function](json.loads(json.dumps(payload)))
        self.after.pop(function, _nothing)()
        return json.loads(json.dumps(answer))

    def stream(self) -> list[dict[str, Any]]:
        """The records that have come since the last look, oldest first."""
        memory = self.office.memory
        assert memory is not None
        found = []
        for (owner, number), history in memory.events.items():
            for event in history:
                image = {"actor_role": {"S": event.actor.role.value}, "event_type": {"S": event.type}}
                found.append((owner, number, f"EVENT#{event.version:06d}", image))
        for owner, number, key in memory.notices:
            found.append((owner, number, f"NOTICE#{key}", {}))
        fresh = [entry for entry in found if entry[:3] not in self._seen]
        self._seen.update(entry[:3] for entry in fresh)
        return [
            {
                "eventName": "INSERT",
                "dynamodb": {
                    "Keys": {"pk": {"S": f"{owner}#{number}"}, "sk": {"S": sk}},
                    "NewImage": image,
                    "SequenceNumber": f"{owner}#{number}#{sk}",
                },
            }
            for owner, number, sk, image in fresh
        ]

    def relay(self, records: list[dict[str, Any]] | None = None) -> None:
        """Deliver what the stream holds; all of it must be taken."""
        batch = {"Records": self.stream() if records is None else records}
        assert tasks.relay(json.loads(json.dumps(batch))) == {"batchItemFailures": []}
        self.time.rest()

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.wait_until(self.office.clock() + by)

    def wait_until(self, instant: datetime) -> None:
        """Let time pass until an instant, timers and notices included."""
        self.time.pass_until(instant)
        self.relay()

    def reconcile(self, started_by: str = "test") -> dict[str, int]:
        """Run the task of the schedule; `schedule` is its own run, anything else is thorough."""
        found = tasks.reconcile({"started_by": started_by})
        self.relay()
        return found

    def wait_for(self, case: Case, key: str) -> Case:
        """Let time pass until that timer of the case has fired; the case afterwards."""
        at = next(due.at for due in self.dues(case) if str(due.key) == key)
        self.wait_until(at + A_SECOND)
        assert key in {name for name, _ in self.fired(case)}
        return self.case(case)

    def lose_executions(self) -> None:
        """Every execution ends, as when the embedded cloud restarts."""
        for kind in KINDS:
            for name, status in self.executions(kind).items():
                if status == "RUNNING":
                    arn = self.machines[kind].replace(":stateMachine:", ":execution:")
                    self.sfn.stop_execution(executionArn=f"{arn}:{name}")
        self.time.abandon()

    # ---- what people do -----------------------------------------------------------------------------

    def register(self, **changes: Any) -> Case:
        """A report comes in, and its workflow begins: a repair, if nothing else is said."""
        case = self.office.register(**{"kind": "repair", **changes}).case
        self.relay()
        return self.case(case)

    def case(self, case: Case) -> Case:
        """The case as it stands."""
        return self.office.case(case)

    def do(self, case: Case, name: str, actor: Actor, form: Any) -> Case:
        """Somebody does something, and the workflows hear of it."""
        self.office.do(case, name, actor, form)
        self.relay()
        return self.case(case)

    def sign(self, case: Case) -> Case:
        return self.do(case, "sign", handler_of(self.case(case)), SignForm(signature="甲"))

    def complete(self, case: Case) -> Case:
        """The work is done; the department's answer goes with it where it is still owed (B4)."""
        case = self.case(case)
        cause = "灯座老化" if owes_answer(case) else None
        return self.do(case, "complete", handler_of(case), CompleteForm(result="换好了灯", cause=cause))

    def rate(self, case: Case, score: int) -> Case:
        return self.do(case, "rate", RESIDENT, RateForm(score=score))

    def revisited(self, case: Case) -> Case:
        """A colleague finds what the survey has said; under `default` it does not stand for that."""
        form = RevisitForm(outcome=ev.RevisitOutcome.SATISFIED, manner="phone")
        return self.do(case, "record_revisit", SUPERVISOR, form)

    # ---- what is seen -------------------------------------------------------------------------------

    def executions(self, kind: str) -> dict[str, str]:
        """Name → status of every execution of a machine."""
        found = self.sfn.list_executions(stateMachineArn=self.machines[kind])["executions"]
        return {execution["name"]: execution["status"] for execution in found}

    def running(self) -> int:
        """How many executions have not ended; asked often, so past the client."""
        return len(self._backend._get_executions(ExecutionStatus.RUNNING))

    def history(self, kind: str, name: str) -> list[Any]:
        arn = self.machines[kind].replace(":stateMachine:", ":execution:") + f":{name}"
        found: list[Any] = self.sfn.get_execution_history(executionArn=arn)["events"]
        return found

    def entered(self, kind: str, name: str) -> list[str]:
        """The states that an execution went through: its transitions."""
        return [
            entry["stateEnteredEventDetails"]["name"]
            for entry in self.history(kind, name)
            if entry["type"].endswith("StateEntered")
        ]

    def happened(self, case: Case, kind: type) -> list[Any]:
        """The payloads of that kind in the history of the case."""
        history = self.office.desk.cases.events(case.community, case.number)
        return [entry.payload for entry in history if isinstance(entry.payload, kind)]

    def dues(self, case: Case) -> tuple[DueAction, ...]:
        """What the case would still do by itself, as it stands."""
        case = self.case(case)
        return pending(case, self.office.desk.context_of(case))

    def fired(self, case: Case) -> list[tuple[str, datetime]]:
        """Every timer that fired, by its key, and when."""
        history = self.office.desk.cases.events(case.community, case.number)
        return [(str(entry.payload.key), entry.at) for entry in history if hasattr(entry.payload, "key")]

    def told(self, case: Case) -> list[str]:
        """Who was told at which rung, in order."""
        return [f"{event.role}:{event.person}" for event in self.happened(case, ev.Escalated)]


def _nothing() -> None:
    """What usually happens."""


def handler_of(case: Case) -> Actor:
    """Whoever is responsible for the case now."""
    assert case.assignment.handler is not None
    return Actor(Role.HANDLER, case.assignment.handler)


@contextmanager
def world(place: Community | None = None, at: datetime = MONDAY) -> Iterator[World]:
    """A world in which nothing has happened yet."""
    with mock_aws(config=CONFIG), pytest.MonkeyPatch.context() as patch:
        boto3.setup_default_session()
        patch.setattr(logging.getLogger("moto"), "disabled", True)  # it tells each timeout at length
        patch.setattr(eval_component.LOG, "disabled", True)
        sfn_client.cache_clear()
        made = World(office(place or community(), at=at))

        def invoke(
            _backend: Any, name: str, _qualifier: Any, body: str, _headers: Any, answer: dict[str, str]
        ) -> bytes:
            try:
                return json.dumps(made.invoke(name.rpartition(":")[2], json.loads(body))).encode()
            except Exception as error:  # as Lambda reports what a function raises
                answer["x-amz-function-error"] = "Unhandled"
                return json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}).encode()

        caller = boto3.client("lambda")
        patch.setattr(LambdaSimpleBackend, "invoke", invoke)
        patch.setattr(lambda_eval_utils, "boto_client_for", lambda **_: caller)  # else one is made each time
        with virtual_time(made.office.clock, made.running) as made.time:
            yield made
            made.lose_executions()
        wiring.use()
        sfn_client.cache_clear()
