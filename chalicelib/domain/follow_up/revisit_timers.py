"""What the follow-up does by itself: survey, reminder, draw, rungs, closing (D1–D3).

Reminder and rungs belong to the revisit that is owed, not to the attempts at it: each comes once, and the
rungs at the revisit's own date, whoever tries (D2, G3).
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.community.roles import VISITORS, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.follow_up.obligations import revisits_needed, tried_enough
from chalicelib.domain.follow_up.schedule import revisit_due_at, silence_of


def without_who_left(case: Case, context: Context) -> Case:
    """The case as if a revisitor who has left had never been asked.

    So it is with whoever is no longer of a rank that revisits. The draw of this revisit is open again then:
    it fires once for each who leaves. Whoever it finds is there, so it never fires twice at one instant.
    """
    username = case.follow_up.revisitor
    member = context.community.member(username) if username else None
    if username is None or (member is not None and member.role in VISITORS):
        return case
    fired = tuple(key for key in case.clocks.fired if key != _draw_key(case))
    nobody = replace(case.follow_up, revisitor=None, revisit_rank=None)
    return replace(case, follow_up=nobody, clocks=replace(case.clocks, fired=fired))


def follow_up_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """Everything that the follow-up of a completed case may still do, in no order (D1–D3)."""
    if tried_enough(case, context):
        # The survey may bring an answer until the revisit's date, so silence is not declared before.
        yield DueAction(TimerKey("close"), revisit_due_at(case, context), "close")
    elif not revisits_needed(case, context):
        yield from _survey_alone(case, context)
    elif case.follow_up.revisitor is not None:
        yield from _reminder(case)
        yield from _rungs(case, context)
    elif _draw_key(case) not in case.clocks.fired:
        yield from _survey_then_draw(case, context)
        yield from _rungs(case, context)
    else:
        yield _close_unasked(case, context)


def _survey_alone(case: Case, context: Context) -> Iterator[DueAction]:
    """Where nobody has to ask: silence ends the case, else the end of the link."""
    silence = silence_of(case, context)
    if _is_silent(case):
        if case.work.surveyed:
            yield _survey_reminder(silence.reminded_at)
        yield DueAction(TimerKey("close"), silence.ends_at, "close")
    else:
        yield DueAction(TimerKey("close"), silence.link_ends_at, "close")


def _survey_then_draw(case: Case, context: Context) -> Iterator[DueAction]:
    """Where somebody is to be found: after the silence, or once it is broken."""
    if _is_silent(case):
        yield _survey_reminder(silence_of(case, context).reminded_at)
    yield DueAction(_draw_key(case), _drawn_at(case, context), "draw_revisit")


def _drawn_at(case: Case, context: Context) -> datetime:
    """When somebody is drawn to revisit.

    A while after the last attempt; before any, with the rating or when the silence ends. At once if whoever
    promised an answer has left: the resident waits for it.
    """
    revisits, last_at = case.follow_up.revisits, case.follow_up.last_revisit_at
    if revisits and last_at is not None:
        is_promised = revisits[-1].outcome is ev.RevisitOutcome.PROMISED
        return last_at if is_promised else last_at + context.regulation.revisits.retry_after
    return case.rating.at if case.rating is not None else silence_of(case, context).ends_at


def _reminder(case: Case) -> Iterator[DueAction]:
    """Whoever was asked or has promised is reminded when it is due; promises anew."""
    reached = sum(visit.outcome is not ev.RevisitOutcome.NOT_REACHED for visit in case.follow_up.revisits)
    due_at = case.follow_up.revisit_due_at
    if due_at is not None:
        yield DueAction(TimerKey("revisit", "remind", nth=reached + 1), due_at, "remind_revisit")


def _rungs(case: Case, context: Context) -> Iterator[DueAction]:
    """A grace after the date the supervisor hears, after two the manager.

    Once for each revisit that is owed, and a promise is no new one: due Monday 10:00, grace a day → Tuesday
    and Wednesday 10:00.
    """
    answered = sum(visit.outcome in ev.ANSWERED for visit in case.follow_up.revisits)
    at = revisit_due_at(case, context)
    for rank in (Role.SUPERVISOR, Role.MANAGER):
        at += context.regulation.revisits.grace
        yield DueAction(TimerKey("revisit", "rung", rank, answered + 1), at, "escalate", None, rank)


def _close_unasked(case: Case, context: Context) -> DueAction:
    """Nobody is there to be drawn, so the survey is all there will be."""
    ends_at = max(silence_of(case, context).link_ends_at, revisit_due_at(case, context))
    return DueAction(TimerKey("close"), ends_at, "close")


def _survey_reminder(at: datetime) -> DueAction:
    return DueAction(TimerKey("survey", "remind"), at, "remind_survey")


def _is_silent(case: Case) -> bool:
    """Whether the resident has not rated the work, and nobody has tried to ask."""
    return case.rating is None and not case.follow_up.revisits


def _draw_key(case: Case) -> TimerKey:
    """Each attempt has one draw: after two that are on record, `revisit:draw:3`."""
    return TimerKey("revisit", "draw", nth=len(case.follow_up.revisits) + 1)
