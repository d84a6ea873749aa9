"""Who is told in turn that something handed in waits: the one rule for results and plans (B5, B9)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.sign_off import HandedIn, WaitingPlan
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import awake_of_rank

IN_HAND = (timedelta(hours=2), timedelta(hours=4), timedelta(hours=8))
"""After so much working time each rank is told; what is urgent waits for no opening hours (ours)."""

URGENT = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))


def chase_timers(
    case: Case,
    waiting: HandedIn | WaitingPlan | None,
    ranks: Sequence[Role],
    name: str,
    action: str,
    context: Context,
) -> Iterator[DueAction]:
    """The timers of what waits, one for each of three ranks; keyed by `name`."""
    if waiting is None:
        return
    pressing = case.classification.urgency != "normal"
    for nth, told in enumerate(ranks):
        if told not in waiting.chased:
            at = waiting.at + URGENT[nth] if pressing else context.calendar.add(waiting.at, IN_HAND[nth])
            yield DueAction(TimerKey(name, "remind", told, waiting.version), at, action, None, told)


def who_is_told(
    case: Case, told: Role, at: datetime, context: Context, passing_over: Collection[str | None]
) -> str | None:
    """The username of who is told for a rank just now; None where nobody is but those to pass over."""
    passed = {name for name in passing_over if name}
    person = awake_of_rank(context.community, told, case.classification.department, at, passed)
    return person.username if person is not None and person.username not in passed else None
