"""The one place that names concrete adapters. Everything is made once per process, when first needed.

An adapter's module is imported only by the function that needs it: reading a case loads neither Step
Functions nor SNS nor SES.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.services.delivery import Delivery
from chalicelib.services.desk import Desk
from chalicelib.services.ports import Identity, NoticeStore, Workflow
from chalicelib.services.reconciling import Reconciling
from chalicelib.services.relaying import Relay
from chalicelib.services.workflows import Workflows
from chalicelib.settings import settings

_instead: dict[str, Any] = {}


def use(**parts: Any) -> None:
    """Tests only: give these parts (`desk`, `identity`, `notices`, `workflow`, …) instead of the real ones.

    Each call forgets what an earlier one gave; `use()` restores the real ones.
    """
    _instead.clear()
    _instead.update(parts)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def base_url() -> str:
    """The address that people reach the desk under, without a slash at its end."""
    return str(_instead["base_url"]) if "base_url" in _instead else settings().public_base_url


def desk() -> Desk:
    """The desk on DynamoDB."""
    return _instead["desk"] if "desk" in _instead else _desk()


def notices() -> NoticeStore:
    """The notices on their cases."""
    return _instead["notices"] if "notices" in _instead else _notices()


def identity() -> Identity:
    """The user pool."""
    return _instead["identity"] if "identity" in _instead else _identity()


def workflows() -> Workflows:
    """The tasks of the state machines."""
    return _instead["workflows"] if "workflows" in _instead else _workflows()


def delivery() -> Delivery:
    """The sending of notices."""
    return _instead["delivery"] if "delivery" in _instead else _delivery()


def relay() -> Relay:
    """What follows the stream of the cases."""
    return Relay(workflows(), delivery())


def reconciling() -> Reconciling:
    """What finds whatever was lost."""
    return Reconciling(workflows(), delivery())
