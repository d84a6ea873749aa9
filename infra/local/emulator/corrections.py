"""Corrections of ministack 1.5.33 where the desk would feel its differences from AWS.

Each correction says what AWS does. tests/local_cloud shows each at work; when a newer ministack does
it by itself, the correction goes. The version is pinned because these reach into its insides.
"""

import contextvars
import hashlib
import json
import logging
import re
import tempfile
import threading
import time
import types
import zipfile
from pathlib import Path
from typing import Any

log = logging.getLogger("suda.functions")

PAUSE_BEFORE_RETRY_SECONDS = 1.0


def honour_timeout_paths(stepfunctions: Any) -> None:
    """TimeoutSecondsPath: AWS takes the timeout from the input; ministack would wait for ever."""
    execute = stepfunctions._execute_task

    def execute_task(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
        path = state.get("TimeoutSecondsPath")
        if path is not None:
            effective = stepfunctions._apply_input_path(state, given, context)
            seconds = stepfunctions._resolve_path_or_ctx(path, effective, context)
            if not isinstance(seconds, int) or seconds < 1:
                message = f"TimeoutSecondsPath {path} gave {seconds!r}, not a positive integer"
                raise stepfunctions._ExecutionError("States.Runtime", message)
            state = {key: value for key, value in state.items() if key != "TimeoutSecondsPath"}
            state["TimeoutSeconds"] = seconds
        return execute(state, given, execution, context)

    stepfunctions._execute_task = execute_task


def fail_token_tasks_whose_function_fails(stepfunctions: Any) -> None:
    """waitForTaskToken: on AWS a function that fails fails its task; ministack would wait on."""
    invoke, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda
    current_token: contextvars.ContextVar[str | None] = contextvars.ContextVar("current_token", default=None)

    def invoke_with_callback(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        reset = current_token.set(token)
        try:
            return invoke(resource, given, token, state)
        finally:
            current_token.reset(reset)

    def call_lambda(function: str, event: Any) -> Any:
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as err:
            waiting = stepfunctions._task_tokens.get(current_token.get())
            if waiting is not None:
                waiting["error"] = {"Error": err.error, "Cause": err.cause}
                waiting["event"].set()
            raise

    stepfunctions._invoke_with_callback = invoke_with_callback
    stepfunctions._call_lambda = call_lambda


def name_errors_by_their_class(lambda_svc: Any) -> None:
    """Report an error's type by its class, as AWS does.

    Retry and Catch go by `errorType`; ministack has one for all.
    """
    execute = lambda_svc._execute_function_warm

    def execute_function_warm(function: Any, event: Any, request_id: str) -> Any:
        result = execute(function, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            said = _after_traceback(result.get("log", ""))
            if raised := re.search(r"^(?:\w+\.)*(\w+)(?::|$)", said, re.MULTILINE):
                body["errorType"] = raised[1]
        return result

    lambda_svc._execute_function_warm = execute_function_warm


def deliver_streams_as_lambda_does(lambda_svc: Any) -> None:
    """Retry a failed batch of a stream as AWS does.

    AWS retries from the first record reported as failed, a bounded number of times, and then lays the record
    aside. ministack drops what is reported, and repeats what raises for ever.
    """
    execute = lambda_svc._execute_function

    def execute_function(function: Any, event: Any) -> Any:
        records = event.get("Records") if isinstance(event, dict) else None
        if not records or records[0].get("eventSource") != "aws:dynamodb":
            return execute(function, event)
        mapping = _mapping_of(lambda_svc, records[0]["eventSourceARN"])
        attempts = 0
        while records:
            result = execute(function, {"Records": records})
            failed = _first_failed(result, records)
            if failed is None:
                return result
            attempts = attempts + 1 if failed == 0 else 1
            records = records[failed:]
            if attempts > mapping.get("MaximumRetryAttempts", 10):
                why, stream = "RetryAttemptsExhausted", mapping["EventSourceArn"]
                lambda_svc._send_ddb_stream_failure_record(
                    mapping, function, records[:1], stream, result, why
                )
                records, attempts = records[1:], 0
            time.sleep(PAUSE_BEFORE_RETRY_SECONDS)
        return {"body": None}

    lambda_svc._execute_function = execute_function


def keep_undelivered_records_over_a_restart(dynamodb: Any, lambda_svc: Any) -> None:
    """Streams last for a day on AWS. ministack forgets the records in a restart but not how far they were
    read, so that as many new ones would be passed over. What has not been read is saved and read first."""
    get_state, load = dynamodb.get_state, lambda_svc.load_persisted_state
    undelivered: dict[tuple[str, str, str], list[Any]] = {}

    def get_state_with_records() -> Any:
        positions = _positions(lambda_svc)
        records = [
            [*key, live[max(0, positions.get(key[2], 0) - dynamodb._stream_trimmed._data.get(key, 0)) :]]
            for key, live in dynamodb._stream_records._data.items()
        ]
        return {**get_state(), "undelivered": records}

    restore = dynamodb.load_persisted_state

    def restore_with_records(data: Any) -> Any:
        for account, region, table, records in data.pop("undelivered", []):
            undelivered[account, region, table] = records
        restored = restore(data)
        for key, records in undelivered.items():
            dynamodb._stream_records._data[key] = records
        return restored

    def load_from_the_start(data: Any) -> Any:
        data["dynamodb_stream_positions"] = {}
        return load(data)

    dynamodb.get_state = get_state_with_records
    dynamodb.load_persisted_state = restore_with_records
    lambda_svc.load_persisted_state = load_from_the_start


def queue_calls_beyond(lambda_svc: Any, workers_per_function: int) -> None:
    """Queue the calls of functions beyond a number of workers.

    Lambda starts as many workers as calls come at once; this machine has a few cores. Calls beyond the number
    wait for a worker instead of starting one more, and none is refused.
    """
    execute = lambda_svc._execute_function_warm
    queues: dict[str, threading.Semaphore] = {}
    guard = threading.Lock()

    def execute_function_warm(function: Any, event: Any, request_id: str) -> Any:
        name = (function.get("config") or function)["FunctionName"]
        with guard:
            queue = queues.setdefault(name, threading.Semaphore(workers_per_function))
        with queue:
            return execute(function, event, request_id)

    lambda_svc._execute_function_warm = execute_function_warm


def show_logs(lambda_svc: Any) -> None:
    """Show the logs of functions in the emulator's log too.

    On AWS and here they go to CloudWatch.
    """
    execute = lambda_svc._execute_function_warm

    def execute_function_warm(function: Any, event: Any, request_id: str) -> Any:
        result = execute(function, event, request_id)
        if said := result.get("log"):
            log.info("%s:\n%s", (function.get("config") or function)["FunctionName"], said)
        return result

    lambda_svc._execute_function_warm = execute_function_warm


def unpack_code_once(lambda_runtime: Any) -> None:
    """ministack unpacks the zip anew for each worker, which takes a second. The workers share one folder
    instead: on AWS the folder is read-only, so nobody writes there."""
    guard = threading.Lock()

    class SharingZipFile(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
            digest = hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
            shared = Path(tempfile.gettempdir()) / f"code-{digest[:16]}"
            with guard:
                if not shared.exists():
                    super().extractall(shared.with_suffix(".part"), members, pwd)
                    shared.with_suffix(".part").rename(shared)
            Path(path).rmdir()
            Path(path).symlink_to(shared, target_is_directory=True)

    lambda_runtime.zipfile = types.SimpleNamespace(ZipFile=SharingZipFile, BadZipFile=zipfile.BadZipFile)


def authorize_mails_by_their_sender(iam_actions: Any) -> None:
    """ses:SendEmail: AWS asks for the identity that the mail comes from; ministack for every resource."""
    resource_of = iam_actions._ses_v2_resource_arn

    def ses_v2_resource_arn(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if path.rstrip("/") == "/v2/email/outbound-emails":
            return f"arn:aws:ses:{region}:{account}:identity/{json.loads(body)['FromEmailAddress']}"
        return str(resource_of(method, path, body, region, account))

    iam_actions._ses_v2_resource_arn = ses_v2_resource_arn


def _after_traceback(log: str) -> str:
    """The lines of a log that say what was raised: those at the margin after the last traceback."""
    return log.rpartition("Traceback (most recent call last):")[2]


def _mapping_of(lambda_svc: Any, stream_arn: str) -> dict[str, Any]:
    for _account, _region, mapping in lambda_svc._iter_all_esms():
        if mapping.get("EventSourceArn") == stream_arn:
            return dict(mapping)
    return {"EventSourceArn": stream_arn}


def _first_failed(result: dict[str, Any], records: list[Any]) -> int | None:
    if result.get("error"):
        return 0
    failures = (result.get("body") or {}).get("batchItemFailures", [])
    reported = {failure["itemIdentifier"] for failure in failures}
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return next((place for place, number in enumerate(numbers) if number in reported), None)


def _positions(lambda_svc: Any) -> dict[str, int]:
    """How far each table's stream has been read, by table."""
    reached = {key[-1]: place for key, place in lambda_svc._dynamodb_stream_positions._data.items()}
    return {
        mapping["EventSourceArn"].split("/stream/")[0].rpartition("/")[2]: reached[mapping["UUID"]]
        for _account, _region, mapping in lambda_svc._iter_all_esms()
        if mapping["UUID"] in reached
    }
