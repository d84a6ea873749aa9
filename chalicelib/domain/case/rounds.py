"""What a round of work leaves behind when it ends, and whether it began in time (E4, G17)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.domain.case.case import Case, RoundRecord, State
from chalicelib.domain.case.events import CloseReason
from chalicelib.domain.regulation.limits import Clock

FIRST = (Clock.RESPOND, Clock.ON_SITE)
"""What a resident waits for first: that somebody takes the matter up, that somebody stands at the door."""


def round_ended(case: Case, at: datetime, *, completed_by: str | None = None) -> RoundRecord:
    """The record of the present round, once it ends at `at`: completed, if by somebody, or otherwise.

    A pause that has not ended holds the clock, so what ran out meanwhile is not late.
    """
    pause = case.clocks.pause
    pauses = (*case.clocks.pauses, pause.ended(at)) if pause else case.clocks.pauses
    until = pause.since if pause else at
    late = Clock.SOLVE in case.clocks.overdue or until > case.clocks.solve_due_at
    took = at - case.clocks.started_at
    paused = sum((past.ended_at - past.started_at for past in pauses), timedelta())
    handler = case.assignment.handler or completed_by
    return RoundRecord(handler, completed_by is not None, late, took, paused, was_first_late(case, until))


def was_first_late(case: Case, until: datetime | None = None) -> bool:
    """Whether in this round the first answer or the arrival came after its time, or was marked late.

    With `until` one that is still open counts too, if its time was over then.
    """
    for clock in FIRST:
        deadline, end = case.clocks.deadlines.get(clock), case.clocks.met.get(clock, until)
        ended_late = deadline is not None and end is not None and end > deadline.due_at
        if ended_late or clock in case.clocks.overdue:
            return True
    return False


def ended_without_work(case: Case) -> Mapping[str, int]:
    """How the present round ended, if otherwise than by work: what the counters of that name count."""
    return {
        "rejected": int(is_untrue(case)),
        "withdrawn": int(case.state is State.WITHDRAWN),
        "merged": int(case.state is State.MERGED),
    }


def is_untrue(case: Case) -> bool:
    """Whether the case was found untrue, and that stands so far."""
    return case.state is State.REJECTED or case.ending.close_reason is CloseReason.UNTRUE


def handling_time(case: Case) -> timedelta:
    """From the registration to the completion of the present round; nothing before that."""
    return case.work.completed_at - case.registered_at if case.work.completed_at is not None else timedelta()


def paused_time(case: Case) -> timedelta:
    """How much of `handling_time` the case has stood still, wall-clock; nothing before the completion."""
    rounds = case.rounds if case.work.completed_at is not None else ()
    return sum((ended.paused for ended in rounds), timedelta())
