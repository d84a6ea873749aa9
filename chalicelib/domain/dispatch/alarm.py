"""The alarm of an emergency: whom it reaches at once, who is next in line, who has it (A6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.gaps import next_on_duty
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import awake_of_rank, holders, on_duty_for, responsible
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.policies import ON_DUTY

NEXT_IN_LINE = "alarm"
"""The action of the timer that tells the next in line."""

RANKS_TO_WAKE = (ON_DUTY, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
"""Who is next while nobody has confirmed: whoever else is on duty, then the ranks of the ladder.

Where nobody else is on duty, whoever comes next by the roster; with each rank whoever has come since (G19).
"""


def new_alarm(
    before: ev.Classification | None, about: ev.Classification, at: datetime, context: Context
) -> Iterator[ev.AlarmRaised]:
    """The event of telling at once of an emergency; none where nobody is told now.

    `before` is how the case was classified; None where it begins, or begins anew.
    """
    if about.urgency == "emergency":
        told = dict.fromkeys(newly_told(before, about, at, context))
        if told:
            yield ev.AlarmRaised(tuple(told))


def newly_told(
    before: ev.Classification | None, about: ev.Classification, at: datetime, context: Context
) -> Iterator[str]:
    """Whoever must know at once of what is serious or an emergency, and does not (A6, B6)."""
    known = context.regulation.told_at_once(facts_of(before)) if before else ()
    for rank in context.regulation.told_at_once(facts_of(about)):
        if rank not in known:
            yield from people_of(rank, about.department, at, context)


def people_of(rank: str, department: str, at: datetime, context: Context) -> Iterator[str]:
    """Whom an alert reaches (A6): everybody on duty for the department, else who stands in; or one of a rank.

    Whoever is off duty while somebody above is not would read of an emergency in the morning (G3).
    """
    community = context.community
    if rank != ON_DUTY:
        reached = [awake_of_rank(community, Role(rank), department, at)]
    else:
        order = context.regulation.stand_ins.order
        reached = [*on_duty_for(community, department, at)] or [
            responsible(community, None, department, at, order)
        ]
    yield from (member.username for member in reached if member)


def on_watch(department: str, at: datetime, context: Context) -> tuple[str, ...]:
    """Who looks after words of danger (A7): whoever is on duty for the desk, else anybody on duty at all.

    A guard at the gate can go and look. Where the roster has nobody, who stands in for the desk.
    """
    community = context.community
    there = on_duty_for(community, department, at)
    found = [member.username for member in there] or _on_duty_anywhere(at, context)
    return tuple(dict.fromkeys(found or people_of(ON_DUTY, department, at, context)))


def alarm_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """The timer that tells the next in line, while nobody has confirmed (A6)."""
    alarm = case.alarm
    if alarm is None or not alarm.waits or case.state not in IN_DISPATCH:
        return
    if further := _further(alarm.rank):
        within = timedelta(minutes=context.community.alarm_minutes)
        yield DueAction(TimerKey(NEXT_IN_LINE, "rung", further[0]), alarm.told_at + within, NEXT_IN_LINE)


def next_told(case: Case, at: datetime, context: Context) -> ev.AlarmRaised:
    """The event of telling the next in line: the nearest rung with somebody who does not know yet."""
    told, rank = case.alarm.told if case.alarm else (), case.alarm.rank if case.alarm else ""
    for rung in _further(rank):
        department = case.classification.department
        people = dict.fromkeys(_of_the_rung(rung, department, at, context))
        fresh = tuple(username for username in people if username not in told)
        if not fresh and rung == ON_DUTY:
            coming = next_on_duty(context.community, department, at)
            fresh = tuple(username for username in coming if username not in told)
        if fresh:
            return ev.AlarmRaised(fresh, rung, danger=_is_danger(case))
    return ev.AlarmRaised((), RANKS_TO_WAKE[-1], danger=_is_danger(case))


def why_not_confirmed(case: Case, _: Actor, context: Context, __: datetime) -> DomainError | None:
    """An alarm is confirmed once; whoever comes later hears who has it (A6)."""
    alarm = case.alarm
    if alarm is None or alarm.over:
        return CommandRefusedError(f"Nobody was alarmed about case {case.number}.", "no_alarm")
    if alarm.confirmed_by is None or alarm.confirmed_at is None:
        return None
    name = name_of(alarm.confirmed_by, context)
    return CommandRefusedError(
        f"{name} has case {case.number} in hand since {alarm.confirmed_at.astimezone(context.zone):%H:%M}.",
        "alarm_confirmed",
        name=name,
        at=alarm.confirmed_at,
    )


def confirm(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of somebody having the emergency in hand (A6)."""
    return (ev.AlarmConfirmed(command.form.note),)


def _further(rank: str) -> tuple[str, ...]:
    return RANKS_TO_WAKE[RANKS_TO_WAKE.index(rank) + 1 :] if rank else RANKS_TO_WAKE


def _of_the_rung(rung: str, department: str, at: datetime, context: Context) -> Iterable[str]:
    """Everybody on duty for whatever department; of a rank all who are not off duty, else one of them."""
    community = context.community
    if rung == ON_DUTY:
        return _on_duty_anywhere(at, context)
    people = [member.username for member in holders(community, Role(rung), department)]
    awake = [username for username in people if not community.is_off_duty(username, at)]
    come_since = [member.username for member in on_duty_for(community, department, at)]
    return [*(awake or people[:1]), *come_since]


def _on_duty_anywhere(at: datetime, context: Context) -> list[str]:
    community = context.community
    return [
        member.username
        for department in community.departments
        for member in on_duty_for(community, department, at)
    ]


def _is_danger(case: Case) -> bool:
    return case.alarm is not None and case.alarm.danger
