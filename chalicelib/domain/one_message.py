"""Clocks that end together speak with one message (G3): nobody is told the same thing twice."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from chalicelib.domain.deadlines import Deadline, Timer
from chalicelib.domain.limits import AMONG_COLLEAGUES, Clock

TOGETHER = timedelta(minutes=1)
PART = 0.1
"""Clocks that end this close to each other, within a minute and a tenth of their time, end at one time for
whoever has to meet them (ours)."""
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


def said_by_another(timers: Sequence[Timer], deadlines: Mapping[Clock, Deadline]) -> frozenset[str]:
    """The keys of those timers of a case's running clocks that tell somebody what another one says as well.

    Their clocks end together, and they would tell the same rank the same thing at the same time. It follows
    from the deadlines alone, so it holds also where the two fire one after the other.
    """

    def says_it(one: Timer, other: Timer) -> bool:
        mine, its = deadlines[one.clock], deadlines[other.clock]
        near = min(TOGETHER, *((clock.due_at - clock.started_at) * PART for clock in (mine, its)))
        alike = (one.action, one.role) == (other.action, other.role)
        close = abs(one.at - other.at) < near and abs(mine.due_at - its.due_at) < near
        return alike and close and SPEAKS_FIRST.index(other.clock) < SPEAKS_FIRST.index(one.clock)

    told = [one for one in timers if one.clock not in AMONG_COLLEAGUES]
    return frozenset(one.key for one in told if any(says_it(one, other) for other in told))
