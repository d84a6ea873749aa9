"""Races: the same thing done by many threads at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(times: int, act: Callable[[int], Result]) -> list[Result]:
    """`act(0)` … `act(times - 1)`, each in a thread of its own, all let go together; the results in order."""
    start = Barrier(times)

    def run(turn: int) -> Result:
        start.wait()
        return act(turn)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
