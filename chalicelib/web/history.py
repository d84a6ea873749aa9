"""The history of a case as people read it: residents what concerns them (B8, E5), the staff all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Setting
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.changed_times import PROMISED
from chalicelib.domain.regulation.limits import INTERNAL_CLOCKS, Clock
from chalicelib.web.form_fields import department_name
from chalicelib.web.formats import short, yuan
from chalicelib.web.moved import concerns_resident, moved_lines, why_moved
from chalicelib.web.owed import owed_with
from chalicelib.web.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history. `details` are (what, text) as people wrote them; a plain note has no heading."""

    at: str
    title: str
    by: str
    details: tuple[tuple[str, str], ...]
    late: bool


_TO_ALL: Mapping[type, tuple[str, ...]] = {
    ev.Started: ("note",),
    ev.Proposed: ("cause", "plan", "price_fen"),
    ev.Agreed: ("note",),
    ev.Disagreed: ("reason",),
    ev.Progressed: ("note",),
    ev.AppointmentAgreed: ("note",),
    ev.PriceAsked: ("note",),
    ev.ExtensionGranted: ("reason",),
    ev.Replanned: ("reason",),
    ev.Completed: ("result", "prevention"),
    ev.Rated: ("comment", "suggestion"),
    ev.Rejected: ("findings",),
    ev.Objected: ("reason",),
    ev.Withdrawn: ("reason",),
    ev.Urged: ("note",),
}
"""The texts of an event that the resident reads."""

_TO_STAFF: Mapping[type, tuple[str, ...]] = {
    ev.Classified: ("reason",),
    ev.Assigned: ("reason",),
    ev.Declined: ("reason",),
    ev.Paused: ("evidence",),
    ev.Resumed: ("note",),
    ev.ExtensionRequested: ("reason",),
    ev.ExtensionRefused: ("reason",),
    ev.RevisitRecorded: (
        "note",
        "fault",
        "work_inspected",
        "conduct",
        "suggestions",
        "charge_checked",
        "signature",
        "promised_until",
        "asked_again",
    ),
    ev.AskedAgain: ("note",),
    ev.Closed: ("note", "revisit_left_out", "worker"),
    ev.WorkerNotified: ("note",),
    ev.ReportFiled: ("course", "cause", "measures", "next_steps"),
    ev.Archived: ("cause", "course", "result", "lesson"),
    ev.Merged: ("reason",),
    ev.Escalated: ("reason",),
}
"""Those that stay among colleagues."""


def told(case: Case, events: Iterable[ev.Event], setting: Setting, words: Words) -> tuple[Entry, ...]:
    """What the resident is told, newest first."""
    shown = [one for one in events if concerns_resident(one)]
    return _entries(case, shown, setting, words, for_resident=True)


def worked(case: Case, events: Iterable[ev.Event], setting: Setting, words: Words) -> tuple[Entry, ...]:
    """What the handler reads through the work link, newest first: as a colleague, but not of what the
    desk and its leaders have among themselves.
    """
    shown = {*words.groups["told"], "extension_requested", "extension_refused"}
    return _entries(case, [one for one in events if one.type in shown], setting, words, for_resident=False)


def happened(case: Case, events: Iterable[ev.Event], setting: Setting, words: Words) -> tuple[Entry, ...]:
    """Everything that has happened, newest first."""
    return _entries(case, events, setting, words, for_resident=False)


def _entries(
    case: Case, events: Iterable[ev.Event], setting: Setting, words: Words, *, for_resident: bool
) -> tuple[Entry, ...]:
    group, round_number, asked, found = "told" if for_resident else "happened", 1, False, []
    for event in events:
        round_number += isinstance(event.payload, ev.Reopened)
        lapsed = asked and isinstance(event.payload, _LAPSES_WITH) and not for_resident
        asked = _is_asked(event.payload, asked)
        if event.type not in words.groups[group] or (for_resident and _stays_inside(event.payload)):
            continue
        values = _values(event, setting, words) | {"number": case.number, "round": str(round_number)}
        texts = ((name, values[name]) for name in _detailed(event, for_resident=for_resident))
        clocks = PROMISED if for_resident else tuple(Clock)
        details = (
            *moved_lines(event.payload, case.zone, words, clocks),
            *((_heading(name, words), text) for name, text in texts if text),
        )
        details += (("", words("case.request_lapsed")),) if lapsed else ()
        details += () if for_resident else owed_with(event, case.zone, words)
        late = isinstance(event.payload, ev.MarkedOverdue | ev.Escalated)
        by = "" if for_resident else who(event.actor, setting, words)
        at = short(event.at, case.zone, words)
        found.append(Entry(at, words(f"{group}.{event.type}", **values), by, details, late))
    return tuple(reversed(found))


