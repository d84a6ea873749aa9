"""Who reads what of a case's history: resident, handler, staff (B8, E5, E8).

The one rule for API and pages. Of every kind of event it asks: did the resident do this, or was it promised
or told to them? What is neither stays inside: clocks and reminders of the company's own, its escalations, who
else is being assigned, and what colleagues write for each other. Which texts a resident reads, the forms say
where they are written.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.files import SHOWN_TO_RESIDENT
from chalicelib.domain.case.fold import apply
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.notices.history_rules import rule_of
from chalicelib.domain.notices.history_times import ChangedTime, changed_by
from chalicelib.domain.regulation.limits import Clock


class Audience(StrEnum):
    """For whom a history is read."""

    RESIDENT = "resident"  # through the tracking link or the survey's
    HANDLER = "handler"  # through the work link
    STAFF = "staff"  # signed in: every event, whole


LINK_READERS: Mapping[Purpose, Audience] = {
    **dict.fromkeys((Purpose.TRACK, Purpose.RATE), Audience.RESIDENT),
    **dict.fromkeys((Purpose.WORK, Purpose.ALERT), Audience.HANDLER),
}


class Line(Struct, frozen=True):
    """One event as its reader may read it.

    What is not among `facts` and `times` is not for them. `facts` are fields of its payload by name. `times`
    are the deadlines that it has changed; `visit_dropped` is the agreed time that a
    correction to an emergency does not wait for (B11). `actor` is None where the reader does not learn who
    did it.
    """

    version: int
    type: str
    at: datetime
    round: int
    role: Role
    actor: Actor | None
    facts: Mapping[str, Any]
    times: tuple[ChangedTime, ...] = ()
    visit_dropped: datetime | None = None

    @property
    def main_time(self) -> ChangedTime | None:
        """The change that matters most; None if there is none.

        A moved time before one that is new or sure now, and that before one that was taken away; then that of
        solving, else of what ends first.
        """
        return min(
            self.times,
            key=lambda change: (
                change.at is None,
                change.before is None,
                change.clock is not Clock.SOLVE,
                change.at,
            ),
            default=None,
        )


def read_by(reader: Audience, case: Case, events: Iterable[ev.Event]) -> Iterator[Line]:
    """The lines of a case's history for this reader, oldest first.

    `events` are all of the case.
    """
    before: Case | None = None
    for event in events:
        after = apply(before, event, case.community, case.number)
        whole = _whole(event if case.classification.care else without_note(event), before, after)
        match reader:
            case Audience.STAFF:
                yield whole
            case Audience.HANDLER if rule_of(event.payload).handler:
                yield _without_words_of_a_timer(whole, event.payload)
            case Audience.RESIDENT if (told := _told(whole, event.payload)) is not None:
                yield told
        before = after


def without_note(event: ev.Event) -> ev.Event:
    """The event without a note that somebody needs help: once that is taken back, no history has it (G15)."""
    match event.payload:
        case ev.Registered(report=report, classification=about) as said:
            silent = replace(report, care_by=None, care_on=None)
            said = replace(said, report=silent, classification=replace(about, care=False))
            return replace(event, payload=said)
        case ev.Classified(classification=about) as said:
            said = replace(said, classification=replace(about, care=False), care_by=None, care_on=None)
            return replace(event, payload=said)
        case _:
            return event


def event_facts(payload: ev.Payload) -> dict[str, Any]:
    """All facts of an event by name: the fields of its payload, of whatever release."""
    facts = {name: getattr(payload, name) for name in payload.__struct_fields__}
    if isinstance(payload, ev.Replanned):
        facts["amended"], facts["reason"] = ev.amended_day(payload)
    return facts


def _whole(event: ev.Event, before: Case | None, after: Case) -> Line:
    """The event as staff read it."""
    visit = before.work.appointment if before else None
    dropped = isinstance(event.payload, ev.Classified) and after.work.appointment is None
    return Line(
        version=event.version,
        type=event.type,
        at=event.at,
        round=after.round,
        role=event.actor.role,
        actor=event.actor,
        facts=event_facts(event.payload),
        times=tuple(changed_by(event.payload, before, after)),
        visit_dropped=visit if dropped else None,
    )


def _told(line: Line, payload: ev.Payload) -> Line | None:
    """The line as the resident reads it; None if it stays inside."""
    rule = rule_of(payload)
    times = tuple(change for change in line.times if change.clock in PROMISED_TO_RESIDENT)
    line = replace(_without_words_of_a_timer(line, payload), times=times)
    if rule.resident is None or not _concerns_them(payload, line):
        return None
    facts = {name: line.facts[name] for name in rule.resident if name in line.facts}
    if isinstance(payload, ev.Reopened) and payload.cause not in {"resident", "word"}:
        del facts["reason"]
    if isinstance(payload, ev.Closed) and not payload.note_told:
        del facts["note"]
    done_by = payload.done_by if isinstance(payload, ev.Completed | ev.Proposed) else None
    actor = Actor(Role.HANDLER, done_by) if done_by else line.actor  # not who has only looked at it first
    return replace(line, facts=facts, actor=actor if rule.named else None)


def _without_words_of_a_timer(line: Line, payload: ev.Payload) -> Line:
    """What a timer gives as its reason is for the record; nobody has told it to anybody."""
    if not (isinstance(payload, ev.Assigned | ev.Replanned) and line.role is Role.SYSTEM):
        return line
    return replace(line, facts={name: fact for name, fact in line.facts.items() if name != "reason"})


def _concerns_them(payload: ev.Payload, line: Line) -> bool:
    """Whether an event concerns the resident: of clocks what was promised, of files what they may see."""
    match payload:
        case ev.MarkedOverdue(clock=clock):
            return clock in PROMISED_TO_RESIDENT
        case ev.Replanned():
            return any(change.before for change in line.times)
        case ev.FilledIn():
            return line.role is Role.RESIDENT
        case ev.FilesAdded(stage=stage):
            return line.role is Role.RESIDENT or stage in SHOWN_TO_RESIDENT
        case ev.Classified():
            return payload.sorts or bool(line.times) or line.visit_dropped is not None
        case _:
            return True
