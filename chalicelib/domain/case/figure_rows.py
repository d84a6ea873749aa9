"""The rows of a month's figures: the total, and one for each value of a dimension."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """One row of a month's figures.

    `Row("department", "engineering")` counts the cases of that department. The total has no value. Complaints
    about a person stand in rows apart, of the same dimensions and values: `about` says whom they are about,
    so that they are added only for those who may know of them (G13).
    """

    dimension: str
    value: str | None = None
    about: str = ""


TOTAL = Row("total")

MonthCounters = Mapping[Row, Mapping[str, int]]
"""Row → counter → amount."""


def sum_of_kinds(counters: MonthCounters, kinds: Iterable[str], counter: str) -> int:
    """A counter of a month, summed over cases of these kinds."""
    return sum(counters.get(Row("kind", kind), {}).get(counter, 0) for kind in kinds)
