"""Counting the calls to DynamoDB and what each consumed: for benches and tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from chalicelib.adapters.dynamo.tables import CONNECTION

READS = frozenset({"GetItem", "BatchGetItem", "Query", "TransactGetItems"})


class Call(Struct, frozen=True):
    """One answered call of DynamoDB: its operation and the capacity units that AWS bills."""

    operation: str
    units: float

    @property
    def reads(self) -> bool:
        return self.operation in READS


@contextmanager
def metered() -> Iterator[list[Call]]:
    """The calls that are answered while this lasts, in order."""
    calls: list[Call] = []

    def answered(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity") or []
        tables = consumed if isinstance(consumed, list) else [consumed]
        calls.append(Call(model.name, sum(table["CapacityUnits"] for table in tables)))

    events = CONNECTION.client.meta.events
    events.register("after-call.dynamodb.*", answered)
    try:
        yield calls
    finally:
        events.unregister("after-call.dynamodb.*", answered)
