"""Who is told what when something has happened (A11, B3, B7, D1, G3).

The words are in chalicelib/notices (templates.py). A notice names its recipient (`resident` or a username),
never a number or address: those are looked up when it is sent. Its key is made of the event and the
recipient, so that it exists once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.case.visits import BY_VISIT
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import timer_key
from chalicelib.domain.dispatch.ladder import awake_of_rank, on_duty_for, person_of_rank, responsible
from chalicelib.domain.dispatch.written_report import fell_due_with
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT, TOLD_TO_HANDLER, named
from chalicelib.domain.notices.kinds import MAILED, ONCE_ONLY, RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.visits_told import of_visits
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.policies import ON_DUTY


def due(outcome: Outcome, context: Context) -> tuple[Notice, ...]:
    """Every notice that the outcome of one command calls for.

    Each key is there once.
    """
    case = outcome.after
    found: dict[str, Notice] = {}
    for event in outcome.events:
        told = (
            *_told(case, event, context),
            *of_visits(case, event, context),
            *_alerts(outcome, event, context),
            *_of_the_report(case, event, context),
            *_relieved(outcome, event),
            *_corrected(outcome, event),
        )
        for kind, person, detail in told:
            for channel in _channels(case, kind, person, context):
                key = f"{event.version:06d}#{kind}#{channel}#{person}"
                found[key] = Notice(key, kind, channel, person, event.version, event.at, detail)
    return tuple(found.values())


def _channels(case: Case, kind: NoticeKind, person: str, context: Context) -> Iterator[NoticeChannel]:
    if person == RESIDENT_ID:
        phone, email = case.report.phone, case.report.email
    else:
        member = context.community.member(person)
        phone, email = (member.phone, member.email) if member else (None, None)
    if phone:
        yield NoticeChannel.SMS
    if email and (kind in MAILED or not phone):
        yield NoticeChannel.MAIL
    if kind in ONCE_ONLY and not (phone or email):
        yield NoticeChannel.SMS  # delivery finds no number and puts on record why no survey was sent (G8)


def _told(case: Case, event: ev.Event, context: Context) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of one event."""
    department = case.classification.department
    match event.payload:
        case ev.Registered():
            if not case.work.on_the_spot:  # else the result says it all
                yield NoticeKind.REGISTERED, RESIDENT_ID, None
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
        case ev.Proposed():
            yield NoticeKind.PROPOSED, RESIDENT_ID, None
        case ev.PriceAsked() if case.assignment.handler:
            yield NoticeKind.PRICE_ASKED, case.assignment.handler, Clock.QUOTE
        case ev.ExtensionRequested() | ev.Objected():
            objected = isinstance(event.payload, ev.Objected)
            manager = person_of_rank(context.community, Role.MANAGER, department, event.at)
            if manager:
                kind = NoticeKind.OBJECTED if objected else NoticeKind.EXTENSION_ASKED
                yield kind, manager.username, None
        case ev.Agreed() if case.assignment.handler:
            yield NoticeKind.AGREED, case.assignment.handler, None
        case ev.Disagreed() if case.assignment.handler:
            yield NoticeKind.DISAGREED, case.assignment.handler, None
        case ev.ExtensionGranted():
            yield NoticeKind.EXTENDED, RESIDENT_ID, None
            if case.assignment.handler:
                yield NoticeKind.EXTENSION_DECIDED, case.assignment.handler, "granted"
        case ev.ExtensionRefused() if case.assignment.handler:
            yield NoticeKind.EXTENSION_DECIDED, case.assignment.handler, "refused"
        case ev.Replanned(moved=moved):
            if promise := named(moved, PROMISED_TO_RESIDENT):
                yield NoticeKind.REPLANNED, RESIDENT_ID, promise.clock
            work = named(moved, TOLD_TO_HANDLER)
            if work and case.assignment.handler not in {None, event.actor.id}:
                yield NoticeKind.WORK_REPLANNED, str(case.assignment.handler), work.clock
        case ev.Urged() if case.assignment.handler:
            yield NoticeKind.URGED, case.assignment.handler, None
        case ev.Completed():
            yield NoticeKind.COMPLETED, RESIDENT_ID, None
        case ev.SurveyReminded():
            yield NoticeKind.SURVEY_REMINDER, RESIDENT_ID, None
        case ev.RevisitDrawn(revisitor=revisitor, because=because) if revisitor:
            yield NoticeKind.REVISIT, revisitor, "again" if because == "again" else None
        case ev.RevisitRecorded() if event.payload.promised_until:
            yield NoticeKind.PROMISED, RESIDENT_ID, None
        case ev.Reopened(review_group=review_group, worker=worker):
            yield NoticeKind.REOPENED, RESIDENT_ID, None
            if worker:
                yield NoticeKind.FAULT, worker, None
            for person_name in review_group:
                yield NoticeKind.REVIEW, person_name, None
        case ev.Rejected():
            yield NoticeKind.REJECTED, RESIDENT_ID, None
        case ev.Closed(worker=worker):
            yield NoticeKind.CLOSED, RESIDENT_ID, None
            if worker:
                yield NoticeKind.FAULT, worker, "closed"
        case ev.Referred():
            yield NoticeKind.REFERRED, RESIDENT_ID, None
            if case.assignment.handler:
                yield NoticeKind.CALLED_OFF, case.assignment.handler, "referred"
        case ev.Withdrawn() if case.assignment.handler:
            yield NoticeKind.CALLED_OFF, case.assignment.handler, "withdrawn"
        case ev.Merged():
            yield NoticeKind.MERGED, RESIDENT_ID, None
            if case.assignment.handler:
                yield NoticeKind.CALLED_OFF, case.assignment.handler, "merged"
        case _:
            return


