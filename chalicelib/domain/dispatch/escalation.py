"""Whom a deadline reaches: the owner, a stand-in, the next rung; urging and escalating by hand (B6, G3)."""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ladder import LADDER, awake_of_rank, person_of_rank, responsible
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.regulation.policies import HANDLER, ON_DUTY

URGE_INTERVAL = timedelta(hours=2)
"""A resident may urge once in this time; more would only be noise to the handler (ours)."""


def urge(case: Case, command: Command, setting: Setting) -> Payloads:
    if case.tally.urged_at is not None and command.at - case.tally.urged_at < URGE_INTERVAL:
        again = (case.tally.urged_at + URGE_INTERVAL).astimezone(setting.zone)
        raise CommandRefusedError(
            f"Your last reminder has reached the person responsible; the next can be sent at {again:%H:%M}.",
            "urged_just_now",
            again=again,
        )
    return (ev.Urged(command.form.note),)


def escalate(case: Case, command: Command, setting: Setting) -> Payloads:
    """By hand (B6): to the first rank above the one who asks that has not been told this way."""
    own = command.actor.role
    above = LADDER[LADDER.index(own) + 1 :] if own in LADDER else LADDER[1:]
    for rank in above:
        person = person_of_rank(setting.community, rank, case.classification.department, command.at)
        if person is not None and (key := f"by_hand:{person.role}") not in case.clocks.fired:
            return (ev.Escalated(key, None, person.role, person.username, command.form.reason),)
    raise CommandRefusedError(
        f"Case {case.number} has reached the top of the ladder already.", "top_of_ladder"
    )


def whom_it_reaches(case: Case, told: str, at: datetime, setting: Setting) -> str | None:
    """The username of whoever hears of a deadline: the owner or who stands in for the owner, or a rank."""
    community, department = setting.community, case.classification.department
    if told in {HANDLER, ON_DUTY}:
        stand_ins = setting.regulation.stand_ins
        owner = case.assignment.handler if told == HANDLER else None
        order = stand_ins.order if owner else (stand_ins.unowned, *stand_ins.order)
        person = responsible(community, owner, department, at, order)
    else:
        person = awake_of_rank(community, Role(told), department, at)
    return person.username if person else None


def rung_reached(case: Case, told: str, at: datetime, setting: Setting) -> tuple[str, str | None]:
    """The rank and the person that a rung reaches; whoever has the work already is passed over."""
    if told in {HANDLER, ON_DUTY}:
        return told, whom_it_reaches(case, told, at, setting)
    busy = [one for one in (case.assignment.handler, case.follow_up.revisitor) if one]
    department = case.classification.department
    person = awake_of_rank(setting.community, Role(told), department, at, busy)
    return (person.role, person.username) if person else (told, None)
