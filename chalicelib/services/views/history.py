"""The history of a case in the API (B8, E5, G7).

Staff read it in full, the holder of a link only what concerns them.

Who reads which event, and which of its facts, the domain says (`history_readers`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.history_readers import Audience, Line, event_facts, read_by
from chalicelib.domain.notices.history_times import ChangedTime
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.views.parts import newest_part

TEXTS = (
    "outcome",
    "manner",
    "said",
    "cause",
    "plan",
    "into",
    "reason",
    "evidence",
    "fault",
    "note",
    "course",
    "result",
    "prevention",
    "lesson",
    "findings",
    "comment",
    "suggestion",
)
"""The facts that are texts or code words, in the order in which the entry of a timeline has them."""


class EventView(Struct, frozen=True):
    """One line of the history for staff. `automatic`: a timer did it, nobody's deed (G7).

    `details` are the event's own fields; of a deadline only its clock and when it ends, and a timer's `key`
    as text: `sign:rung:manager`.
    """

    version: int
    at: datetime
    type: str
    command: str
    role: Role
    actor: str
    actor_name: str
    automatic: bool
    details: dict[str, Any]


class TimelineEntry(Struct, frozen=True):
    """One line of the history for the holder of a link.

    It says what happened, by whom, in which words.

    `text` has what was said, a line each, after the code word of an outcome, a cause or a reason. `times` are
    the deadlines that it has changed, `clock` the one that matters most: it ends at `until` (null: not any
    more), and ended at `instead_of` before. `amended` is the day of the calendar that was amended. Where time
    ran out, `clock` says which. `version` is that of its event.
    """

    at: datetime
    type: str
    round: int
    role: Role
    name: str | None
    text: str | None = None
    until: datetime | None = None
    price_fen: int | None = None
    clock: Clock | None = None
    instead_of: datetime | None = None
    amended: date | None = None
    times: tuple[ChangedTime, ...] = ()
    version: int = 0


def staff_history(events: Iterable[ev.Event], context: Context) -> tuple[EventView, ...]:
    """The events of a case, or of a part of its history, for staff.

    Who may not know who reported it gets them masked (`shown.masked_events`, E8).
    """
    return tuple(
        EventView(
            version=event.version,
            at=event.at,
            type=event.type,
            command=event.command,
            role=event.actor.role,
            actor=event.actor.id,
            actor_name=name_of(event.actor.id, context),
            automatic=event.actor.role is Role.SYSTEM,
            details=_details(event_facts(event.payload)),
        )
        for event in events
    )


def _details(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "deadlines":
            found[name] = [{"clock": deadline.clock, "due_at": deadline.due_at} for deadline in value]
        elif name == "key":  # which timer, as text: events of before have it so
            found[name] = str(value)
        else:
            found[name] = value
    return found


def timeline(
    reader: Audience, case: Case, events: Iterable[ev.Event], context: Context
) -> tuple[TimelineEntry, ...]:
    """The history that the reader of a link sees, oldest first.

    `events` are all events of the case.
    """
    return tuple(_entry(line, context) for line in read_by(reader, case, events))


Part = tuple[tuple[TimelineEntry, ...] | None, int | None]
"""The newest part of a timeline, and what asks for the one before it (parts.py)."""


def newest_timeline(
    reader: Audience, case: Case, events: Iterable[ev.Event] | None, context: Context, before: int | None
) -> Part:
    """The part of a timeline that ends before a version; none where no events are shown."""
    return (None, None) if events is None else newest_part(timeline(reader, case, events, context), before)


def _entry(line: Line, context: Context) -> TimelineEntry:
    facts, change = line.facts, line.main_time
    ends = change.at if change else None
    return TimelineEntry(
        at=line.at,
        type=line.type,
        round=line.round,
        role=line.role,
        name=_name(line, context),
        text=_text(line),
        until=facts.get("until") or facts.get("visit_at") or ends or facts.get("promised_until"),
        price_fen=facts.get("price_fen"),
        clock=change.clock if change else facts.get("clock"),
        instead_of=change.before if change else None,
        amended=facts.get("amended"),
        times=line.times,
        version=line.version,
    )


def _name(line: Line, context: Context) -> str | None:
    """Who got the case, else who did it.

    None for the resident, and for whom the directory does not know: a username stays inside.
    """
    who = line.facts.get("handler") or (line.actor.id if line.actor else None)
    member = context.community.person(who) if who else None
    return member.name if member and line.role is not Role.RESIDENT else None


def _text(line: Line) -> str | None:
    said = [str(line.facts[name]) for name in TEXTS if line.facts.get(name)]
    if "score" in line.facts:
        return " ".join((str(line.facts["score"]), *said))
    return "\n".join(said) or None
