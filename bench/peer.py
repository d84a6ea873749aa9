"""What intake and note take by themselves, beside what django-helpdesk's took where the goal was set.

The processor's time of a request without moto's own: what is left is our code and the AWS client, for on AWS
the tables are elsewhere. The peer's two figures were measured once, on another machine, and do not run here:
the ratio says where we stand, and nothing of a change of some percent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber

from bench.moto_desk import caller, moto_desk
from bench.result import Result, at_most, progress
from bench.speed import CASES, NOTE, REPORT, case_at_work

FORM_MS, NOTE_MS = 10.0, 17.0
"""django-helpdesk: its form, and the whole of a note."""
GOAL = 0.65
WARM_UP, ROUNDS = 5, 50


def measure() -> list[Result]:
    """The two requests, each against its peer; the goal is the intake's."""
    with moto_desk():
        agent, resident, handler = caller("agent-1", "agent"), caller(), caller("engineering-1", "handler")
        where = f"{CASES}/{case_at_work(agent, handler)}/commands/progress"
        intake = _milliseconds("intake by a resident", lambda: resident.post(CASES, REPORT))
        note = _milliseconds("a note", lambda: handler.post(where, NOTE))
    said = "{own:.1f} ms without moto against {peer:g} ms"
    return [
        at_most(
            "intake by a resident ÷ django-helpdesk's form",
            intake / FORM_MS,
            GOAL,
            f"{intake / FORM_MS:.2f} ({said.format(own=intake, peer=FORM_MS)})",
        ),
        Result("a note ÷ django-helpdesk's", f"{note / NOTE_MS:.2f} ({said.format(own=note, peer=NOTE_MS)})"),
    ]


def _milliseconds(name: str, ask: Callable[[], Any]) -> float:
    """The median of the processor's time of a request, without what moto took of it."""
    progress(f"{name}: {ROUNDS} rounds")
    found = []
    for _ in range(WARM_UP + ROUNDS):
        with _time_of_moto() as spent:
            began = process_time()
            ask()
            found.append(process_time() - began - sum(spent))
    return median(found[WARM_UP:]) * 1000


@contextmanager
def _time_of_moto() -> Iterator[list[float]]:
    """What moto takes for each answer while this lasts."""
    spent: list[float] = []
    answered = BotocoreStubber.__call__

    def timed(self: Any, *given: Any, **named: Any) -> Any:
        began = process_time()
        try:
            return answered(self, *given, **named)
        finally:
            spent.append(process_time() - began)

    with patch.object(BotocoreStubber, "__call__", timed):
        yield spent
