"""Planning, carrying out and chasing remedy and prevention (B12)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.measures import REMEDY, SORTS
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.roles import MANAGERS, Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import awake_of_rank
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError

MOST_MEASURES = 20
"""How many measures a case can have (ours)."""

FURTHEST = timedelta(days=366)
"""A date that is further away is a slip (ours)."""

IN_THE_MORNING = timedelta(hours=9)
"""When on the day after its date a measure is asked for (ours)."""

CHASE = "chase_measure"
"""The action of the timer of a measure whose date has passed."""


class PlanMeasureForm(Struct, frozen=True):
    """The form of a measure: its `sort`, what it is, the username of its `owner`, and its date.

    A remedy whose date has come is done with that.
    """

    sort: ShortText
    text: LongText
    owner: ShortText
    due_on: date

    def __post_init__(self) -> None:
        check(self)
        if self.sort not in SORTS:
            raise InvalidInputError(f"'sort' is one of: {', '.join(SORTS)}.")


class FinishMeasureForm(Struct, frozen=True):
    """The form of a measure that was carried out: its number within the case, and a note."""

    measure: int
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


def why_not_planned(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever has the work, or the desk, puts measures down while there is room (B12)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at) or why_unsorted(
        case, actor, context, at
    ):
        return refused
    if len(case.measures) < MOST_MEASURES:
        return None
    return CommandRefusedError(
        f"Case {case.number} has {MOST_MEASURES} measures, which is all it can have.",
        "measures_full",
        most=MOST_MEASURES,
    )


def plan(case: Case, command: Command[PlanMeasureForm], context: Context) -> Payloads:
    """The events of a measure (B12); InvalidInputError for a slip, or an owner who cannot see the case."""
    form, today = command.form, context.calendar.local_date(command.at)
    earliest = context.calendar.local_date(case.registered_at) if form.sort == REMEDY else today
    if not earliest <= form.due_on <= today + FURTHEST:
        raise InvalidInputError(
            f"'due_on' is from {earliest} on, within a year.", "measure_day", earliest=earliest
        )
    person = context.community.member(form.owner)
    if person is None or not may_see(person.member_of(context.community), case):
        raise InvalidInputError(
            "'owner' is a colleague who works here and may see the case: its handler, the head of the "
            "department, or the desk.",
            "measure_owner",
        )
    planned = ev.MeasurePlanned(form.sort, form.text, form.owner, form.due_on)
    done_at_once = form.sort == REMEDY and form.due_on <= today
    return (planned, ev.MeasureDone(len(case.measures) + 1)) if done_at_once else (planned,)


def why_not_finished(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """Its owner carries a measure out, or a leader puts it on record."""
    if not case.open_measures:
        return CommandRefusedError(f"No measure of case {case.number} is open.", "no_measure_open")
    if _to_finish(case, actor):
        return None
    return NotAllowedError(
        "Only the owner of a measure, or a leader, says that it is done.", "not_your_measure"
    )


def finish(case: Case, command: Command[FinishMeasureForm], _: Context) -> Payloads:
    """The event of a measure that was carried out (B12)."""
    form, numbers = command.form, _to_finish(case, command.actor)
    if form.measure not in numbers:
        raise InvalidInputError(
            f"'measure' is the number of one that is open: {', '.join(map(str, numbers))}.",
            "no_such_measure",
            waiting=", ".join(map(str, numbers)),
        )
    return (ev.MeasureDone(form.measure, form.note),)


def _to_finish(case: Case, actor: Actor) -> list[int]:
    """The numbers of the open measures that somebody may say are done: their own, or any for a leader."""
    leads = actor.role in {Role.SUPERVISOR, *MANAGERS}
    return [measure.nth for measure in case.open_measures if leads or measure.owner == actor.id]


def measure_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """The timers of the measures that are open, in any state: on the morning after their date."""
    for measure in case.open_measures:
        if not measure.chased:
            at = context.calendar.midnight(measure.due_on + timedelta(days=1)) + IN_THE_MORNING
            yield DueAction(TimerKey("measure", "remind", nth=measure.nth), at, CHASE)


def chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.MeasureChased:
    """The event of telling owner and supervisor that a measure is late."""
    measure = next(measure for measure in case.open_measures if measure.nth == due.key.nth)
    leader = awake_of_rank(context.community, Role.SUPERVISOR, case.classification.department, at)
    owner = context.community.member(measure.owner)
    people = (person.username for person in (owner, leader) if person is not None)
    return ev.MeasureChased(measure.nth, tuple(dict.fromkeys(people)))
