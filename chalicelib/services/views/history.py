"""The history of a case, told to staff in full and to its resident in what concerns them (B8, E5, G7)."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Setting
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.changed_times import PROMISED, named
from chalicelib.domain.regulation.limits import INTERNAL_CLOCKS, Clock


class EventView(Struct, frozen=True):
    """One line of the history for staff. `automatic`: a timer did it, nobody's deed (G7).

    `details` are the event's own fields; of a deadline only its clock and when it ends.
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
    """One line of the history for the resident: what happened, by whom, in which words.

    `clock` is the deadline that the calendar or a correction has moved; `instead_of` is when it ended before.
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


def staff_history(
    events: Iterable[ev.Event], setting: Setting, *, with_contact: bool
) -> tuple[EventView, ...]:
    """Every event; the resident's phone and address only `with_contact` (E8)."""
    return tuple(
        EventView(
            version=one.version,
            at=one.at,
            type=one.type,
            command=one.command,
            role=one.actor.role,
            actor=one.actor.id,
            actor_name=name_of(one.actor.id, setting),
            automatic=one.actor.role is Role.SYSTEM,
            details=_details(one.payload, with_contact=with_contact),
        )
        for one in events
    )


def _details(payload: ev.Payload, *, with_contact: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(payload):
        value = getattr(payload, one.name)
        if one.name == "deadlines":
            found["deadlines"] = [{"clock": each.clock, "due_at": each.due_at} for each in value]
        elif isinstance(value, ev.Report) and not with_contact:
            found[one.name] = {**msgspec.to_builtins(value), "phone": None, "email": None}
        else:
            found[one.name] = value
    return found


def resident_timeline(events: Iterable[ev.Event], setting: Setting) -> tuple[TimelineEntry, ...]:
    """What a resident sees of the history, oldest first; what is between colleagues stays there."""
    return tuple(_told(events, setting))


def _told(events: Iterable[ev.Event], setting: Setting) -> Iterator[TimelineEntry]:
    round_number, handler = 1, None
    for event in events:
        payload = event.payload
        match payload:
            case ev.Assigned(who):
                handler = who
            case ev.Reopened():
                round_number, handler = round_number + 1, None
        words = _words(payload)
        if words is None:
            continue
        about_handler = isinstance(payload, ev.Assigned | ev.Signed)
        name = _name_for_resident(handler if about_handler else event.actor.id, event.actor.role, setting)
        text, until, price = words
        moved = named(payload.moved, PROMISED) if isinstance(payload, ev.Replanned | ev.Classified) else None
        clock, instead_of = (moved.clock, moved.before) if moved else (None, None)
        role = event.actor.role
        yield TimelineEntry(
            event.at, event.type, round_number, role, name, text, until, price, clock, instead_of
        )


def _name_for_resident(who: str | None, role: Role, setting: Setting) -> str | None:
    """A colleague's name; None for the resident, and for who works here no more: a username stays inside."""
    member = setting.community.member(who) if who else None
    return member.name if member and role is not Role.RESIDENT else None


def _words(payload: ev.Payload) -> tuple[str | None, datetime | None, int | None] | None:
    """(text, until, price) of an event that the resident is shown; None for one that stays inside."""
    match payload:
        case ev.Proposed(cause, plan, price):
            return f"{cause}\n{plan}", None, price
        case ev.Paused(reason, _, until) | ev.ExtensionGranted(until, reason):
            return reason, until, None
        case ev.Replanned(reason, _, moved):
            promise = named(moved, PROMISED)
            return (reason, promise.after, None) if promise else None
        case ev.Classified(moved=moved):  # its reason stays among colleagues
            promise = named(moved, PROMISED)
            return (None, promise.after, None) if promise else None
        case ev.AppointmentAgreed(visit_at, note):
            return note, visit_at, None
        case ev.PriceAsked(note) | ev.Progressed(note) | ev.Agreed(note) | ev.Urged(note) | ev.Started(note):
            return note, None, None
        case ev.Completed(result):
            return result, None, None
        case ev.Disagreed(reason) | ev.Objected(reason) | ev.Withdrawn(reason):
            return reason, None, None
        case ev.Rejected(findings):
            return findings, None, None
        case ev.Rated(score, _, comment):
            return f"{score}" + (f" {comment}" if comment else ""), None, None
        case ev.Merged(into):
            return into, None, None
        case ev.Escalated(clock=clock) if clock in INTERNAL_CLOCKS:
            return None
        case (
            ev.Registered()
            | ev.Assigned()
            | ev.Signed()
            | ev.Resumed()
            | ev.Reopened()
            | ev.Closed()
            | ev.Escalated()
        ):
            return None, None, None
        case _:
            return None
