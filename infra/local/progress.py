"""A sign of life while something takes long: how many seconds it has taken so far."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

EVERY_SECONDS = 5.0
"""Whoever waits so long without a word looks whether it hangs."""


@contextlib.contextmanager
def busy(what: str, say: Callable[[str], None], every: float = EVERY_SECONDS) -> Iterator[None]:
    """Say what is being done, and every few seconds for how long."""
    say(f"{what} …")
    began, done = time.monotonic(), threading.Event()

    def tell() -> None:
        while not done.wait(every):
            say(f"  … {time.monotonic() - began:.0f} s")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
