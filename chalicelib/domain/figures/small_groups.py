"""Figures for readers from outside the company: nothing exact about few cases is among them (G16).

What is published is rounded down to a multiple of k, whole and parts alike; 0 stands for every count below
k, zero too, and is read as "fewer than k". So no group smaller than k stands there, and no subtraction of
what stands there, of rows of one division or of columns, says how many a small count is. Of a division within
another (the matters of a category) the whole is what it divides.
"""

from collections.abc import Mapping
from math import ceil, floor

from chalicelib.domain.figures.counters import NOT_TO_SOLVE
from chalicelib.domain.figures.rates import Rates, parts_of

SMALLEST = 5
"""The fewest cases of a group that is shown (ours): of fewer, one could tell whose they are."""

LEFT = SMALLEST - 1
"""By how much a count can be more than what is published for it."""

SUMS = frozenset({"rating_points", "handling_seconds", "paused_seconds", "signing_seconds"})
"""The counters that are no counts: sums over cases, left out, for with a mean they would say of how many."""

SHARE_STEP = 0.05
STEPS = {"average_rating": 0.5, "handling_hours": 0.5}
"""To what a rate is rounded; a share to `SHARE_STEP`."""


def is_small(counters: Mapping[str, int]) -> bool:
    """Whether a group has fewer cases than may be shown."""
    return counters.get("registered", 0) < SMALLEST


def in_fives(count: int) -> int:
    """A count as it is published: k times what it holds of k. 0 → 0, 4 → 0, 9 → 5, 12 → 10.

    Down, not to the nearest: else 4 and 4 would be "fewer than 5" twice beside a sum of 10, which is 8 to 12.
    """
    return count // SMALLEST * SMALLEST


def shown_count(published: int) -> int | None:
    """A published count as people read it; None is "fewer than k", of which zero is one."""
    return published if published >= SMALLEST else None


def shown_of(total: Mapping[str, int], parts: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
    """Which parts of a whole are shown, by the counters of each.

    Where those shown cannot make up the total without one of the small ones, its size would follow: of 9
    and 4 one reads 5, which is at most 9, and in all 10. Then what is shown with the smallest size is left
    out too. So it is where a counter is the most that the parts can have, each: of five times 4 one reads
    20 in all, and "fewer than 5" five times.
    """
    sizes = {name: part.get("registered", 0) for name, part in parts.items()}
    large = frozenset(name for name, size in sizes.items() if size >= SMALLEST)
    small = sum(0 < size < SMALLEST for size in sizes.values())
    if not large:
        return large
    too_few = small and _missing(total, parts, large, "registered") > LEFT * (len(large) + small - 1)
    told = any(_missing(total, parts, large, name) == LEFT * (len(large) + small) for name in total)
    if too_few or told:
        smallest = in_fives(min(sizes[name] for name in large))
        return frozenset(name for name in large if in_fives(sizes[name]) > smallest)
    return large


def _missing(
    total: Mapping[str, int], parts: Mapping[str, Mapping[str, int]], shown: frozenset[str], counter: str
) -> int:
    """By how much the parts shown make up less than the whole, as published."""
    return in_fives(total.get(counter, 0)) - sum(in_fives(parts[name].get(counter, 0)) for name in shown)


def published(counters: Mapping[str, int]) -> Mapping[str, int]:
    """The counters of a group as they are published; of one too small, nothing but zeros.

    What need not be solved is added up before it is rounded: `not_to_solve`. Of its parts, rounded, the sum
    would be fewer than there are.
    """
    few = is_small(counters)
    counted = {**counters, "not_to_solve": sum(counters.get(name, 0) for name in NOT_TO_SOLVE)}
    return {name: 0 if few else in_fives(count) for name, count in counted.items() if name not in SUMS}


def published_rates(counters: Mapping[str, int], exact: Rates) -> Rates:
    """The rates of a group in steps; None where fewer than k cases or answers stand behind one."""
    wholes = {name: whole for name, (_, whole) in parts_of(counters).items()}
    wholes["paused_share"] = counters.get("solved", 0)  # a share of time: it stands on cases all the same
    few = is_small(counters)

    def rounded(name: str) -> float | None:
        rate, step = getattr(exact, name), STEPS.get(name, SHARE_STEP)
        return None if few or rate is None or wholes[name] < SMALLEST else _near(rate, step)

    return Rates(**{name: rounded(name) for name in wholes})


def beside_goal(actual: float, goal: float) -> float:
    """A share in steps, on the side of its goal on which it is: 0.96 of 0.98 → 0.95, not 1."""
    near = _near(actual, SHARE_STEP)
    if (near < goal) == (actual < goal) and (near > goal) == (actual > goal):
        return near
    away = floor if actual < goal else ceil
    return round(away(actual / SHARE_STEP) * SHARE_STEP, 4)


def between(shown: float, goal: float) -> tuple[float, float]:
    """What a share can be that reads `shown` beside its goal: 5% of at most 1% → from 1% to 7.5%.

    Nobody learns more by it than by the step, the goal and whether it is reached.
    """
    half = SHARE_STEP / 2
    low, high = shown - half, shown + half
    if shown > goal and shown - SHARE_STEP <= goal:
        low = goal
    if shown < goal and shown + SHARE_STEP >= goal:
        high = goal
    return (shown, shown) if shown == goal else (round(low, 4), round(high, 4))


def _near(rate: float, step: float) -> float:
    return round(floor(rate / step + 0.5) * step, 4)
