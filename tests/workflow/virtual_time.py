"""moto's interpreter of state machines under a clock that a test moves.

moto runs each execution in threads of its own and waits in real time, in three places: for a task token, for
a task's timeout, and between retries. These are made to wait for the virtual clock instead. This leans on the
inside of moto, whose version is pinned.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Condition, Event
from types import SimpleNamespace
from typing import Any

import pytest
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from tests.fakes.clocks import SettableClock

PATIENCE_SECONDS = 30
"""Real time after which a test that never comes to rest is broken."""


class UntimedEvent(Event):
    """moto's second watch over a task's timeout; here the one over its token alone counts."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait()


@dataclass(eq=False)
class Waiter:
    """A thread that waits until an instant, or until something has happened."""

    until: datetime
    happened: Callable[[], bool]
    abandoned: bool = False

    def is_over(self, now: datetime) -> bool:
        return self.abandoned or self.happened() or now >= self.until


class VirtualTime:
    """Moves the clock from one awaited instant to the next, and knows when everything is at rest."""

    def __init__(self, clock: SettableClock, running: Callable[[], int]) -> None:
        self.clock = clock
        self._running = running
        self._changed = Condition()
        self._waiters: list[Waiter] = []

    def wait(self, seconds: float | None, happened: Callable[[], bool]) -> None:
        """Called by moto's threads: wait until the clock has moved on so far, or it happened."""
        assert seconds is not None, "every task has a timeout"
        with self._changed:
            waiter = Waiter(self.clock() + timedelta(seconds=seconds), happened)
            self._waiters.append(waiter)
            self._changed.notify_all()
            self._changed.wait_for(lambda: waiter.is_over(self.clock()))
            self._waiters.remove(waiter)

    def notify(self) -> None:
        """Something happened that a thread may wait for."""
        with self._changed:
            self._changed.notify_all()

    def rest(self) -> None:
        """Return once every running execution does nothing but wait."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while not self._at_rest():
                assert time.monotonic() < give_up, "the workflows do not come to rest"
                self._changed.wait(0.002)

    def _at_rest(self) -> bool:
        idle = [waiter for waiter in self._waiters if not waiter.is_over(self.clock())]
        return len(idle) == len(self._waiters) == self._running()

    def pass_until(self, instant: datetime) -> None:
        """Let time pass, stopping at every instant that something waits for."""
        self.rest()
        while self._waiters and (soonest := min(waiter.until for waiter in self._waiters)) <= instant:
            self.clock.set(max(soonest, self.clock()))
            self.notify()
            self.rest()
        self.clock.set(instant)

    def abandon(self) -> None:
        """Let every thread go that waits: its execution was stopped."""
        with self._changed:
            for waiter in self._waiters:
                waiter.abandoned = True
            self._changed.notify_all()
        self.rest()


@contextmanager
def virtual_time(clock: SettableClock, running: Callable[[], int]) -> Iterator[VirtualTime]:
    """Put moto's waiting under a clock. `running` says how many executions have not ended."""
    virtual = VirtualTime(clock, running)

    def wait_for_token(endpoint: Any, timeout: float | None = None) -> Any:
        virtual.wait(timeout, endpoint._notify_event.is_set)
        return endpoint.get_outcome()

    endpoint_class: Any = CallbackEndpoint
    notify, interrupt_all = endpoint_class.notify, endpoint_class.interrupt_all

    def notify_and_say_so(endpoint: Any, outcome: Any) -> None:
        notify(endpoint, outcome)
        virtual.notify()

    def interrupt_and_say_so(endpoint: Any) -> None:
        interrupt_all(endpoint)
        virtual.notify()

    worker_class: Any = ExecutionWorker
    start = worker_class.start

    def start_with_environment(worker: Any) -> None:
        # moto looks for a token in every execution, and falls over one whose thread has not begun yet.
        worker.env = worker._get_evaluation_environment()
        start(worker)

    def sleep(seconds: float) -> None:
        virtual.wait(seconds, lambda: False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CallbackEndpoint, "wait", wait_for_token)
        patch.setattr(CallbackEndpoint, "notify", notify_and_say_so)
        patch.setattr(CallbackEndpoint, "interrupt_all", interrupt_and_say_so)
        patch.setattr(ExecutionWorker, "start", start_with_environment)
        patch.setattr(execute_state, "threading", SimpleNamespace(Event=UntimedEvent))
        patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=sleep))
        yield virtual
