"""Saves the emulator's state at intervals and at the end.

By itself the emulator saves only when it stops cleanly. What is written into a table between two saves stands
in the journal (`journal`).
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from journal import Journal
from ministack.core import persistence

log = logging.getLogger("suda.saving")

Application = Callable[[Any, Any, Any], Awaitable[None]]

MOVING = frozenset({"dynamodb", "cognito", "secretsmanager", "ses", "ses_v2", "sns", "sqs", "stepfunctions"})
"""The services whose state changes while the desk is in use. The others change in a deployment only,
after which everything is saved by a POST to /_suda/save."""

LONGEST_GOODBYE_SECONDS = 2.0
"""For what is being answered when the end comes. A sweep over all cases may take longer: it is cut off,
and the next start begins with another."""

MOST_TRIES = 100
CLOCKS_OF_FILES_SECONDS = 0.02
"""So much a file's time may be behind the clock's."""


class Saver:
    """The emulator's application, saving what has changed every so many seconds, and ending in order.

    The server would close its port first, and wait until every function that it had called had given up
    trying to reach it, ten seconds and more. Here what is being answered is answered, everything is
    saved, and the process ends with its functions' workers. `clean_end` is a file that then says so.
    """

    def __init__(
        self, application: Application, ministack: Any, seconds: float, clean_end: Path, journal: Journal
    ) -> None:
        self._application, self._ministack, self._seconds = application, ministack, seconds
        self._clean_end, self._journal = clean_end, journal
        self._changed = False
        self._being_answered = 0
        self._writing = threading.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serves one request; the first call of all is the server's start."""
        if scope["type"] == "lifespan":
            logging.getLogger("persistence").setLevel(logging.WARNING)
            self._clean_end.unlink(missing_ok=True)
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(
                signal.SIGTERM, lambda: self._begin(self._end())
            )  # the server's own was set
            self._begin(self._save_for_ever())
        elif scope["path"] == "/_suda/save":
            await self._save(everything=True)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        elif not scope["path"].startswith("/_"):
            self._changed = True
            self._being_answered += 1
            try:
                await self._application(scope, receive, send)
            finally:
                self._being_answered -= 1
            return
        await self._application(scope, receive, send)

    def _begin(self, work: Any) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _save_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            if self._changed:
                self._changed = False
                await self._save(everything=False)

    async def _save(self, *, everything: bool) -> None:
        """Takes the state on the loop that serves requests, where none is half done; writes it beside."""
        states: dict[str, Any] = {}
        last = self._journal.turn()
        for service, get_state in self._ministack._build_persistence_save_dict().items():
            if everything or service in MOVING:
                try:
                    states[service] = get_state()
                except RuntimeError:
                    log.info("a workflow changed the state of %s in this moment: saved next time", service)
                    self._changed = True
        await asyncio.to_thread(self._write, states, last)

    async def _end(self) -> None:
        until = time.monotonic() + LONGEST_GOODBYE_SECONDS
        while self._being_answered and time.monotonic() < until:
            await asyncio.sleep(0.05)
        # From here on the loop does nothing else: nobody gets an answer to what is not saved.
        last = self._journal.turn()
        states = self._ministack._build_persistence_save_dict()
        self._write({service: _undisturbed(get_state) for service, get_state in states.items()}, last)
        self._writing.acquire()  # for good: what was to be saved before must not be written after this
        self._clean_end.touch()
        if os.getpgrp() == os.getpid():  # the workers are in the group that was made for this process
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.killpg(os.getpid(), signal.SIGTERM)
        os._exit(0)

    def _write(self, states: dict[str, Any], last: int) -> None:
        with self._writing:
            began = time.time()
            for service, state in states.items():
                if state is not None:
                    persistence.save_state(service, state)
            if _is_saved("dynamodb", began):
                self._journal.forget(last)


def _is_saved(service: str, since: float) -> bool:
    """Whether a state was written then; a save that fails is only a line in the emulator's log."""
    file = Path(persistence.STATE_DIR) / f"{service}.json"
    return file.exists() and file.stat().st_mtime >= since - CLOCKS_OF_FILES_SECONDS


def _undisturbed(get_state: Callable[[], Any]) -> Any:
    """The state while no workflow changes it; None, for the last save to stay, if one always does."""
    for _ in range(MOST_TRIES):
        try:
            return get_state()
        except RuntimeError:
            time.sleep(0.01)
    return None
