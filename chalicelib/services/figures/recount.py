"""A month's figures counted again from the events of its cases (G17).

The differences to the stored counters can be mended.
"""

from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from chalicelib.domain.case.figure_rows import MonthCounters, Row
from chalicelib.domain.case.fold import fold
from chalicelib.domain.figures.contribution import Contribution, contribution
from chalicelib.services.paging import lines_of_month
from chalicelib.services.ports import CaseStore, FigureStore

TRIES = 3
"""How often the month is counted when commands change it meanwhile."""


class Difference(Struct, frozen=True):
    """A counter of a row that is not what the events add up to."""

    row: Row
    counter: str
    stored: int
    counted: int


class Recount(Struct, frozen=True):
    """What a recount found. `settled`: nothing changed meanwhile, so a difference is a real one."""

    cases: int
    differences: tuple[Difference, ...]
    settled: bool


def recount_month(
    cases: CaseStore,
    figures: FigureStore,
    community: str,
    month: str,
    tell: Callable[[int], None] = lambda _: None,
) -> Recount:
    """Count a month (`YYYYMM`) from its events, and compare with the counters.

    `tell` hears of each case that was counted.

    Commands may come in between: while the counters move and differ, it is counted again.
    """
    found = Recount(0, (), settled=True)
    for _ in range(TRIES):
        before = figures.month(community, month)
        counted, number = _counted(cases, community, month, tell)
        after = figures.month(community, month)
        found = Recount(number, _differences(after, counted), settled=before == after)
        if found.settled or not found.differences:
            break
    return found


def mend(figures: FigureStore, community: str, month: str, found: Recount) -> None:
    """Add to the counters what is missing. Whatever commands add meanwhile stays."""
    changes: dict[Row, dict[str, int]] = {}
    for difference in found.differences:
        changes.setdefault(difference.row, {})[difference.counter] = difference.counted - difference.stored
    figures.add(community, month, changes)


def _counted(
    cases: CaseStore, community: str, month: str, tell: Callable[[int], None]
) -> tuple[Contribution, int]:
    total: Contribution = Counter()
    number = 0
    for line in lines_of_month(cases, community, month):
        total.update(contribution(fold(cases.events(community, line.number), community, line.number)))
        number += 1
        tell(number)
    return total, number


def _differences(stored: MonthCounters, counted: Contribution) -> tuple[Difference, ...]:
    known = {(row, name): amount for row, counters in stored.items() for name, amount in counters.items()}
    both = sorted(known.keys() | {key for key, amount in counted.items() if amount})
    return tuple(
        Difference(row, name, known.get((row, name), 0), counted.get((row, name), 0))
        for row, name in both
        if known.get((row, name), 0) != counted.get((row, name), 0)
    )
