"""A client of AWS that fails once, at a call of one's choice: before the call has its effect, or after."""

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends
from moto.stepfunctions.models import stepfunctions_backends

from tests.conftest import ENVIRONMENT

ACCOUNT, REGION = "123456789012", ENVIRONMENT["AWS_REGION"]
KEPT: tuple[tuple[Any, str], ...] = (
    (dynamodb_backends, "tables"),
    (sns_backends, "sms_messages"),
    (ses_backends, "sent_messages"),
    (stepfunctions_backends, "state_machines"),
)
"""Where the emulator keeps what matters here."""


def snapshot() -> list[Any]:
    """All that the emulator holds, as it is now."""
    return [copy.deepcopy(getattr(backend[ACCOUNT][REGION], name)) for backend, name in KEPT]


def restore(kept: list[Any]) -> None:
    """Put the emulator back to a snapshot, which can be used again."""
    for (backend, name), value in zip(KEPT, kept, strict=True):
        setattr(backend[ACCOUNT][REGION], name, copy.deepcopy(value))


class DiedError(BaseException):
    """The process was killed at this call. No `except Exception` sees it, as none would."""


Place = tuple[str, ...]
"""A call as the desk came to make it: its operation, and the lines of the desk's code that led there."""


class Faults:
    """Counts the calls that are made while it watches, and strikes one of them."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.places: list[Place] = []
        self.struck: str | None = None
        self.answered_tokens: list[str] = []
        """Task tokens that were answered in time; a second answer to one is refused."""
        self._watching = False
        self._at: int | None = None
        self._when = self._how = ""

    def plan(self, at: int, when: str, how: str) -> None:
        """Strike call number `at` from now on, counted from 0, once.

        `when` is "before" or "after" its effect. `how` is "lost" (no answer came, however often the client
        tried) or "died".
        """
        self.calls.clear()
        self.places.clear()
        self.struck = None
        self._at, self._when, self._how = at, when, how

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The calls made meanwhile count."""
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between every client and its calls."""
        call = BaseClient._make_api_call  # type: ignore[attr-defined]

        def made(client: BaseClient, operation: str, given: Any) -> Any:
            if not self._watching:
                return call(client, operation, given)
            struck = len(self.calls) == self._at and self.struck is None
            self.calls.append(operation)
            self.places.append((operation, *_way()))
            if struck:
                self.struck = f"{operation} {self._how} {self._when} its effect"
                if self._when == "before":
                    self._strike(EndpointConnectionError(endpoint_url="https://aws.example.com"))
            if operation == "SendTaskSuccess":
                self._answer(client, given["taskToken"], operation)
            answer = call(client, operation, given)
            if struck:
                self._strike(ReadTimeoutError(endpoint_url="https://aws.example.com"))
            return answer

        monkeypatch.setattr(BaseClient, "_make_api_call", made)

    def _strike(self, lost: Exception) -> None:
        raise DiedError(self.struck) if self._how == "died" else lost

    def _answer(self, client: Any, token: str, operation: str) -> None:
        """The emulator takes any answer at any time; AWS takes the first."""
        if token in self.answered_tokens:
            error = {"Error": {"Code": "TaskTimedOut", "Message": "answered already"}}
            raise client.exceptions.TaskTimedOut(error, operation)
        self.answered_tokens.append(token)


def is_write(operation: str) -> bool:
    """Whether a call has an effect; what only reads leaves everything as it was."""
    return not operation.startswith(("Get", "BatchGet", "Query", "Describe"))


def _way() -> Iterator[str]:
    """The lines of the desk's own code that are on the way, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        _, of_the_desk, module = frame.f_code.co_filename.rpartition("/chalicelib/")
        if of_the_desk:
            yield f"{module}:{frame.f_lineno}"
        frame = frame.f_back
