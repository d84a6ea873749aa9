"""Which timer of a case: what it belongs to, what it does, for which rank (G3)."""

from typing import NamedTuple

ACTIONS = frozenset({"remind", "overdue", "rung", "draw", "again"})


class TimerKey(NamedTuple):
    """Which timer of a case; each fires once in a round.

    `of` is a clock, or `revisit`, `survey`, `close`, `resume`, `returns`, `by_hand`; `nth` counts from 1
    where there are several alike.

    `TimerKey("solve", "rung", "manager")` is the manager's rung of the time to solve: `solve:rung:manager`.
    """

    of: str
    action: str = ""
    rank: str = ""
    nth: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part)


StoredKey = TimerKey | str
"""A key as events have it: text in those of before 0.2."""


def timer_key(stored: StoredKey) -> TimerKey:
    """The key of an event of whatever release; `revisit:manager:1` is the manager's rung of a revisit."""
    if isinstance(stored, TimerKey):
        return stored
    of, *parts = stored.split(":")
    action, rank, nth = "", "", 0
    for part in parts:
        if part.isdecimal():
            nth = nth or int(part)
        elif part in ACTIONS:
            action = part
        else:
            action, rank = action or ("rung" if of == "revisit" else ""), part
    return TimerKey(of, action, rank, nth)
