"""What a round of work leaves behind when it ends (E4, G17)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import CloseReason
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.regulation.limits import CLOCKS, Clock

FIRST = tuple(clock for clock in Clock if CLOCKS[clock].first)
"""The clocks of what a resident waits for first.

Somebody takes the matter up; somebody stands at the door.
"""


def round_ended(case: Case, at: datetime, *, completed_by: str | None = None) -> RoundRecord:
    """The record of the present round, ended at `at`.

    `completed_by` is who completed it; None if it ended otherwise. A pause that has not ended holds the
    clock, so what ran out meanwhile is not late: due 12:00, paused at 11:00, withdrawn at 13:00 → not late.
    Nor is work that was handed in by then, whenever the head of the department signs it off (B9).
    """
    pause = case.clocks.pause
    pauses = (*case.clocks.pauses, pause.ended(at)) if pause else case.clocks.pauses
    until = pause.since if pause else at
    due_at = case.clocks.solve_due_at
    done_at = case.clocks.met.get(Clock.SOLVE, until)
    late = Clock.SOLVE in case.clocks.overdue or (due_at is not None and done_at > due_at)
    took = at - case.clocks.started_at
    paused = sum((past.ended_at - past.started_at for past in pauses), timedelta())
    handler = case.assignment.handler or completed_by
    return RoundRecord(handler, completed_by is not None, late, took, paused, was_first_late(case, until))


def was_first_late(case: Case, until: datetime | None = None) -> bool:
    """Whether the first answer or the arrival of this round was late.

    It came after its time, or was marked late. With `until` one that is still open counts too, if its time
    was over then.
    """
    for clock in FIRST:
        deadline, end = case.clocks.deadlines.get(clock), case.clocks.met.get(clock, until)
        ended_late = deadline is not None and end is not None and end > deadline.due_at
        if ended_late or clock in case.clocks.overdue:
            return True
    return False


def signature_of(case: Case) -> tuple[datetime, datetime] | None:
    """When the signature of the present round was asked for and given; None without one."""
    asked, signed = case.clocks.deadlines.get(Clock.SIGN), case.clocks.met.get(Clock.SIGN)
    if asked is None or signed is None or case.assignment.signed_by is None:
        return None
    return asked.started_at, signed


def ended_without_work(case: Case) -> Mapping[str, int]:
    """Each counter of an end without work → 1 if the present round ended so."""
    return {
        "rejected": int(is_untrue(case)),
        "referred": int(case.state is State.REFERRED),
        "withdrawn": int(case.state is State.WITHDRAWN),
        "merged": int(case.state is State.MERGED),
        "unreached": int(case.ending.close_reason is CloseReason.UNREACHED),
    }


def is_untrue(case: Case) -> bool:
    """Whether the case was found untrue, and that still stands."""
    return case.state in {State.REJECTED, State.OBJECTED} or case.ending.close_reason is CloseReason.UNTRUE


def handling_time(case: Case) -> timedelta:
    """The time from the registration to the completion of the present round.

    Zero before the completion.
    """
    return case.work.completed_at - case.registered_at if case.work.completed_at is not None else timedelta()


def paused_time(case: Case) -> timedelta:
    """How much of `handling_time` the case has stood still, wall-clock.

    Zero before the completion.
    """
    rounds = case.rounds if case.work.completed_at is not None else ()
    return sum((ended.paused for ended in rounds), timedelta())


def accepted_at(case: Case) -> datetime | None:
    """When the work of this round was accepted (B13).

    It was signed for, or the case closed where nobody was to sign.
    """
    acceptance = case.work.acceptance
    if acceptance.by is None and case.state is not State.COMPLETED:
        return case.ending.closed_at
    return acceptance.signed_at


def come_back(case: Case) -> tuple[RoundRecord, ...]:
    """The rounds once the case goes on again (B13).

    The last of them says from when the warranty of its work runs.
    """
    if case.work.completed_at is None or not case.rounds:
        return case.rounds
    *before, ended = case.rounds
    known = replace(
        ended,
        completed_at=case.work.completed_at,
        accepted_at=accepted_at(case),
        matter=case.classification.matter,
    )
    return (*before, known)


def repaired_before(case: Case) -> RoundRecord | None:
    """The newest round before the present one in which work of ours was completed; None if none was."""
    ended = case.rounds[:-1] if case.work.completed_at is not None else case.rounds
    return next((past for past in reversed(ended) if past.completed and past.handler), None)
