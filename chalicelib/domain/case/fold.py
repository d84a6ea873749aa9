"""From events to the case: `fold(events)` is the only way that a case comes about."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, CurrentPause, ExtensionRequest, State
from chalicelib.domain.case.clocks import started_again, stopped
from chalicelib.domain.case.fold_follow_up import Deadlines, followed_up, handed_back, left, worked
from chalicelib.domain.case.rounds import rounds_ended
from chalicelib.domain.case.written_report import owed_as_classified
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock

REMEMBERED_COMMANDS = 20
"""How many ids of people's commands a case remembers, so that a repeated one is told from a new one."""


def apply(case: Case | None, event: ev.Event, community: str, number: str) -> Case:
    """The case after one more event. The event is a fact: nothing is checked or refused here."""
    if case is None:
        if not isinstance(event.payload, ev.Registered):
            raise ValueError(f"The history of {number} starts with {event.type}, not with its registration.")
        changed = _registered(event, event.payload, community, number)
    else:
        changed = _changed(case, event)
    recent = changed.recent_commands
    if event.actor.role is not Role.SYSTEM and event.command_id not in recent:
        recent = (*recent, event.command_id)[-REMEMBERED_COMMANDS:]
    return replace(changed, version=event.version, recent_commands=recent)


def fold(history: Iterable[ev.Event], community: str, number: str) -> Case:
    """The case that a whole history adds up to; ValueError unless it begins with the registration."""
    case: Case | None = None
    for event in history:
        case = apply(case, event, community, number)
    if case is None:
        raise ValueError(f"The history of {number} is empty.")
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
        first_asked=payload.report.taken_by,
        deadlines={one.clock: one for one in payload.deadlines},
    )


def _with_deadlines(case: Case, deadlines: tuple[Deadline, ...]) -> Deadlines:
    return {**case.deadlines, **{one.clock: one for one in deadlines}}


def _without(set_aside: Deadlines, started: tuple[Deadline, ...]) -> Deadlines:
    anew = {one.clock for one in started}
    return {clock: one for clock, one in set_aside.items() if clock not in anew}


def _rearmed(case: Case, *clocks: Clock) -> Case:
    """The case with clocks that have a new deadline: their timers may fire again, they are not late."""
    again = tuple(f"{clock}:" for clock in clocks)
    fired = tuple(key for key in case.fired if not key.startswith(again))
    return replace(case, fired=fired, overdue=tuple(one for one in case.overdue if one not in clocks))


