"""The tasks of the state machines (infra/*.asl.json). Ids come in, what to wait for goes out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.services.workflows.executions import Execution, Result

Event = Mapping[str, Any]


def assign(event: Event, _context: object = None) -> Result:
    """`turn` and `turns` → what to wait for, once the rules have chosen a handler (B2)."""
    return wiring.workflows().assign(Execution(**event["turn"]), event["turns"])


def await_step(event: Event, _context: object = None) -> Result:
    """Keep the `token` of the task that waits now as `plan` says; the answer comes with the token, later."""
    execution, plan = Execution(**event["turn"]), event["plan"]
    wake_at = datetime.fromisoformat(plan["wake_at"])
    wiring.workflows().keep_token(execution, plan["await"], wake_at, plan["turns"], event["token"])
    return {}


def fire_timers(event: Event, _context: object = None) -> Result:
    """`turn` and `turns` → what to wait for, once everything that is due has been done (B3, B7, D3)."""
    return wiring.workflows().fire(Execution(**event["turn"]), event["turns"])


def workflow_failed(event: Event, _context: object = None) -> Result:
    """`turn` and the name of the `error` that ended its execution."""
    wiring.workflows().failed(Execution(**event["turn"]), event["error"])
    return {}
