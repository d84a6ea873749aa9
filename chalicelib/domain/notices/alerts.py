"""Whom an alert reaches: what is serious, an emergency, or told with words of danger (A6, A7, B6)."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ladder import awake_of_rank, on_duty_for, responsible
from chalicelib.domain.intake.danger import danger_of
from chalicelib.domain.notices.kinds import DANGER, NoticeKind
from chalicelib.domain.regulation.policies import ON_DUTY


def alerts(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Whoever must know at once of a serious case or an emergency (A6, B6)."""
    about = outcome.after.classification
    if _says_danger(outcome, event, context):
        for person in _on_watch(context, about.department, event.at):
            yield NoticeKind.ALERT, person, DANGER
    if not isinstance(event.payload, ev.Registered | ev.Classified):
        return
    about = event.payload.classification
    before = outcome.before and context.regulation.told_at_once(facts_of(outcome.before.classification))
    for rank in context.regulation.told_at_once(facts_of(about)):
        if rank not in (before or ()):
            for person in _alerted(context, rank, about.department, event.at):
                yield NoticeKind.ALERT, person, None


def _says_danger(outcome: Outcome, event: ev.Event, context: Context) -> bool:
    """Whether an event brings words of danger, and there were none before."""
    match event.payload:
        case ev.Registered():
            return danger_of(outcome.after, context) is not None
        case ev.FilledIn(text=str()):
            before = danger_of(outcome.before, context) if outcome.before else None
            return before is None and danger_of(outcome.after, context) is not None
        case _:
            return False


def _on_watch(context: Context, department: str, at: datetime) -> Iterator[str]:
    """Who looks after words of danger (A7): whoever is on duty for the desk, else anybody on duty at all.

    A guard at the gate can go and look. Where the roster has nobody, who stands in for the desk.
    """
    community = context.community
    there = on_duty_for(community, department, at) or [
        member for other in community.departments for member in on_duty_for(community, other, at)
    ]
    if there:
        yield from dict.fromkeys(member.username for member in there)
    else:
        yield from _alerted(context, ON_DUTY, department, at)


def _alerted(context: Context, rank: str, department: str, at: datetime) -> Iterator[str]:
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
