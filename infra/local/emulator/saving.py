"""Saves the emulator's state at intervals; by itself it saves only when it stops cleanly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from ministack.core import persistence

log = logging.getLogger("suda.saving")

Application = Callable[[Any, Any, Any], Awaitable[None]]

MOVING = frozenset({"dynamodb", "cognito", "secretsmanager", "ses", "ses_v2", "sns", "sqs", "stepfunctions"})
"""The services whose state changes while the desk is in use. The others change in a deployment only,
after which everything is saved by a POST to /_suda/save."""


class Saver:
    """The emulator's application, saving what has changed every so many seconds."""

    def __init__(self, application: Application, ministack: Any, seconds: float) -> None:
        self._application, self._ministack, self._seconds = application, ministack, seconds
        self._changed = False
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serves one request; the first call of all is the server's start."""
        if scope["type"] == "lifespan":
            logging.getLogger("persistence").setLevel(logging.WARNING)
            self._task = asyncio.create_task(self._save_for_ever())
        elif scope["path"] == "/_suda/save":
            await self._save(everything=True)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        elif not scope["path"].startswith("/_"):
            self._changed = True
        await self._application(scope, receive, send)

    async def _save_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            if self._changed:
                self._changed = False
                await self._save(everything=False)

    async def _save(self, *, everything: bool) -> None:
        """Takes the state on the loop that serves requests, where none is half done; writes it beside."""
        states: dict[str, Any] = {}
        for service, get_state in self._ministack._build_persistence_save_dict().items():
            if everything or service in MOVING:
                try:
                    states[service] = get_state()
                except RuntimeError:
                    log.info("a workflow changed the state of %s in this moment: saved next time", service)
                    self._changed = True
        await asyncio.to_thread(_write, states)


def _write(states: dict[str, Any]) -> None:
    for service, state in states.items():
        if state is not None:
            persistence.save_state(service, state)
