"""From events to the case: `fold(events)` is the only way that a case comes about."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from chalicelib.domain.case import (
    about,
    alarm,
    assignment,
    call_back,
    climbed,
    clocks,
    ending,
    files,
    follow_up,
    incident,
    malicious,
    measures,
    money,
    order,
    points,
    reply,
    report_duty,
    sorting,
    tally,
    telling,
    work,
)
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clocks import Clocks, of_the_round
from chalicelib.domain.case.personal import emptied
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.case.rounds import come_back, round_ended
from chalicelib.domain.community.roles import Role

REMEMBERED_COMMANDS = 20
"""How many ids of people's commands a case remembers.

By them a command that is sent again is told from a new one.
"""

LEADS_TO: Mapping[type[ev.Payload], State] = {
    ev.Registered: State.REGISTERED,
    ev.Assigned: State.ASSIGNED,
    ev.Signed: State.SIGNED,
    ev.Declined: State.REGISTERED,
    ev.TakenBack: State.REGISTERED,
    ev.Started: State.WORKING,
    ev.Proposed: State.PROPOSED,
    ev.Agreed: State.WORKING,
    ev.Disagreed: State.SIGNED,
    ev.ResultHandedIn: State.WORKING,
    ev.Completed: State.COMPLETED,
    ev.Reopened: State.REGISTERED,
    ev.Closed: State.CLOSED,
    ev.Archived: State.ARCHIVED,
    ev.Rejected: State.REJECTED,
    ev.Objected: State.OBJECTED,
    ev.Referred: State.REFERRED,
    ev.Withdrawn: State.WITHDRAWN,
    ev.Merged: State.MERGED,
}
"""Each kind of event → the state that it leads to.

