"""From events to the case: `fold(events)` is the only way that a case comes about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import events as ev
from chalicelib.domain.case import Case, CurrentPause, ExtensionRequest, Rating, State, paused_time
from chalicelib.domain.deadlines import Deadline, Pause
from chalicelib.domain.regulation import Clock

REMEMBERED_COMMANDS = 20
"""How many command ids a case remembers, so that a repeated command is told from a new one."""


def apply(case: Case | None, event: ev.Event, community: str, number: str) -> Case:
    """The case after one more event. The event is a fact: nothing is checked or refused here."""
    if case is None:
        assert isinstance(event.payload, ev.Registered), "a history starts with its registration"
        changed = _registered(event, event.payload, community, number)
    else:
        changed = _changed(case, event)
    recent = changed.recent_commands
    if event.command_id not in recent:
        recent = (*recent, event.command_id)[-REMEMBERED_COMMANDS:]
    return replace(changed, version=event.version, recent_commands=recent)


def fold(history: Iterable[ev.Event], community: str, number: str) -> Case:
    """The case that a whole history adds up to."""
    case: Case | None = None
    for event in history:
        case = apply(case, event, community, number)
    assert case is not None, "a case has at least its registration"
    return case


def _registered(event: ev.Event, payload: ev.Registered, community: str, number: str) -> Case:
    return Case(
        community=community,
        number=number,
        version=event.version,
        state=State.REGISTERED,
        round=1,
        report=payload.report,
        classification=payload.classification,
        regulation=payload.regulation,
        regulation_version=payload.regulation_version,
        zone=payload.zone,
        registered_at=event.at,
        round_started_at=event.at,
        answerable=payload.report.taken_by,
        deadlines={one.clock: one for one in payload.deadlines},
    )


def _with_deadlines(case: Case, deadlines: tuple[Deadline, ...]) -> Mapping[Clock, Deadline]:
    return {**case.deadlines, **{one.clock: one for one in deadlines}}


def _met(case: Case, at: datetime, *clocks: Clock) -> Mapping[Clock, datetime]:
    return {**case.met, **{one: at for one in clocks if one in case.deadlines and one not in case.met}}


def _rearmed(case: Case, clock: Clock) -> tuple[str, ...]:
    """The fired timers without those of a clock that starts anew: they may fire again."""
    return tuple(key for key in case.fired if not key.startswith(f"{clock}:"))


def _not_overdue(case: Case, clock: Clock) -> tuple[Clock, ...]:
    return tuple(one for one in case.overdue if one is not clock)


def _reassigned(case: Case, handler: str | None) -> tuple[str, ...]:
    if case.handler is None or case.handler == handler or case.handler in case.former_handlers:
        return case.former_handlers
    return (*case.former_handlers, case.handler)


def _changed(case: Case, event: ev.Event) -> Case:
    """One branch for each kind of event. Long on purpose: the whole meaning of a history in one place."""
    at = event.at
    match event.payload:
        case ev.Classified(classification, _, deadlines):
            return replace(case, classification=classification, deadlines=_with_deadlines(case, deadlines))
        case ev.Assigned(handler, department, _, deadlines):
            met = {clock: when for clock, when in case.met.items() if clock is not Clock.SIGN}
            return replace(
                case,
                state=State.ASSIGNED,
                handler=handler,
                assigned_version=event.version,
                signed_by=None,
                former_handlers=_reassigned(case, handler),
                classification=replace(case.classification, department=department),
                deadlines=_with_deadlines(case, deadlines),
                met=met,
                overdue=_not_overdue(case, Clock.SIGN),
                fired=_rearmed(case, Clock.SIGN),
            )
        case ev.Signed():
            met = _met(case, at, Clock.SIGN)
            return replace(case, state=State.SIGNED, signed_by=case.handler, met=met)
        case ev.Declined():
            return replace(
                case,
                state=State.REGISTERED,
                handler=None,
                signed_by=None,
                former_handlers=_reassigned(case, None),
                declined_by=(*case.declined_by, case.handler or ""),
            )
        case ev.Started():
            met = _met(case, at, Clock.RESPOND, Clock.ON_SITE)
            return replace(case, state=State.WORKING, met=met)
        case ev.Proposed():
            met = _met(case, at, Clock.RESPOND, Clock.ANSWER, Clock.QUOTE)
            return replace(case, state=State.PROPOSED, plan=event.payload, met=met)
        case ev.Agreed():
            return replace(case, state=State.WORKING)
        case ev.Disagreed():
            return replace(case, state=State.SIGNED, plan=None)
        case ev.Progressed(_, deadlines):
            return replace(
                case,
                met=_met(case, at, Clock.RESPOND),
                deadlines=_with_deadlines(case, deadlines),
                fired=_rearmed(case, Clock.INFORM),
                overdue=_not_overdue(case, Clock.INFORM),
            )
        case ev.Paused(reason, evidence, until):
            return replace(case, pause=CurrentPause(at, reason, evidence, until))
        case ev.Resumed(_, deadlines):
            assert case.pause is not None, "only a paused case resumes"
            ended = Pause(case.pause.since, min(at, case.pause.until), case.pause.reason)
            return replace(
                case,
                pause=None,
                pauses=(*case.pauses, ended),
                deadlines=_with_deadlines(case, deadlines),
            )
        case ev.ExtensionRequested(until, reason):
            return replace(case, extension_request=ExtensionRequest(event.actor.id, until, reason))
        case ev.ExtensionGranted(_, _, deadlines):
            return replace(
                case,
                extension_request=None,
                extensions=case.extensions + 1,
                deadlines=_with_deadlines(case, deadlines),
                fired=_rearmed(case, Clock.SOLVE),
                overdue=_not_overdue(case, Clock.SOLVE),
            )
        case ev.ExtensionRefused():
            return replace(case, extension_request=None)
        case ev.Completed(result, _, on_the_spot):
            late = at > case.solve_due_at
            met = _met(case, at, *(clock for clock in case.deadlines))
            return replace(
                case,
                state=State.COMPLETED,
                result=result,
                on_the_spot=on_the_spot,
                completed_at=at,
                completed_version=event.version,
                completions=case.completions + 1,
                late_rounds=case.late_rounds + late,
                met=met,
                extension_request=None,
            )
        case _:
            return _followed_up(case, event)


def _followed_up(case: Case, event: ev.Event) -> Case:
    """The events of timers, of the follow-up, and of the ways a case can end."""
    at = event.at
    match event.payload:
        case ev.Rated(score, satisfied, comment, suggestion):
            rating = Rating(case.round, score, satisfied, comment, suggestion, at)
            return replace(case, ratings=(*case.ratings, rating))
        case ev.RevisitDrawn(key, revisitor, due_at):
            return replace(case, revisitor=revisitor, revisit_due_at=due_at, fired=(*case.fired, key))
        case ev.RevisitRecorded():
            return replace(
                case,
                revisitor=None,
                revisit_due_at=None,
                revisits=(*case.revisits, event.payload),
                revisits_recorded=case.revisits_recorded + 1,
                last_revisit_at=at,
            )
        case ev.Reopened(_, _, review_group, deadlines):
            return replace(
                case,
                state=State.REGISTERED,
                round=case.round + 1,
                round_started_at=at,
                answerable=event.actor.id,
                handler=None,
                signed_by=None,
                former_handlers=_reassigned(case, None),
                declined_by=(),
                deadlines={one.clock: one for one in deadlines},
                met={},
                overdue=(),
                fired=(),
                plan=None,
                paused_before=paused_time(case),
                pauses=(),
                extensions=0,
                revisitor=None,
                revisit_due_at=None,
                revisits=(),
                last_revisit_at=None,
                review_group=review_group,
                objection=None,
                closed_at=None,
                close_reason=None,
            )
        case ev.Closed(reason, _):
            return replace(case, state=State.CLOSED, closed_at=at, close_reason=reason)
        case ev.Archived():
            return replace(case, state=State.ARCHIVED)
        case ev.Rejected(findings):
            return replace(case, state=State.REJECTED, findings=findings, pause=None)
        case ev.Objected(reason):
            return replace(case, objection=reason)
        case ev.Withdrawn():
            return replace(case, state=State.WITHDRAWN, closed_at=at, pause=None)
        case ev.Merged(into, _):
            return replace(case, state=State.MERGED, closed_at=at, merged_into=into, pause=None)
        case ev.Urged():
            return replace(case, urged_at=at, urged=case.urged + 1)
        case ev.Reminded(key) | ev.SurveyReminded(key) | ev.Escalated(key):
            return replace(case, fired=(*case.fired, key))
        case ev.MarkedOverdue(key, clock):
            return replace(case, fired=(*case.fired, key), overdue=(*case.overdue, clock))
        case other:  # pragma: no cover - every payload has its branch
            raise AssertionError(other)
