"""Who is told what when something has happened (A11, B3, B7, D1, G3). The words are in `notice_texts`.

A notice names its recipient (`resident` or a username), never a number or address: those are looked up
when it is sent. Its key is made of the event and the recipient, so that it exists once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import events as ev
from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting, facts_of
from chalicelib.domain.deciding import Outcome
from chalicelib.domain.dispatching import person_of_rank
from chalicelib.domain.links import Purpose
from chalicelib.domain.people import Role

RESIDENT_ID = "resident"


class NoticeKind(StrEnum):
    REGISTERED = "registered"
    ALERT = "alert"
    ASSIGNED = "assigned"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    PROPOSED = "proposed"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    URGED = "urged"
    COMPLETED = "completed"
    SURVEY_REMINDER = "survey_reminder"
    REVISIT = "revisit"
    REVISIT_REMINDER = "revisit_reminder"
    REOPENED = "reopened"
    REVIEW = "review"
    REJECTED = "rejected"
    OBJECTED = "objected"
    CLOSED = "closed"


class NoticeChannel(StrEnum):
    SMS = "sms"
    MAIL = "mail"


ONCE_ONLY = frozenset({NoticeKind.COMPLETED, NoticeKind.SURVEY_REMINDER})
"""Never sent again when it is unknown whether they left: nobody should be asked twice (design 6)."""

PURPOSES = {
    NoticeKind.REGISTERED: Purpose.TRACK,
    NoticeKind.ASSIGNED: Purpose.WORK,
    NoticeKind.PROPOSED: Purpose.TRACK,
    NoticeKind.COMPLETED: Purpose.RATE,
    NoticeKind.SURVEY_REMINDER: Purpose.RATE,
    NoticeKind.REJECTED: Purpose.TRACK,
    NoticeKind.REOPENED: Purpose.TRACK,
}
"""The link that a notice carries. REMINDER, OVERDUE and URGED carry the work link if they go to the handler."""

MAILED = frozenset(
    {
        NoticeKind.REGISTERED,
        NoticeKind.COMPLETED,
        NoticeKind.REJECTED,
        NoticeKind.CLOSED,
        NoticeKind.ESCALATED,
        NoticeKind.ALERT,
        NoticeKind.REVIEW,
        NoticeKind.EXTENSION_ASKED,
        NoticeKind.OBJECTED,
    }
)
"""Kinds that also go by mail, to those who have an address."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message due to one person by one channel. `version` is the event's that caused it."""

    key: str
    kind: NoticeKind
    channel: NoticeChannel
    recipient: str
    version: int
    created_at: datetime
    detail: str | None = None


def due(outcome: Outcome, setting: Setting) -> tuple[Notice, ...]:
    """Every notice that the outcome of one command calls for, each key once."""
    case = outcome.after
    found: dict[str, Notice] = {}
    for event in outcome.events:
        for kind, person, detail in _told(case, event, setting):
            for channel in _channels(case, kind, person, setting):
                key = f"{event.version:06d}#{kind}#{channel}#{person}"
                found[key] = Notice(key, kind, channel, person, event.version, event.at, detail)
    return tuple(found.values())


def _channels(case: Case, kind: NoticeKind, person: str, setting: Setting) -> Iterator[NoticeChannel]:
    if person == RESIDENT_ID:
        phone, email = case.report.phone, case.report.email
    else:
        member = setting.community.member(person)
        phone, email = (member.phone, member.email) if member else (None, None)
    if phone:
        yield NoticeChannel.SMS
    if email and (kind in MAILED or not phone):
        yield NoticeChannel.MAIL


def _told(case: Case, event: ev.Event, setting: Setting) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of one event. `detail` is a code word for the text, such as a clock's name."""
    department = case.classification.department
    match event.payload:
        case ev.Registered():
            yield NoticeKind.REGISTERED, RESIDENT_ID, None
            for rank in setting.regulation.told_at_once(facts_of(case.classification)):
                person = person_of_rank(setting.community, Role(rank), department, event.at)
                if person:
                    yield NoticeKind.ALERT, person.username, None
        case ev.Assigned(handler):
            yield NoticeKind.ASSIGNED, handler, None
        case ev.Reminded(_, None, person) if person:
            yield NoticeKind.REVISIT_REMINDER, person, None
        case ev.Reminded(_, clock, person) if person:
            yield NoticeKind.REMINDER, person, clock
        case ev.MarkedOverdue(_, clock, person) if person:
            yield NoticeKind.OVERDUE, person, clock
        case ev.Escalated(_, clock, _, person) if person:
            yield NoticeKind.ESCALATED, person, clock
        case ev.Proposed():
            yield NoticeKind.PROPOSED, RESIDENT_ID, None
        case ev.ExtensionRequested() | ev.Objected():
            objected = isinstance(event.payload, ev.Objected)
            manager = person_of_rank(setting.community, Role.MANAGER, department, event.at)
            if manager:
                kind = NoticeKind.OBJECTED if objected else NoticeKind.EXTENSION_ASKED
                yield kind, manager.username, None
        case ev.ExtensionGranted():
            yield NoticeKind.EXTENDED, RESIDENT_ID, None
        case ev.Urged() if case.handler:
            yield NoticeKind.URGED, case.handler, None
        case ev.Completed():
            yield NoticeKind.COMPLETED, RESIDENT_ID, None
        case ev.SurveyReminded():
            yield NoticeKind.SURVEY_REMINDER, RESIDENT_ID, None
        case ev.RevisitDrawn(_, revisitor, _) if revisitor:
            yield NoticeKind.REVISIT, revisitor, None
        case ev.Reopened(_, _, review_group, _):
            yield NoticeKind.REOPENED, RESIDENT_ID, None
            for person_name in review_group:
                yield NoticeKind.REVIEW, person_name, None
        case ev.Rejected():
            yield NoticeKind.REJECTED, RESIDENT_ID, None
        case ev.Closed():
            yield NoticeKind.CLOSED, RESIDENT_ID, None
        case _:
            return


def purpose_of(kind: NoticeKind, recipient: str, case: Case) -> Purpose | None:
    """The link that a notice carries, if any: the handler's messages lead to the work page."""
    if kind in {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.URGED} and recipient == case.handler:
        return Purpose.WORK
    return PURPOSES.get(kind)
