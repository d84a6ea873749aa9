"""Deadlines per second: five working days over National Day, with ledger, against adding five days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from bench.result import Result, progress
from chalicelib.adapters.holidays import calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines.deadline import deadline_for
from chalicelib.domain.deadlines.deadline_timers import timers_for
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import Facts

START = datetime(2026, 9, 30, 1, 10, tzinfo=UTC)
DUE = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)
ROUNDS, TIMES = 5, 2_000


def measure() -> list[Result]:
    """How many a second of the processor gives."""
    progress(f"deadlines: {ROUNDS} rounds")
    calendar, pack = calendar_for("Asia/Shanghai"), RegulationFiles().get("S1")
    facts = Facts("complaint", "seepage", "normal", "general", "complex")
    rule = next(rule for rule in pack.rules_for(facts) if rule.clock is Clock.SOLVE)
    deadline = deadline_for(rule, START, calendar)
    assert deadline.due_at == DUE
    works: dict[str, Callable[[], object]] = {
        "five days added, for comparison": lambda: START + timedelta(days=5),
        "deadlines of 5 working days, with ledger": lambda: deadline_for(rule, START, calendar),
        "timers of such a deadline": lambda: timers_for(deadline, pack, facts, calendar),
    }
    return [Result(name, f"{_per_second(work):,.0f} /s") for name, work in works.items()]


def _per_second(work: Callable[[], object]) -> float:
    """The median of the rounds."""
    found = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(TIMES):
            work()
        found.append(TIMES / (process_time() - began))
    return median(found)
