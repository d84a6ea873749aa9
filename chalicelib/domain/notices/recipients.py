"""Who is told what when something has happened (A11, B3, B7, D1, G3).

The words are in chalicelib/words (templates.py). A notice names its recipient (`resident` or a username),
never a number or address: those are looked up when it is sent. Its key is made of the event and the
recipient, so that it exists once.
"""

from collections.abc import Iterable, Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.case.visit_deadlines import visit_put_off
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.deadlines.timer_key import timer_key
from chalicelib.domain.dispatch.first_asked import follower, reached_of_first_asked
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.dispatch.written_report import fell_due_with
from chalicelib.domain.follow_up.reopening import why_not_reopened
from chalicelib.domain.notices.acceptance_told import of_acceptance
from chalicelib.domain.notices.alerts import alerts
from chalicelib.domain.notices.changed_times import told_of_times
from chalicelib.domain.notices.details import (
    ADOPTED,
    BY_CALL,
    DECLINED,
    FINAL,
    JOINED,
    POINT,
    UNREACHED,
    UPHELD,
    VISIT,
)
from chalicelib.domain.notices.findings_told import of_findings
from chalicelib.domain.notices.in_their_name import by_word, ends_as_said, told_in_their_name
from chalicelib.domain.notices.incidents_told import of_incidents
from chalicelib.domain.notices.kinds import (
    FOLLOWED,
    MAILED,
    ONCE_ONLY,
    RESIDENT_ID,
    TELLS,
    Notice,
    NoticeChannel,
    NoticeKind,
    notice_key,
)
from chalicelib.domain.notices.malicious_told import of_the_track
from chalicelib.domain.notices.more_to_read import who_reads
from chalicelib.domain.notices.must_hear import asks_for_call
from chalicelib.domain.notices.order_told import of_the_order
from chalicelib.domain.notices.replies_told import of_replies, to_call
from chalicelib.domain.notices.sign_off_told import of_the_sign_off
from chalicelib.domain.notices.sources import is_ordinary_chase, source_of
from chalicelib.domain.notices.visits_told import of_visits
from chalicelib.domain.regulation.limits import Clock


def due(outcome: Outcome, context: Context) -> tuple[Notice, ...]:
    """Every notice that the outcome of one command calls for, each key once."""
    case = outcome.after
    found: dict[str, Notice] = {}
    for event in outcome.events:
        told = (
            *_told(case, event, context),
            *of_visits(outcome, event, context),
            *of_the_order(outcome, event, context),
            *of_acceptance(case, event),
            *of_the_sign_off(case, event),
            *of_incidents(event),
            *of_findings(outcome, event, context),
            *told_in_their_name(outcome, event),
            *alerts(outcome, event, context),
            *_of_the_report(case, event, context),
            *_relieved(outcome, event),
            *to_call(outcome, event),
            *of_replies(case, event, context),
            *told_of_times(outcome, event),
            *of_the_track(case, event, context),
        )
        for kind, person, detail in (*told, *_followed(case, event, told, context)):
            source = source_of(event, case)
            waited_for = kind in ONCE_ONLY | TELLS.keys() or asks_for_call(kind, person, detail, source)
            mailed = kind in MAILED or is_ordinary_chase(kind, detail, case)
            for channel in _channels(case, person, context, waited_for=waited_for, mailed=mailed):
                key = notice_key(event.version, kind, channel, person)
                found[key] = Notice(key, kind, channel, person, event.version, event.at, detail, source)
    return tuple(found.values())


def _channels(
    case: Case, person: str, context: Context, *, waited_for: bool, mailed: bool
) -> Iterator[NoticeChannel]:
    if person == RESIDENT_ID:
        phone, email = case.report.phone, case.report.email
    else:
        member = context.community.member(person)
        phone, email = (member.phone, member.email) if member else (None, None)
    if by_sms := can_get_sms(phone):
        yield NoticeChannel.SMS
    if email and (mailed or not by_sms):
        yield NoticeChannel.MAIL
    if waited_for and not (by_sms or email):
        yield NoticeChannel.SMS  # delivery finds no number and puts on record why nothing was sent (B8, G8)


