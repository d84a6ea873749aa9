"""Each correction of the emulator at work: what AWS does, the embedded cloud does."""

import io
import json
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.local_cloud.conftest import RunningDesk

ROLE = "arn:aws:iam::000000000000:role/tests"
CODE = """
class NotToday(Exception):
    pass

def work(event, context):
    if event.get("fail"):
        raise NotToday("said why")
    return {"did": "it"}

def relay(event, context):
    import time
    poisoned = [r for r in event["Records"] if "poison" in r["dynamodb"]["Keys"]["pk"]["S"]]
    for record in event["Records"]:
        print("RELAYED", record["dynamodb"]["Keys"]["pk"]["S"])
    return {"batchItemFailures": [{"itemIdentifier": r["dynamodb"]["SequenceNumber"]} for r in poisoned]}

def slow(event, context):
    import os, time
    time.sleep(0.3)
    return {"worker": os.getpid()}
"""


@pytest.fixture(scope="module")
def cloud(desk: RunningDesk) -> Cloud:
    """The desk's own cloud, with a role for the functions and machines that are made here."""
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
        "Action": "sts:AssumeRole",
    }
    allowed = {
        "Effect": "Allow",
        "Action": ["lambda:InvokeFunction", "dynamodb:*", "sqs:SendMessage"],
        "Resource": "*",
    }
    iam = desk.cloud.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    iam.create_role(RoleName="tests", AssumeRolePolicyDocument=document)
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="tests", PolicyName="tests", PolicyDocument=document)
    return desk.cloud


def function(cloud: Cloud, handler: str) -> str:
    """A function made for one test; its ARN."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("code_under_test.py", CODE)
    created = cloud.client("lambda").create_function(
        FunctionName=f"test-{handler}-{uuid.uuid4().hex[:8]}",
        Runtime="python3.11",
        Role=ROLE,
        Handler=f"code_under_test.{handler}",
        Code={"ZipFile": file.getvalue()},
        Timeout=20,
    )
    return str(created["FunctionArn"])


def outcome(cloud: Cloud, task: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """How an execution with that one task ends."""
    states = cloud.client("stepfunctions")
    caught = [{"ErrorEquals": ["NotToday", "States.Timeout"], "ResultPath": "$.caught", "Next": "Caught"}]
    definition = {
        "StartAt": "Task",
        "States": {
            "Task": {"Type": "Task", "End": True, "Catch": caught, **task},
            "Caught": {"Type": "Succeed"},
        },
    }
    machine = states.create_state_machine(
        name=f"test-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    for _ in range(200):
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.1)
    raise AssertionError("the execution did not end")


def token_task(arn: str) -> dict[str, Any]:
    return {
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": arn, "Payload": {"fail.$": "$.fail", "token.$": "$$.Task.Token"}},
        "TimeoutSecondsPath": "$.seconds",
    }


def test_a_token_task_ends_after_the_seconds_in_its_input(cloud: Cloud) -> None:
    began = time.monotonic()
    found = outcome(cloud, token_task(function(cloud, "work")), {"seconds": 1, "fail": False})
    assert json.loads(found["output"])["caught"]["Error"] == "States.Timeout"
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "1"])
def test_a_timeout_that_is_no_positive_integer_fails_the_execution(cloud: Cloud, seconds: Any) -> None:
    found = outcome(cloud, token_task(function(cloud, "work")), {"seconds": seconds, "fail": False})
    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")


def test_a_token_task_whose_function_fails_fails_at_once_and_by_the_error_s_name(cloud: Cloud) -> None:
    found = outcome(cloud, token_task(function(cloud, "work")), {"seconds": 600, "fail": True})
    assert json.loads(found["output"])["caught"]["Error"] == "NotToday"


def test_a_failed_function_says_the_class_of_its_error(cloud: Cloud) -> None:
    answer = cloud.client("lambda").invoke(FunctionName=function(cloud, "work"), Payload=b'{"fail": true}')
    assert answer["FunctionError"]
    assert json.loads(answer["Payload"].read())["errorType"] == "NotToday"


def test_a_record_reported_as_failed_is_repeated_then_laid_aside_and_the_rest_goes_on(cloud: Cloud) -> None:
    tables, lambdas, queues = cloud.client("dynamodb"), cloud.client("lambda"), cloud.client("sqs")
    name = f"test-{uuid.uuid4().hex[:8]}"
    stream = tables.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    queue = queues.create_queue(QueueName=name)["QueueUrl"]
    asked = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    relay = function(cloud, "relay")
    for key in ("a", "poison", "z"):
        tables.put_item(TableName=name, Item={"pk": {"S": key}})
    lambdas.create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName=relay,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=2,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": asked["Attributes"]["QueueArn"]}},
    )
    for _ in range(200):
        if found := queues.receive_message(QueueUrl=queue).get("Messages"):
            break
        time.sleep(0.1)
    assert json.loads(found[0]["Body"])["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert _relayed(cloud, relay, until="z") == ["a", "poison", "z", "poison", "z", "poison", "z", "z"]


def test_calls_beyond_the_workers_wait_and_none_is_refused(cloud: Cloud) -> None:
    slow, lambdas = function(cloud, "slow"), cloud.client("lambda")

    def call(_: int) -> Any:
        answer = lambdas.invoke(FunctionName=slow, Payload=b"{}")
        assert "FunctionError" not in answer
        return json.loads(answer["Payload"].read())["worker"]

    with ThreadPoolExecutor(12) as callers:
        workers = set(callers.map(call, range(12)))
    assert 1 <= len(workers) <= 2


def _relayed(cloud: Cloud, arn: str, until: str) -> list[str]:
    """The keys that the relay printed, in order, once the last delivery is there."""
    logs, group = cloud.client("logs"), f"/aws/lambda/{arn.rpartition(':')[2]}"
    seen: list[str] = []
    for _ in range(100):
        events = logs.filter_log_events(logGroupName=group)["events"]
        words = " ".join(event["message"] for event in events).split()
        seen = [key for mark, key in pairwise(words) if mark == "RELAYED"]
        if seen[-2:] == [until, until]:
            break
        time.sleep(0.1)
    return seen


def test_an_alarm_over_several_metrics_is_an_alarm(desk: RunningDesk) -> None:
    alarms = desk.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    names = " ".join(alarm["AlarmName"] for alarm in alarms)
    for name in ("FunctionsThrottled", "TablesThrottled", "IndexesThrottled", "WorkflowsThrottled"):
        assert name in names
