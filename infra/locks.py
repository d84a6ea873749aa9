"""A lock on a file, which the system lets go of however its holder ends."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Waits until nobody else, in any process, is in the block with the same file."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
