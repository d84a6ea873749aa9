"""Counts what AWS would bill: capacity units, invocations and their time. Read at /_suda/meter.

Transitions, SMS and mails need no counting here: ministack keeps each execution's history and message.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]

READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"})
WRITES = frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})

_counted: defaultdict[str, float] = defaultdict(float)
_counting = threading.Lock()


def watch(dynamodb: Any, lambda_svc: Any) -> None:
    """Count every call of a table and every invocation of a function.

    An invocation has its time in milliseconds.
    """
    handle, execute = dynamodb.handle_request, lambda_svc._execute_function_warm

    async def handle_request(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation not in READS | WRITES:
            return await handle(method, path, headers, body, query)
        asked = json.loads(body)
        body = json.dumps({**asked, "ReturnConsumedCapacity": "TOTAL"}).encode()
        status, answer_headers, answer = await handle(method, path, headers, body, query)
        if status == 200:
            kind = "read" if operation in READS else "write"
            units = _units_of_a_batch(asked) if operation == "BatchGetItem" else _units(answer)
            _count({f"{kind} units": units, f"calls {operation}": 1})
        return status, answer_headers, answer

    def execute_function_warm(function: Any, event: Any, request_id: str) -> Any:
        began = time.monotonic()
        try:
            return execute(function, event, request_id)
        finally:
            name = _logical_name((function.get("config") or function)["FunctionName"])
            elapsed = round((time.monotonic() - began) * 1000)
            _count({f"invocations {name}": 1, f"milliseconds {name}": elapsed})

    dynamodb.handle_request = handle_request
    lambda_svc._execute_function_warm = execute_function_warm


def answering(application: Application) -> Application:
    """The application, answering /_suda/meter with the counts."""

    async def metered(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/_suda/meter":
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(_counted).encode()})
            return
        await application(scope, receive, send)

    return metered


def _count(amounts: dict[str, float]) -> None:
    with _counting:
        for name, amount in amounts.items():
            _counted[name] += amount


def _logical_name(function: str) -> str:
    """The template's name of a function, which CloudFormation puts between the stack's and a suffix."""
    parts = function.split("-")
    return parts[-2] if len(parts) > 2 else function


def _units_of_a_batch(asked: Any) -> float:
    """ministack says nothing of a batch; AWS bills each row like a GetItem, also one that is not there."""
    tables = asked["RequestItems"].values()
    return sum(len(table["Keys"]) * (1.0 if table.get("ConsistentRead") else 0.5) for table in tables)


def _units(answer: bytes) -> float:
    consumed = json.loads(answer).get("ConsumedCapacity") or []
    tables = consumed if isinstance(consumed, list) else [consumed]
    return float(sum(table["CapacityUnits"] for table in tables))
