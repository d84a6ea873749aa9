"""A firing of timers in memory, against working the timers of a case out twice."""

from collections.abc import Callable
from statistics import median
from time import process_time

from bench.result import Result, at_most, progress
from chalicelib.domain.case.command import Command
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.timers import TimersForm, fire, next_step, pending
from tests.builders import office

ROUNDS, TIMES, DUE = 9, 100, 3
TARGET = 2.5


def measure() -> list[Result]:
    """The ratio, each side the median of the rounds in turns."""
    progress(f"firing: {ROUNDS} rounds")
    place = office()
    case = place.register(kind="complaint", matter="seepage").case
    context = place.desk.context_of(case)
    at = pending(case, context)[DUE - 1].at
    command = Command("fire_timers", TIMER, at, "timers#1", TimersForm())
    outcome = fire(case, command, context)
    assert len(outcome.events) >= DUE

    def fired() -> None:
        after = fire(case, command, context)
        next_step(after.after, context, after.pending)

    def worked_out_twice() -> None:
        pending(case, context)
        pending(outcome.after, context)

    pairs = [(_seconds(fired), _seconds(worked_out_twice)) for _ in range(ROUNDS)]
    ratio = median(own / floor for own, floor in pairs)
    ours, floor = (median(side) * 1000 for side in zip(*pairs, strict=True))
    name = f"a firing of {len(outcome.events)} timers ÷ working them out twice"
    return [at_most(name, ratio, TARGET, f"{ratio:.2f} ({ours:.2f} against {floor:.2f} ms)")]


def _seconds(work: Callable[[], None]) -> float:
    """Seconds of the processor that the work takes once."""
    began = process_time()
    for _ in range(TIMES):
        work()
    return (process_time() - began) / TIMES