After any other event the case stays in its state, but for a correction (`_reclassified`).
"""


def apply(case: Case | None, event: ev.Event, community: str, number: str) -> Case:
    """The case after one more event.

    The event is a fact: nothing is checked or refused here.
    """
    if case is None:
        if not isinstance(event.payload, ev.Registered):
            raise ValueError(f"The history of {number} starts with {event.type}, not with its registration.")
        changed = _registered(event, event.payload, community, number)
    else:
        changed = _changed(case, event)
    recent = changed.recent_commands
    if event.actor.role is not Role.SYSTEM and event.command_id not in recent:
        remembered = {**recent, event.command_id: event.form_id}
        recent = dict(list(remembered.items())[-REMEMBERED_COMMANDS:])
    at = max(changed.changed_at, event.at)  # earlier releases let a skewed clock go back
    return replace(changed, version=event.version, changed_at=at, recent_commands=recent)


def fold(history: Iterable[ev.Event], community: str, number: str) -> Case:
    """The case that a whole history adds up to.

    ValueError unless the history begins with the registration.
    """
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
        regulation=payload.regulation,
        regulation_version=payload.regulation_version,
        zone=payload.zone,
        registered_at=event.at,
        changed_at=event.at,
        first_asked=payload.report.taken_by,
        report=payload.report,
        classification=payload.classification,
        clocks=Clocks(event.at, of_the_round(payload.deadlines)),
        report_duty=report_duty.registered(payload),
        reply_duty=reply.ReplyDuty(wanted=payload.report.in_writing),
        first_kind=_sorted_as(payload.classification),
        about=about.after(about.NOBODY, event),
        call_back=call_back.after(call_back.NO_CALL, event),
        proposal=payload.proposal,
        sorting=sorting.after(sorting.Sorting(), event),
        offered=payload.offered,
        files=files.after((), event),
    )


def _sorted_as(classification: ev.Classification) -> str | None:
    return classification.kind if classification.is_sorted else None


def _changed(case: Case, event: ev.Event) -> Case:
    """Every part hears every event, and says itself what it makes of it."""
    changed = replace(
        case,
        state=LEADS_TO.get(type(event.payload), case.state),
        round=case.round + isinstance(event.payload, ev.Reopened),
        rounds=_rounds(case, event),
        assignment=assignment.after(case.assignment, event),
        clocks=clocks.after(case.clocks, event),
        climbs=climbed.after(case.climbs, event),
        work=work.after(case.work, event),
        follow_up=follow_up.after(case.follow_up, event),
        ending=ending.after(case.ending, event),
        tally=tally.after(case.tally, event, case.round, case.worker, case.follow_up),
        points=points.after(case.points, event),
        report_duty=report_duty.after(case.report_duty, event, case.clocks.started_at),
        telling=telling.after(case.telling, event),
        reply_duty=reply.after(case.reply_duty, event),
        track=malicious.after(case.track, event),
        incident=incident.after(case.incident, event),
        about=about.after(case.about, event),
        call_back=call_back.after(case.call_back, event),
        sorting=sorting.after(case.sorting, event),
        alarm=alarm.after(case.alarm, event),
        payer=money.payer_after(case.payer, event),
        loss=money.loss_after(case.loss, event),
        measures=measures.after(case.measures, event),
        outside_calls=alarm.calls_after(case.outside_calls, event),
        files=files.after(case.files, event),
        order=order.after(case.order, event, case.round, case.work),
    )
    match event.payload:
        case ev.Newer():
            return replace(changed, is_newer=True)
        case ev.Joined(joining=joining):
            return replace(changed, joined=(*case.joined, joining))
        case ev.FilledIn() as known:
            return replace(
                changed,
                report=call_back.filled(case.report, known),
                proposal=known.proposal or case.proposal,
            )
        case ev.LanguageChosen(language=language):
            return replace(changed, report=replace(case.report, language=language))
        case ev.ErasureAsked():
            return replace(changed, erasure_asked_at=event.at)
        case ev.Erased(kinds=kinds):
            gone = (*case.erased, *(kind for kind in kinds if kind not in case.erased))
            return replace(emptied(changed, kinds), erased=gone)
        case ev.Parted(parting=parting):
            return replace(changed, joined=tuple(number for number in case.joined if number != parting))
        case ev.Assigned(department=department):
            return replace(changed, classification=replace(case.classification, department=department))
        case ev.CareWithdrawn():
            return _with_care(replace(changed, classification=replace(case.classification, care=False)))
        case ev.Classified(classification=classification, care_by=by, care_on=on):
            first = case.first_kind or _sorted_as(classification)
            return replace(_with_care(_reclassified(changed, classification), by, on), first_kind=first)
        case _:
            return changed


def _with_care(case: Case, by: str | None = None, on: date | None = None) -> Case:
    """The case with who agreed when that a need for help is noted; without, where none is (G15)."""
    return replace(case, report=replace(case.report, care_by=by, care_on=on))


def _rounds(case: Case, event: ev.Event) -> tuple[RoundRecord, ...]:
    """The rounds that have ended, once the event has ended the present one."""
    match event.payload:
        case ev.Completed(incident=str(), surveyed=surveyed):  # whoever did the work has it by the other case
            ended = round_ended(case, event.at)
            return (*case.rounds, replace(ended, handler=None, completed=True, surveyed=surveyed))
        case ev.Completed(done_by=done_by):
            return (*case.rounds, round_ended(case, event.at, completed_by=done_by or event.actor.id))
        case ev.Rejected() | ev.Referred() | ev.Withdrawn() | ev.Merged():
            return (*case.rounds, round_ended(case, event.at))
        case ev.Reopened():
            return come_back(case)
        case _:
            return case.rounds


def _reclassified(case: Case, classification: ev.Classification) -> Case:
    """A case sent back to be assigned: its department changed before anybody signed."""
    elsewhere = classification.department != case.classification.department
    corrected = replace(case, classification=classification)
    if not (elsewhere and case.state is State.ASSIGNED):
        return corrected
    return replace(corrected, state=State.REGISTERED, assignment=case.assignment.handed_back())