def _changed(case: Case, event: ev.Event) -> Case:
    """One branch for each kind of event. Long on purpose: the whole meaning of a history in one place."""
    at = event.at
    match event.payload:
        case ev.Classified(classification, _, deadlines):
            return _classified(case, classification, {one.clock: one for one in deadlines})
        case ev.Assigned(handler, department, _, deadlines):
            again = _rearmed(case, Clock.SIGN)
            return replace(
                again,
                state=State.ASSIGNED,
                handler=handler,
                assigned_version=event.version,
                signed_by=None,
                former_handlers=tuple(one for one in left(case) if one != handler),
                worked_by=worked(case),
                classification=replace(case.classification, department=department),
                deadlines=_with_deadlines(case, deadlines),
                set_aside=_without(case.set_aside, deadlines),
                met=started_again(case, event),
            )
        case ev.Signed():
            return replace(case, state=State.SIGNED, signed_by=event.actor.id, met=stopped(case, event))
        case ev.Declined():
            declined = (*case.declined_by, case.handler) if case.handler else case.declined_by
            back = handed_back(case)
            return replace(back, declined_by=declined, worked_by=(*back.worked_by, event.actor.id))
        case ev.Started():
            return replace(case, state=State.WORKING, met=stopped(case, event))
        case ev.Proposed():
            proposed = replace(case, plan=event.payload, plan_agreed=False, price_asked=False)
            return replace(proposed, state=State.PROPOSED, met=stopped(case, event))
        case ev.Agreed():
            return replace(case, state=State.WORKING, plan_agreed=True)
        case ev.Disagreed():
            return replace(case, state=State.SIGNED, plan=None)
        case ev.AppointmentAgreed(visit_at, _, deadlines):
            return replace(
                _rearmed(case, *(one.clock for one in deadlines)),
                appointment=visit_at,
                met=stopped(case, event),
                deadlines=_with_deadlines(case, deadlines),
            )
        case ev.PriceAsked(_, deadlines):
            return replace(
                _rearmed(case, Clock.QUOTE),
                price_asked=True,
                met=started_again(case, event),
                deadlines=_with_deadlines(case, deadlines),
            )
        case ev.Progressed(_, deadlines):
            return replace(
                _rearmed(case, *(one.clock for one in deadlines)),
                met=stopped(case, event),
                deadlines=_with_deadlines(case, deadlines),
                set_aside=_without(case.set_aside, deadlines),
            )
        case ev.Paused(reason, evidence, until):
            return replace(case, pause=CurrentPause(at, reason, evidence, until))
        case ev.Resumed(_, deadlines):
            resumed = replace(case, pause=None, deadlines=_with_deadlines(case, deadlines))
            if case.pause is None:
                return resumed
            return replace(resumed, pauses=(*case.pauses, case.pause.ended(at)))
        case ev.ExtensionRequested(until, reason):
            return replace(case, extension_request=ExtensionRequest(event.actor.id, until, reason))
        case ev.ExtensionGranted(_, _, deadlines):
            return replace(
                _rearmed(case, Clock.SOLVE),
                extension_request=None,
                extensions=case.extensions + 1,
                deadlines=_with_deadlines(case, deadlines),
            )
        case ev.ExtensionRefused():
            return replace(case, extension_request=None)
        case ev.Replanned(_, deadlines):  # a reminder that was given is not given again
            return replace(case, deadlines=_with_deadlines(case, deadlines))
        case ev.Completed(result, _, on_the_spot, sample):
            return replace(
                case,
                state=State.COMPLETED,
                result=result,
                on_the_spot=on_the_spot,
                sample=sample or case.sample,
                completed_at=at,
                completed_by=event.actor.id,
                completed_version=event.version,
                rounds=rounds_ended(case, at, completed_by=event.actor.id),
                met=stopped(case, event),
                extension_request=None,
            )
        case _:
            return followed_up(case, event)


def _classified(case: Case, classification: ev.Classification, deadlines: Deadlines) -> Case:
    """All clocks as the new classification has them; those that moved are armed again.

    What was ended, or has another start now, is kept as it was, but for a price that nobody asks any more.
    An emergency has no appointment, and only a repair a price that was asked for. A case that nobody has
    signed for yet goes back to be assigned when it changes its department.
    """
    before = {clock: one.due_at for clock, one in {**case.set_aside, **case.deadlines}.items()}
    moved = (clock for clock, deadline in deadlines.items() if before.get(clock) != deadline.due_at)
    owed = owed_as_classified(case, deadlines)
    changed = replace(
        _rearmed(case, *moved),
        classification=classification,
        deadlines=deadlines,
        set_aside=_set_aside(case, deadlines),
        report_owed=owed,
        appointment=None if classification.urgency == "emergency" else case.appointment,
        price_asked=case.price_asked and classification.kind == "repair",
    )
    elsewhere = classification.department != case.classification.department
    return handed_back(changed) if elsewhere and case.state is State.ASSIGNED else changed


def _set_aside(case: Case, deadlines: Deadlines) -> Deadlines:
    """The clocks as they were when a correction ended them, or before one gave them a later start."""
    ended = {clock: one for clock, one in case.deadlines.items() if clock not in deadlines}
    moved = {
        clock: one
        for clock, one in case.deadlines.items()
        if clock in deadlines and deadlines[clock].started_at != one.started_at
    }
    kept = {**moved, **case.set_aside, **ended}
    return {
        clock: one for clock, one in kept.items() if clock is not Clock.QUOTE and deadlines.get(clock) != one
    }