def _stays_inside(payload: ev.Payload) -> bool:
    """Whether it is about a clock that the resident was never promised anything by."""
    return getattr(payload, "clock", None) in INTERNAL_CLOCKS


_LAPSES_WITH = ev.Completed | ev.Rejected | ev.Withdrawn | ev.Merged
"""With these an extension that nobody has decided is not needed any more."""


def _is_asked(payload: ev.Payload, asked: bool) -> bool:
    """Whether an extension waits to be decided after the event."""
    if isinstance(payload, ev.ExtensionRequested):
        return True
    decided = ev.ExtensionGranted | ev.ExtensionRefused | ev.Reopened | _LAPSES_WITH
    return asked and not isinstance(payload, decided)


def _heading(name: str, words: Words) -> str:
    if name == "note":
        return ""
    return words("track.price") if name == "price_fen" else words(f"fields.{name}")


def _detailed(event: ev.Event, *, for_resident: bool) -> tuple[str, ...]:
    payload = event.payload
    if isinstance(payload, ev.Reopened):
        # A rating or a revisit stands in the line before, with the resident's own words.
        return ("reason",) if payload.cause not in {"rating", "revisit"} else ()
    if isinstance(payload, ev.Assigned | ev.Replanned) and event.actor.role is Role.SYSTEM:
        return ()
    texts = _TO_ALL.get(type(payload), ())
    return texts if for_resident else texts + _TO_STAFF.get(type(payload), ())


def who(actor: Actor, setting: Setting, words: Words) -> str:
    """Who did it, as colleagues know the person; what no person did is marked so (G7)."""
    if actor.role is Role.SYSTEM:
        return words("case.automatic")
    if actor.role in {Role.RESIDENT, Role.MACHINE}:
        return words.role(actor.role)
    return name_of(actor.id, setting)


def _values(event: ev.Event, setting: Setting, words: Words) -> dict[str, str]:
    payload = event.payload
    given = ((one.name, getattr(payload, one.name)) for one in fields(payload))
    values = {name: _said(payload, name, value, setting, words) for name, value in given}
    return values | {"actor": who(event.actor, setting, words)}


def _said(payload: ev.Payload, name: str, value: Any, setting: Setting, words: Words) -> str:
    """One value of an event in words; free text as it is."""
    match name, value:
        case "worker", str():
            return name_of(value, setting)
        case (("person" | "handler" | "revisitor"), _):
            return name_of(value, setting) if value else words("page.unknown_person")
        case _, None:
            return words("page.none") if name == "clock" else ""
        case _, ev.Classification():
            return classified(value, setting, words)
        case _, datetime():
            return short(value, setting.community.zone, words)
        case "clock", _:
            return words.name("clocks", value)
        case "role", _:
            return words.role(value)
        case "department", _:
            return department_name(value, setting, words)
        case "score", _:
            return f"{value} · {words.name('scores', value)}"
        case "price_fen", _:
            return words("page.price", yuan=yuan(value)) if value else words("track.free")
        case "revisit_left_out", _:
            return words("case.revisit_left_out") if value else ""
        case "asked_again", _:
            return words("case.drawn_for_second_asking") if value else ""
        case _, bool():
            return words("page.yes" if value else "page.no")
        case (("outcome" | "manner"), _):
            return words.name(f"{name}s", value)
        case "reason", _ if isinstance(payload, ev.Paused):
            return words.name("pause_reasons", value)
        case "reason", _ if isinstance(payload, ev.Replanned):
            return why_moved(value, words)
        case "reason", _ if isinstance(payload, ev.Closed):
            return words.name("close_reasons", value)
        case "because", _ if isinstance(payload, ev.RevisitDrawn):
            return words.name("drawn_because", value)
        case "cause", _ if isinstance(payload, ev.Reopened):
            return words.name("reopened_because", value)
        case _, str() if not isinstance(value, Enum):
            return value
        case _:
            return ""


def classified(about: ev.Classification, setting: Setting, words: Words) -> str:
    """A classification in one line: kind, matter, urgency, severity, a complaint's nature, need for care."""
    matter = setting.regulation.matters.get(about.matter)
    return " · ".join(
        (
            words.name("kinds", about.kind),
            words.of(matter.names) if matter else about.matter,
            words.name("urgencies", about.urgency),
            words.name("severities", about.severity),
            *((words.name("natures", about.nature),) if about.kind == "complaint" else ()),
            *((words("case.care"),) if about.care else ()),
        )
    )
