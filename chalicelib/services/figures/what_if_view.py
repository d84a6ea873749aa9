"""The answer to a what-if (G23): apart from the running, which hardly any request needs."""

from datetime import date

from msgspec import Struct

from chalicelib.domain.regulation.limits import Clock

MOST_CASES = 500
"""How many cases one request runs: some seconds' reading. The operator's command runs a whole month."""


class ClockSide(Struct, frozen=True):
    """One clock under one regulation: its deadlines, and how many were missed.

    The share is between 0 and 1.
    """

    clock: Clock
    deadlines: int
    overdue: int
    overdue_rate: float


class Side(Struct, frozen=True):
    """Cases under one regulation. `overdue_rate` is that of solving: missed, or open and past, ÷ cases.

    Load: `deadlines` in all, the most that fall on one day, and the revisits that solved cases ask for.
    """

    overdue: int
    overdue_rate: float | None
    deadlines: int
    busiest_day: date | None
    due_on_busiest_day: int
    revisits: int
    clocks: tuple[ClockSide, ...]


class Compared(Struct, frozen=True):
    """One row: `dimension` is total, department or matter."""

    dimension: str
    value: str | None
    cases: int
    own: Side
    other: Side


class WhatIfView(Struct, frozen=True):
    """`own` is the regulation of the community, `other` the one asked about. Nothing personal is in it.

    `cases` were run; if `cursor` is not null the month has more, which the next call with it runs by itself.
    `unknown` cases are about a matter that one of the regulations does not have; they are left out.
    """

    community: str
    month: str
    zone: str
    own: str
    other: str
    cases: int
    unknown: int
    rows: tuple[Compared, ...]
    assumptions: tuple[str, ...]
    cursor: str | None = None
