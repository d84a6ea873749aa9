"""Who is asked for an acceptance that is missing, and when (B9, B13)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import Acceptance
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import awake_of_rank
from chalicelib.domain.work.acceptance import is_unaccepted

REMIND_AFTER, CHASE_AFTER = timedelta(days=1), timedelta(days=3)
"""After so long whoever accepts is asked, and the supervisor to see to it (ours)."""

IN_THE_MORNING = timedelta(hours=9)
"""When on a set day people are asked whether it has held (ours)."""

CHASE = "chase_acceptance"
"""The action of the timer of an acceptance that is missing."""


def acceptance_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """Who is asked for an acceptance that is missing: the resident, or a colleague; then the supervisor.

    While the case is followed up, and of what was sealed until the rain has shown whether it holds.
    """
    acceptance = case.work.acceptance
    if not is_unaccepted(case) or acceptance.since is None:
        return
    since, first = asked_since(acceptance, context), Role.AGENT if acceptance.common else Role.RESIDENT
    for nth, (told, after) in enumerate(((first, REMIND_AFTER), (Role.SUPERVISOR, CHASE_AFTER)), 1):
        if told in acceptance.chased or (told is first and acceptance.day_missing):
            continue
        key = TimerKey("acceptance", "remind", told, nth + 2 * acceptance.tries)
        yield DueAction(key, since + after, CHASE, None, told)


def asked_since(acceptance: Acceptance, context: Context) -> datetime:
    """From when it is waited for: the work, the last visit in vain or the next, the set day.

    Whoever accepts is asked a day later; on the day that was set, that morning.
    """
    moments = [acceptance.since] if acceptance.since else []
    if acceptance.missed:
        moments.append(acceptance.missed[-1].again_at or acceptance.missed[-1].at)
    if acceptance.day is not None:
        moments.append(context.calendar.midnight(acceptance.day) + IN_THE_MORNING - REMIND_AFTER)
    return max(moments)


def chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.AcceptanceChased:
    """The event of asking: the resident, or of the desk whoever had no part in the work at a common part."""
    if due.told == Role.RESIDENT:
        return ev.AcceptanceChased(due.told)
    told = Role(due.told or Role.SUPERVISOR)
    passed = case.assignment.everybody if case.work.acceptance.common else frozenset[str]()
    person = awake_of_rank(context.community, told, case.classification.department, at, passed)
    return ev.AcceptanceChased(told, person.username if person and person.username not in passed else None)