def _alerts(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Whoever must know at once of what is serious or an emergency, also if it shows only later (A6, B6)."""
    if not isinstance(event.payload, ev.Registered | ev.Classified):
        return
    about = event.payload.classification
    before = outcome.before and context.regulation.told_at_once(facts_of(outcome.before.classification))
    for rank in context.regulation.told_at_once(facts_of(about)):
        if rank not in (before or ()):
            for person in _alerted(context, rank, about.department, event.at):
                yield NoticeKind.ALERT, person, None


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
    """Whoever had signed for the work learns that it has gone to somebody else."""
    before, after = outcome.before, outcome.after
    if before is None or after.round != before.round or after.state not in IN_DISPATCH:
        return
    handler, has_signed = before.assignment.handler, before.assignment.signed_by is not None
    is_last = event is outcome.events[-1]  # so that several events of one command tell it once
    if handler is not None and has_signed and handler != after.assignment.handler and is_last:
        yield NoticeKind.CALLED_OFF, handler, "passed_on"


def _corrected(outcome: Outcome, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Whoever was promised a time learns of the one that a correction puts in its place, but not who made it.

    Somebody to be there at all is told before what has moved; that a visit is off, before either (B7, B11).
    """
    before, after = outcome.before, outcome.after
    if before is None or not isinstance(event.payload, ev.Classified):
        return
    moved = event.payload.moved
    begun = _by_limits(event.payload.deadlines) - _by_limits(before.deadlines.values())
    arrival = Clock.ON_SITE if Clock.ON_SITE in begun else None
    promise, work = named(moved, PROMISED_TO_RESIDENT), named(moved, TOLD_TO_HANDLER)
    if before.work.appointment is not None and after.work.appointment is None:
        yield NoticeKind.VISIT_DROPPED, RESIDENT_ID, arrival
    elif clock := arrival or (promise and promise.clock):
        yield NoticeKind.RECLASSIFIED, RESIDENT_ID, clock
    clock = arrival or (work and work.clock)
    if clock and after.assignment.handler not in {None, event.actor.id}:
        yield NoticeKind.WORK_RECLASSIFIED, str(after.assignment.handler), clock


def _by_limits(deadlines: Iterable[Deadline]) -> set[Clock]:
    """The clocks that a limit asks for, and not only an agreed visit."""
    return {deadline.clock for deadline in deadlines if deadline.rule.id != BY_VISIT}


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
