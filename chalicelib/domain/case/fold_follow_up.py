"""What the follow-up makes of a case: ratings, revisits, new rounds, endings, timers (see history.py)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, Rating, State
from chalicelib.domain.case.clocks import stopped
from chalicelib.domain.case.rounds import rounds_ended
from chalicelib.domain.case.written_report import (
    carried_on,
    filed,
    overdue,
    owed_from_before,
    owed_when_closed,
)
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock

Deadlines = Mapping[Clock, Deadline]


def left(case: Case) -> tuple[str, ...]:
    """Everybody who has had the case, once it leaves the hands that it is in."""
    hands = (case.handler, case.signed_by, case.completed_by)
    return tuple(dict.fromkeys((*case.former_handlers, *(one for one in hands if one))))


def worked(case: Case) -> tuple[str, ...]:
    """Everybody who had a part in the work, once the case leaves the hands that it is in (G6)."""
    has_worked = case.completed_by is not None or case.signed_by == case.handler
    hands = (case.handler if has_worked else None, case.signed_by, case.completed_by)
    return tuple(dict.fromkeys((*case.worked_by, *(one for one in hands if one))))


def handed_back(case: Case) -> Case:
    """The case without a handler, to be assigned anew."""
    without = replace(case, former_handlers=left(case), worked_by=worked(case))
    return replace(without, state=State.REGISTERED, handler=None, signed_by=None)


def _worker(case: Case) -> str | None:
    """Whose work of this round the resident judges; nobody's where the round has not been completed."""
    return case.rounds[-1].handler if case.completed_at is not None else None


def followed_up(case: Case, event: ev.Event) -> Case:
    """The events of timers, of the follow-up, and of the ways a case can end."""
    at = event.at
    match event.payload:
        case ev.Rated(score, satisfied, comment, suggestion):
            rating = Rating(case.round, score, satisfied, comment, suggestion, at, _worker(case))
            return replace(case, ratings=(*case.ratings, rating))
        case ev.RevisitDrawn(key, revisitor, due_at, rank):
            drawn = replace(case, revisitor=revisitor, revisit_rank=rank, revisit_due_at=due_at)
            return replace(drawn, fired=(*case.fired, key))
        case ev.RevisitRecorded():
            return _revisited(case, event, event.payload)
        case ev.Reopened(cause, reason, review_group, deadlines, worker, revisit_owed):
            anew = _reopened(case, at, review_group, {one.clock: one for one in deadlines})
            owed = revisit_owed or (case.revisit_owed and case.completed_at is None)
            anew = replace(anew, returned_by=cause, returned_because=reason or None, revisit_owed=owed)
            return _faulted(carried_on(case, anew), reason if worker else None, worker)
        case ev.WorkerNotified():
            return replace(case, fault_told_at=at, met=stopped(case, event))
        case ev.Closed(reason, note, worker=worker, revisit_left_out=left_out):
            owed = owed_when_closed(case, event.payload)
            closed = replace(case, state=State.CLOSED, closed_at=at, close_reason=reason, report_owed=owed)
            closed = replace(closed, revisit_left_out=left_out)
            return _faulted(closed, note, worker) if worker else closed
        case ev.Archived():
            return replace(case, state=State.ARCHIVED)
        case ev.Rejected(findings):
            found = replace(case, state=State.REJECTED, findings=findings, pause=None)
            return replace(found, rounds=rounds_ended(case, at))
        case ev.Objected(reason):
            return replace(case, objection=reason)
        case ev.Withdrawn():
            withdrawn = replace(case, state=State.WITHDRAWN, closed_at=at, rounds=rounds_ended(case, at))
            return replace(withdrawn, pause=None, report_owed=owed_from_before(case))
        case ev.Merged(into, _):
            merged = replace(case, state=State.MERGED, closed_at=at, merged_into=into)
            return replace(
                merged, rounds=rounds_ended(case, at), pause=None, report_owed=owed_from_before(case)
            )
        case ev.Urged():
            return replace(case, urged_at=at, urged=case.urged + 1)
        case ev.Reminded(key) | ev.SurveyReminded(key):
            return replace(case, fired=(*case.fired, key))
        case ev.Escalated(key, _, _, person):
            rungs = {**case.rungs, key: person} if person else case.rungs
            return replace(case, fired=(*case.fired, key), rungs=rungs)
        case ev.MarkedOverdue():
            return overdue(case, event.payload)
        case ev.ReportFiled():
            return replace(filed(case, event.payload, at, event.actor.id), met=stopped(case, event))
        case other:
            raise ValueError(f"There is no meaning to {other!r}.")


