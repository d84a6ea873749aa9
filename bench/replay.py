"""The floor of a request: its own DynamoDB calls, made again by an empty view."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from chalice.app import Chalice

from bench.moto_desk import caller
from chalicelib.adapters.dynamo.tables import CONNECTION, LinkRow

TRANSACTION = "TransactWriteItems"


@dataclass(frozen=True)
class Sent:
    """One call as the client got it."""

    operation: str
    parameters: dict[str, Any]


@contextmanager
def captured() -> Iterator[list[Sent]]:
    """The calls that are made while this lasts, in order."""
    found: list[Sent] = []

    def sent(params: dict[str, Any], model: Any, **_: Any) -> None:
        found.append(Sent(model.name, params))

    events = CONNECTION.client.meta.events
    events.register("provide-client-params.dynamodb.*", sent)
    try:
        yield found
    finally:
        events.unregister("provide-client-params.dynamodb.*", sent)


def for_another_case(call: Sent, number: str, other: str) -> Sent:
    """The calls of one case, rewritten for another case.

    Items, conditions and sizes stay; the keys change, and a new link gets its own key.
    """
    if len(number) != len(other):
        raise ValueError(f"{other} is not as long as {number}.")
    moved = Sent(call.operation, _replaced(call.parameters, number, other))
    for item in moved.parameters.get("TransactItems", ()):
        for operation in item.values():
            if operation["TableName"] == LinkRow.Meta.table_name and "Item" in operation:
                length = len(operation["Item"]["pk"]["S"])
                operation["Item"]["pk"]["S"] = secrets.token_hex(length)[:length]
    return moved


def _replaced(value: Any, old: str, new: str) -> Any:
    """A copy with the text replaced wherever it stands."""
    if isinstance(value, dict):
        return {name: _replaced(part, old, new) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, old, new) for part in value]
    return value.replace(old, new) if isinstance(value, str) else value


class Floor:
    """A bare Chalice application with one view that makes the calls in `next`.

    It uses the desk's own client.
    """

    def __init__(self) -> None:
        self.next: Sequence[Sent] = ()
        application = Chalice("floor")

        @application.route("/write", methods=["POST"])
        def write() -> dict[str, int]:
            for call in self.next:
                getattr(CONNECTION.client, xform_name(call.operation))(**call.parameters)
            return {"calls": len(self.next)}

        self._caller = caller(application=application)

    def write(self, body: Any) -> None:
        """One request with that body."""
        self._caller.post("/write", body)
