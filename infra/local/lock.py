"""The lock that allows one running desk per checkout.

The system lets go of it however the process ends.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from enum import StrEnum

from infra.places import DESK
from infra.problems import CannotGoOnError

LONGEST_GOODBYE_SECONDS = 40


class Doing(StrEnum):
    """What the desk that holds the lock is doing."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class Lock:
    """The lock, with who holds it written in it. `descriptor` is for the processes that hold it too."""

    def __init__(self) -> None:
        self.descriptor = os.open(DESK / "lock", os.O_RDWR | os.O_CREAT, 0o600)

    def taken(self) -> bool:
        """Takes it, unless somebody else has it."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.tell(Doing.STARTING)
        return True

    def tell(self, doing: Doing, address: str = "") -> None:
        """Writes down what its holder, this process, is doing."""
        text = json.dumps({"pid": os.getpid(), "doing": doing, "address": address}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text, 0)

    def refuse_if_somebody_is_there(self) -> None:
        """Raises CannotGoOnError if its holder is a desk that is not about to end."""
        try:
            holder = json.loads(os.pread(self.descriptor, 1000, 0))
        except ValueError:
            return  # just being written, or of a version that wrote nothing
        if holder["doing"] == Doing.STOPPING or not _lives(holder["pid"]):
            return
        if holder["doing"] == Doing.RUNNING:
            raise CannotGoOnError(f"The desk of this checkout is already running at {holder['address']}.")
        raise CannotGoOnError(
            f"Another desk of this checkout is starting (process {holder['pid']}): "
            "wait until it is open, or stop it."
        )


@contextlib.contextmanager
def only_desk(say: Callable[[str], None]) -> Iterator[Lock]:
    """Holds the lock.

    A desk that is stopping or was killed leaves its cloud saving for a moment: that is waited for.

    Raises:
        CannotGoOnError: A desk of this checkout is starting or running.
    """
    DESK.mkdir(parents=True, exist_ok=True)
    lock = Lock()
    try:
        if not lock.taken():
            lock.refuse_if_somebody_is_there()
            say("The desk is just stopping, or was killed: its cloud is still saving …")
            _wait_for(lock)
        yield lock
    finally:
        os.close(lock.descriptor)


def _wait_for(lock: Lock) -> None:
    for _ in range(LONGEST_GOODBYE_SECONDS * 5):
        if lock.taken():
            return
        lock.refuse_if_somebody_is_there()
        time.sleep(0.2)
    raise CannotGoOnError(
        f"The last desk of this checkout has not ended in {LONGEST_GOODBYE_SECONDS} seconds: "
        "wait for it, then try again."
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
