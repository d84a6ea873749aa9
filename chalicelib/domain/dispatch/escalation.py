"""Whom a deadline reaches, and urging and escalating by hand (B6, G3).

When a rung comes says `deadlines/deadline_timers.py`, after which share of a limit the packs' ladders.
"""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.spoken import WordForm, check_spoken_at
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import LADDER, awake_of_rank, person_of_rank, responsible
from chalicelib.domain.dispatch.written_report import report_when_unsolved
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.policies import HANDLER, ON_DUTY

URGE_INTERVAL, URGE_INTERVAL_IN_EMERGENCY = timedelta(hours=2), timedelta(minutes=15)
"""A resident may urge once in this time; of an emergency, sooner.

More would only be noise to the handler (ours).
"""


def urged_again_from(case: Case) -> datetime | None:
    """When the resident may urge again; None if they never have.

    Urged 09:00 → from 11:00 on, of an emergency from 09:15 on.
    """
    if case.tally.urged_at is None:
        return None
    is_emergency = case.classification.urgency == "emergency"
    return case.tally.urged_at + (URGE_INTERVAL_IN_EMERGENCY if is_emergency else URGE_INTERVAL)


def why_not_urged(case: Case, _: Actor, context: Context, at: datetime) -> DomainError | None:
    """A resident may urge again only after a while, which is short in an emergency."""
    again = urged_again_from(case)
    if again is None or at >= again:
        return None
    return CommandRefusedError(
        "Your last reminder has reached the person responsible; the next can be sent at "
        f"{again.astimezone(context.zone):%H:%M}.",
        "urged_just_now",
        again=again.astimezone(context.zone),
    )


def urge(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of an urging by the resident."""
    return (ev.Urged(command.form.note),)


def record_urge(case: Case, command: Command[WordForm], _: Context) -> Payloads:
    """The event of an urging that the resident told the desk by word (A8)."""
    form = command.form
    check_spoken_at(form.spoken_at, case.clocks.started_at, command.at)
    return (ev.Urged(form.note, form.spoken_to, form.spoken_at, form.manner),)


def why_not_escalated(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """A case is escalated by hand while a higher rank is still untold (B6)."""
    if _next_rank(case, actor, context) is not None:
        return None
    return CommandRefusedError(
        f"Case {case.number} has reached the top of the ladder already.", "top_of_ladder"
    )


def escalate(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The event that takes the case up the ladder by hand (B6).

    It goes to the first rank above the actor's that somebody holds and that was not told by hand: an agent
    escalates → the supervisor; once more → the manager.
    """
    rank, department = _next_rank(case, command.actor, context), case.classification.department
    person = person_of_rank(context.community, rank, department, command.at) if rank else None
    if person is None:
        raise ValueError(f"Nobody is left whom case {case.number} could be escalated to.")
    report = report_when_unsolved(case, person.role, command.at, context)
    key = _by_hand(person.role)
    return (ev.Escalated(key, None, person.role, person.username, command.form.reason, report),)


def _next_rank(case: Case, actor: Actor, context: Context) -> Role | None:
    """The first rank above the actor that somebody holds and nobody has told."""
    above = LADDER[LADDER.index(actor.role) + 1 :] if actor.role in LADDER else LADDER[1:]
    untold = (rank for rank in above if _by_hand(rank) not in case.clocks.fired)
    return next((rank for rank in untold if context.community.with_role(rank)), None)


def _by_hand(rank: Role) -> TimerKey:
    return TimerKey("by_hand", rank=rank)


def whom_it_reaches(case: Case, told: str, at: datetime, context: Context) -> str | None:
    """The username of whoever hears of a deadline; None if nobody is there.

    `told` is a rank, `HANDLER` for whoever has the case, or `ON_DUTY`. Where an owner is off duty, or there
    is none, somebody stands in (G3).
    """
    community, department = context.community, case.classification.department
    if told in {HANDLER, ON_DUTY}:
        stand_ins = context.regulation.stand_ins
        owner = case.assignment.handler if told == HANDLER else None
        order = stand_ins.order if owner else (stand_ins.unowned, *stand_ins.order)
        person = responsible(community, owner, department, at, order)
    else:
        person = awake_of_rank(community, Role(told), department, at)
    return person.username if person else None


def rung_reached(case: Case, told: str, at: datetime, context: Context) -> tuple[str, str | None]:
    """The rank and the username that a rung of the ladder reaches.

    Whoever has the work already is passed over.
    """
    if told in {HANDLER, ON_DUTY}:
        return told, whom_it_reaches(case, told, at, context)
    busy = [username for username in (case.assignment.handler, case.follow_up.revisitor) if username]
    department = case.classification.department
    person = awake_of_rank(context.community, Role(told), department, at, busy)
    return (person.role, person.username) if person else (told, None)
