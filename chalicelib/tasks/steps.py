"""The tasks of the state machines (infra/*.asl.json). Ids come in, what to wait for goes out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.services.workflows.executions import Execution, Result

Event = Mapping[str, Any]


def assign(event: Event, _context: object = None) -> Result:
    """Assign a handler by the rules, and say what to wait for (B2).

    The event has the `turn` of the execution and its `turns`.
    """
    return wiring.workflows().assign(Execution(**event["turn"]), event["turns"])


def await_step(event: Event, _context: object = None) -> Result:
    """Store the `token` of the task that waits as `plan` says.

    The answer comes later, with the token.
    """
    execution, plan = Execution(**event["turn"]), event["plan"]
    wake_at = datetime.fromisoformat(plan["wake_at"])
    wiring.workflows().keep_token(execution, plan["await"], wake_at, plan["turns"], event["token"])
    return {}


def fire_timers(event: Event, _context: object = None) -> Result:
    """Do everything that is due, and say what to wait for (B3, B7, D3).

    The event has the `turn` of the execution and its `turns`.
    """
    return wiring.workflows().fire(Execution(**event["turn"]), event["turns"])


def workflow_failed(event: Event, _context: object = None) -> Result:
    """`turn` and the name of the `error` that ended its execution."""
    wiring.workflows().failed(Execution(**event["turn"]), event["error"])
    return {}
