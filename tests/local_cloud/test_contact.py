"""A call through Amazon Connect asks the deployed function, which is in time though it is cold (A1)."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from infra.contact_flow import filled
from tests.contact_flows import FlowCall, contact_event, contact_over
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, token_of

COMMUNITY, CALLER = "cuiyuan", "+8613800138077"
GOAL_SECONDS = 3.0
"""Of the first answer, the function being cold; the test prints how long it took."""


@pytest.mark.req("A1", "A2")
def test_a_flow_is_answered_by_the_deployed_function(desk: RunningDesk) -> None:
    stack = desk.cloud.client("cloudformation").describe_stacks(StackName="suda-local")["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    functions = desk.cloud.client("lambda")

    def invoke(event: Mapping[str, Any]) -> dict[str, str]:
        payload = json.dumps(event).encode()
        answer = functions.invoke(FunctionName=outputs["ConnectFunctionArn"], Payload=payload)
        assert "FunctionError" not in answer
        return dict(json.loads(answer["Payload"].read()))

    begun = time.monotonic()
    first = invoke(contact_event(number=CALLER, step="greet", community=COMMUNITY))
    took = time.monotonic() - begun
    print(f"\nconnect: the first answer came after {took:.1f} s (goal {GOAL_SECONDS:g} s)")  # noqa: T201
    assert first["ok"] == "yes"

    flow = json.loads(filled(outputs["ConnectFunctionArn"], COMMUNITY, "", "+8657188001100"))
    call = FlowCall(flow, invoke, ["1", "1", "3*2*1201", "1", "#"], number=CALLER).play()
    token = token_of(desk, "agent", COMMUNITY)
    number = "".join(
        digit for digit in call.heard.partition("编号是")[2].partition("。")[0] if digit.isdigit()
    )
    path = f"/v1/communities/{COMMUNITY}/cases/{number[:6]}-{number[6:]}"
    status, case = ask(desk, "GET", path, token=token)
    assert (status, case["unit"], case["call_back"]) == (200, "3-2-1201", False), case
    assert invoke(contact_over())["ok"] == "yes"
    assert invoke({"Details": {}})["ok"] == "no"
