"""Parts of what has grown long: no answer is over 1 MB, however much has been written about a case."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

import msgspec

MOST_LINES, MOST_BYTES = 100, 250_000
"""What one part of a history holds at most; at least one line, whatever it weighs."""
MOST_NOTICES = 100


class Numbered(Protocol):
    """A line of a history, with the version of its event."""

    @property
    def version(self) -> int: ...


LineOf = TypeVar("LineOf", bound=Numbered)
Item = TypeVar("Item")


def newest_part(lines: Sequence[LineOf], before: int | None) -> tuple[tuple[LineOf, ...], int | None]:
    """The newest lines of a history, in their order, and where the earlier ones begin.

    `before` is the version that the part shown last began with; None asks for the newest part of all. The
    second is what to ask with for the part before, None if this is the first.
    """
    left = sorted(
        (line for line in lines if before is None or line.version < before), key=lambda line: -line.version
    )
    shown = fitting(left, MOST_LINES)
    if not shown:
        return (), None
    first = left[shown - 1].version
    kept = (line for line in lines if first <= line.version < (before or line.version + 1))
    return tuple(kept), first if shown < len(left) else None


def fitting(items: Iterable[object], most: int) -> int:
    """How many of the first items fit into a part: at most so many, and at least one if there is any."""
    taken = weight = 0
    for item in items:
        weight += len(msgspec.json.encode(item))
        if taken and (weight > MOST_BYTES or taken == most):
            break
        taken += 1
    return taken


def newest_notices(notices: Sequence[Item], passed_over: int) -> tuple[tuple[Item, ...], int]:
    """The newest notices but those passed over, in their order, and how many are older."""
    left = notices[: max(len(notices) - passed_over, 0)]
    older = max(len(left) - MOST_NOTICES, 0)
    return tuple(left[older:]), older
