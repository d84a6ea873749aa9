"""One desk per checkout: whoever runs it holds a lock, which the system lets go of however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator

from infra.local.deskfile import running_desk
from infra.places import DESK
from infra.problems import CannotGoOnError

LONGEST_GOODBYE_SECONDS = 40


@contextlib.contextmanager
def only_desk(say: Callable[[str], None]) -> Iterator[int]:
    """Holds the lock; yields its file descriptor, for the processes that hold it too.

    A desk that was killed leaves its cloud saving for a moment: that is waited for.

    Raises:
        CannotGoOnError: A desk of this checkout is running.
    """
    DESK.mkdir(parents=True, exist_ok=True)
    lock = os.open(DESK / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(lock):
            if desk := running_desk():
                raise CannotGoOnError(f"The desk of this checkout is already running at {desk['base_url']}.")
            say("The desk was ended just now or killed; its cloud is still saving …")
            _wait_for(lock)
        yield lock
    finally:
        os.close(lock)


def _wait_for(lock: int) -> None:
    for _ in range(LONGEST_GOODBYE_SECONDS * 5):
        if _taken(lock):
            return
        time.sleep(0.2)
    raise CannotGoOnError(
        "Another desk of this checkout is starting or stopping: wait for it, then try again."
    )


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
