"""Clocks that end together speak with one message (G3): nobody is told the same thing twice."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.domain.deadlines import Timer
from chalicelib.domain.limits import AMONG_COLLEAGUES, Clock

TOGETHER = timedelta(minutes=1)
"""Clocks that end this close to each other end at one time, for whoever has to meet them (ours)."""
SPEAKS_FIRST = (
    Clock.SOLVE,
    Clock.SIGN,
    Clock.ON_SITE,
    Clock.RESPOND,
    Clock.ANSWER,
    Clock.QUOTE,
    Clock.INFORM,
    Clock.PROGRESS,
)
"""Of clocks that end together the first of these tells: what matters more, and often brings the other."""


def said_by_another(timers: Sequence[Timer]) -> frozenset[str]:
    """The keys of those timers of a case's running clocks that tell somebody what another one says as well.

    They end within `TOGETHER` of each other, and would tell the same rank the same thing at the same time.
    It follows from the deadlines alone, so it holds also where the two fire one after the other.
    """
    ends = {one.clock: one.at for one in timers if one.action == "overdue"}

    def says_it(one: Timer, other: Timer) -> bool:
        alike = (one.action, one.role) == (other.action, other.role)
        close = abs(one.at - other.at) < TOGETHER and abs(ends[one.clock] - ends[other.clock]) < TOGETHER
        return alike and close and SPEAKS_FIRST.index(other.clock) < SPEAKS_FIRST.index(one.clock)

    told = [one for one in timers if one.clock not in AMONG_COLLEAGUES]
    return frozenset(one.key for one in told if any(says_it(one, other) for other in told))
