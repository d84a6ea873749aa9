"""Dealing with the points that residents raise at revisits (D4): each is answered."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import VISITORS, Actor, Role
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import awake_of_rank
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.follow_up.forms import AnswerPointForm


def points_due_at(at: datetime, context: Context) -> datetime:
    """By when a point raised at `at` is answered: as what cannot be answered at a revisit (D4, D8)."""
    return period_of(context.regulation.revisits.promise_within, at, context.calendar)[1]


def why_no_point_answered(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """A point is answered once, and only where one was raised (D4)."""
    if case.open_points:
        return None
    return CommandRefusedError(
        f"No point raised at a revisit of case {case.number} waits for an answer.", "no_point_open"
    )


def answer_point(case: Case, command: Command[AnswerPointForm], _: Context) -> Payloads:
    """The event of a point that was dealt with; the resident is told (D4)."""
    form, waiting = command.form, [point.nth for point in case.open_points]
    if form.point not in waiting:
        raise InvalidInputError(
            f"'point' is the number of one that waits for an answer: {', '.join(map(str, waiting))}.",
            "no_such_point",
            waiting=", ".join(map(str, waiting)),
        )
    return (ev.PointAnswered(form.point, form.done, form.answer),)


CHASE = "chase_point"
"""The action of the timer of a point whose answer is late."""

CHASED = (Role.SUPERVISOR, Role.MANAGER)
"""Who hears that an answer is late: whoever heard the point, or the supervisor; a grace later the manager."""


def point_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """The timers of the points that wait for an answer, in any state (D4, D8)."""
    grace = context.regulation.revisits.grace
    for point in case.open_points:
        for rank, at in zip(CHASED, (point.due_at, point.due_at + grace), strict=True):
            if rank not in point.chased:
                yield DueAction(TimerKey("point", "remind", rank, point.nth), at, CHASE, None, rank)


def point_chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.PointChased:
    """The event of telling that the answer to a point is late."""
    community = context.community
    point = next(point for point in case.open_points if point.nth == due.key.nth)
    person = community.member(point.raised_by or "") if due.told == CHASED[0] else None
    if person is None or person.role not in VISITORS or community.is_off_duty(person.username, at):
        person = awake_of_rank(community, Role(due.told), case.classification.department, at)
    return ev.PointChased(point.nth, due.told, person.username if person else None)
