"""Deadlines per second: 5 working days over National Day, with ledger, against adding five days.

python -m bench.deadlines
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

from chalicelib.adapters.holidays import calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines import deadline_for, timers_for
from chalicelib.domain.regulation import Clock, Facts

START = datetime(2026, 9, 30, 1, 10, tzinfo=UTC)
DUE = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)
ROUNDS = 20_000


def per_second(work: Callable[[], object]) -> float:
    """How often the work is done in a second, after it has been done once."""
    work()
    began = perf_counter()
    for _ in range(ROUNDS):
        work()
    return ROUNDS / (perf_counter() - began)


def main() -> None:
    calendar, pack = calendar_for("Asia/Shanghai"), RegulationFiles().get("S1")
    facts = Facts("complaint", "leak", "normal", "general", "complex")
    rule = next(rule for rule in pack.rules_for(facts) if rule.clock is Clock.SOLVE)
    deadline = deadline_for(rule, START, calendar)
    assert deadline.due_at == DUE
    works: dict[str, Callable[[], object]] = {
        "floor, five days added": lambda: START + timedelta(days=5),
        "deadlines with ledger": lambda: deadline_for(rule, START, calendar),
        "timers of a deadline": lambda: timers_for(deadline, pack, facts, calendar),
    }
    for name, work in works.items():
        print(f"{name:24} {per_second(work):12,.0f} /s")


if __name__ == "__main__":
    main()
