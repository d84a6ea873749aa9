"""Figures for readers who may not tell people apart by them: no group smaller than k (G16)."""

from collections.abc import Mapping

SMALLEST = 5
"""The fewest cases of a group that is shown (ours): of fewer, one could tell whose they are."""


def without_small(groups: Mapping[str, Mapping[str, int]]) -> Mapping[str, Mapping[str, int]]:
    """The groups of one month that are large enough, by what they are called.

    Where just one would be left out it could be worked out from the total: the next smallest goes with it.
    """
    sizes = {name: counters.get("registered", 0) for name, counters in groups.items()}
    small = {name for name, size in sizes.items() if 0 < size < SMALLEST}
    others = sorted((size, name) for name, size in sizes.items() if size >= SMALLEST)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return {name: counters for name, counters in groups.items() if name not in small and sizes[name]}