def _revisited(case: Case, event: ev.Event, recorded: ev.RevisitRecorded) -> Case:
    """Another revisit. Whoever made a promise is the one to keep it, by its time (D8)."""
    rank, promised = event.actor.role, recorded.promised_until
    answered, owed = recorded.outcome in ev.ANSWERED, case.promised_until
    counts = answered and not _is_second(case, event.actor.id)
    made = {**case.revisited_by, rank: case.revisited_by.get(rank, 0) + 1}
    return replace(
        _asked_again(_asked_next(case, event, recorded), event.actor.id, recorded),
        revisited_by=made if counts else case.revisited_by,
        revisits=(*case.revisits, recorded),
        revisits_recorded=case.revisits_recorded + 1,
        last_revisit_at=event.at,
        promises=case.promises + (promised is not None),
        promises_kept=case.promises_kept + (answered and owed is not None and event.at <= owed),
    )


def _asked_next(case: Case, event: ev.Event, recorded: ev.RevisitRecorded) -> Case:
    """Who is to revisit after this: who promised, or nobody yet; a colleague's vain call changes nothing."""
    if recorded.outcome is not ev.RevisitOutcome.NOT_REACHED:
        promised, who = recorded.promised_until, event.actor
        asked = replace(case, revisit_due_at=promised, last_reached_at=event.at)
        return replace(
            asked, revisitor=who.id if promised else None, revisit_rank=who.role if promised else None
        )
    if case.revisitor not in {None, event.actor.id}:
        return case
    return replace(case, revisitor=None, revisit_rank=None)


def _faulted(case: Case, fault: str | None, worker: str | None) -> Case:
    return replace(case, fault=fault, fault_worker=worker, fault_told_at=None)


def _is_second(case: Case, revisitor: str) -> bool:
    return case.checked_revisitor is not None and case.checked_revisitor != revisitor


def _asked_again(case: Case, revisitor: str, recorded: ev.RevisitRecorded) -> Case:
    """Whose answer a second person is to ask for again, and what came of it (G6); a fault is an answer."""
    if recorded.asked_again:
        return replace(case, checked_revisitor=revisitor)
    judged = recorded.outcome in ev.ANSWERED or recorded.fault is not None
    if not judged or not _is_second(case, revisitor):
        return case
    differs = recorded.outcome is not ev.RevisitOutcome.SATISFIED or recorded.fault is not None
    return replace(
        case,
        checked_revisitor=None,
        asked_again=case.asked_again + 1,
        asked_again_differs=case.asked_again_differs + differs,
    )


def _reopened(case: Case, at: datetime, review_group: tuple[str, ...], deadlines: Deadlines) -> Case:
    """A new round: what belonged to the last one starts anew, what counts over all rounds stays."""
    worker = _worker(case)
    return replace(
        handed_back(case),
        round=case.round + 1,
        returned_from=case.returned_from if worker is None else (*case.returned_from, worker),
        round_started_at=at,
        declined_by=(),
        deadlines=deadlines,
        met={},
        set_aside={},
        overdue=(),
        fired=(),
        rungs={},
        plan=None,
        plan_agreed=False,
        price_asked=False,
        appointment=None,
        pauses=(),
        extension_request=None,
        extensions=0,
        result=None,
        on_the_spot=False,
        completed_at=None,
        completed_by=None,
        revisitor=None,
        revisit_rank=None,
        revisit_due_at=None,
        checked_revisitor=None,
        revisits=(),
        last_revisit_at=None,
        last_reached_at=None,
        review_group=review_group,
        objection=None,
        closed_at=None,
        close_reason=None,
        revisit_left_out=False,
    )