def _told(case: Case, event: ev.Event, context: Context) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of one event."""
    department = case.classification.department
    match event.payload:
        case ev.Registered():
            if not case.work.on_the_spot:  # else the result says it all
                unfinished = BY_CALL if case.report.unfinished else None
                yield NoticeKind.REGISTERED, RESIDENT_ID, JOINED if case.is_joined else unfinished
        case ev.FilledIn(reachable=True) if case.state in IN_DISPATCH:
            yield NoticeKind.REGISTERED, RESIDENT_ID, None
        case ev.FilledIn(text=str()):
            for reader in who_reads(case, event, context):
                yield NoticeKind.ADDED, reader, None
        case ev.Assigned(handler=handler):
            yield NoticeKind.ASSIGNED, handler, None
        case ev.Reminded(clock=None, person=person) if person:
            yield NoticeKind.REVISIT_REMINDER, person, "promised" if case.follow_up.promised_until else None
        case ev.Reminded(clock=clock, person=person) if person:
            yield NoticeKind.REMINDER, person, clock
        case ev.MarkedOverdue(clock=clock, person=person) if person:
            yield NoticeKind.OVERDUE, person, clock
        case ev.Escalated(key=key, clock=clock, person=person) if person:
            yield NoticeKind.ESCALATED, person, clock or timer_key(key).of
        case ev.Progressed():
            yield NoticeKind.NEWS, RESIDENT_ID, None
        case ev.ExtensionRequested() | ev.Objected() | ev.Classified(kept=(_, *_)):
            manager = person_of_rank(context.community, Role.MANAGER, department, event.at)
            if manager:
                yield _OF_THE_MANAGER[type(event.payload)], manager.username, None
        case ev.ExtensionGranted():
            yield NoticeKind.EXTENDED, RESIDENT_ID, None
            if case.assignment.handler:
                yield NoticeKind.EXTENSION_DECIDED, case.assignment.handler, "granted"
        case ev.ExtensionRefused() if case.assignment.handler:
            yield NoticeKind.EXTENSION_DECIDED, case.assignment.handler, "refused"
        case ev.Paused():
            yield NoticeKind.PAUSED, RESIDENT_ID, VISIT if visit_put_off(case) else None
        case ev.Urged() if case.assignment.handler:
            yield NoticeKind.URGED, case.assignment.handler, None
        case ev.Completed(surveyed=True):
            yield NoticeKind.COMPLETED, RESIDENT_ID, _DECIDED[case.work.adopted]
        case ev.MeasureChased(people=people):
            yield from ((NoticeKind.MEASURE, person, None) for person in people)
        case ev.SurveyReminded():
            yield NoticeKind.SURVEY_REMINDER, RESIDENT_ID, None
        case ev.RevisitDrawn(revisitor=revisitor, because=because) if revisitor:
            yield NoticeKind.REVISIT, revisitor, "again" if because == "again" else None
        case ev.PointChased(person=person) if person:
            yield NoticeKind.REVISIT_REMINDER, person, POINT
        case ev.PointAnswered():
            yield NoticeKind.POINT_ANSWERED, RESIDENT_ID, None
        case ev.RevisitRecorded() if event.payload.promised_until:
            yield NoticeKind.PROMISED, RESIDENT_ID, None
        case ev.Reopened(cause=cause, review_group=review_group, worker=worker) as reopened:
            detail = cause if cause in ev.NO_RETURN else by_word(reopened)
            yield NoticeKind.REOPENED, RESIDENT_ID, detail
            if worker:
                yield NoticeKind.FAULT, worker, None
            for person_name in review_group:
                yield NoticeKind.REVIEW, person_name, None
        case ev.Rejected():
            yield NoticeKind.REJECTED, RESIDENT_ID, None
        case ev.Closed(reason=reason, worker=worker):
            is_final = why_not_reopened(case, RESIDENT, context, event.at) is not None
            asked = case.work.surveyed  # else the end of the incident was told to all, and nobody was asked
            if asked and (is_final or not ends_as_said(event)):
                yield NoticeKind.CLOSED, RESIDENT_ID, _CLOSED_BY.get(reason, FINAL if is_final else None)
            if worker:
                yield NoticeKind.FAULT, worker, "closed"
        case ev.Referred():
            yield NoticeKind.REFERRED, RESIDENT_ID, None
            if case.assignment.handler:
                yield NoticeKind.CALLED_OFF, case.assignment.handler, "referred"
        case ev.Withdrawn() | ev.Merged() if case.assignment.handler:
            yield NoticeKind.CALLED_OFF, case.assignment.handler, ev.event_type(type(event.payload))
        case _:
            return


_DECIDED = {None: None, True: ADOPTED, False: DECLINED}
_CLOSED_BY = {ev.CloseReason.UNTRUE: UPHELD, ev.CloseReason.UNREACHED: UNREACHED}
_OF_THE_MANAGER = {
    ev.ExtensionRequested: NoticeKind.EXTENSION_ASKED,
    ev.Objected: NoticeKind.OBJECTED,
    ev.Classified: NoticeKind.TIME_KEPT,
}
"""What asks the manager for a decision → the message."""


def _followed(
    case: Case, event: ev.Event, told: Iterable[tuple[NoticeKind, str, str | None]], context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """What whoever took the case in hears, unless the work is theirs (A9).

    A reminder waits for them; that the case is late reaches who stands in, where they are off duty (G3). The
    written report is owed by the department to its superiors, and none of theirs.
    """
    mine = follower(case, context.community)
    if mine is None or mine.username == case.assignment.handler:
        return
    for kind, _, detail in told:
        if kind in FOLLOWED and detail != Clock.WRITTEN_REPORT:
            person = mine if kind is NoticeKind.REMINDER else reached_of_first_asked(case, event.at, context)
            if person is not None:
                yield kind, person.username, detail


def _of_the_report(
    case: Case, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """The head of the department has to write the report, the superiors get it; never who filed it (B6)."""
    ranks: tuple[Role, ...] = (Role.DEPARTMENT_HEAD,)
    detail: str | None = None
    if isinstance(event.payload, ev.ReportFiled):
        kind, ranks = NoticeKind.REPORT_FILED, (Role.MANAGER, Role.COMPANY_HEAD)
    elif fell_due_with(event):
        kind, detail = NoticeKind.REPORT_OWED, Clock.WRITTEN_REPORT
    elif isinstance(event.payload, ev.Closed) and event.payload.report_owed:
        kind, detail = NoticeKind.REPORT_OWED, "closed"
    else:
        return
    department = case.classification.department
    people = [person_of_rank(context.community, rank, department, event.at) for rank in ranks]
    for username in dict.fromkeys(member.username for member in people if member):
        if username != event.actor.id:
            yield kind, username, detail


def _relieved(outcome: Outcome, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Whoever had signed learns that the work has gone to somebody else; who was to sign, that it is done."""
    before, after = outcome.before, outcome.after
    handler = before.assignment.handler if before else None
    if before is None or not handler or handler == after.assignment.handler or after.round != before.round:
        return
    has_signed, is_last = before.assignment.signed_by is not None, event is outcome.events[-1]
    if isinstance(event.payload, ev.Completed):
        yield NoticeKind.CALLED_OFF, handler, "answered"
    elif has_signed and is_last and after.state in IN_DISPATCH:  # several events of one command tell it once
        yield NoticeKind.CALLED_OFF, handler, "passed_on"
