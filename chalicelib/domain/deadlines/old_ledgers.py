"""Deadlines as releases until November 2026 stored them, with ledgers of text: read into today's.

Only events of that time have them; nothing writes them any more. The module goes when a release says that
such events are no longer read (docs/decisions.md, 2026-11-29).

Entries, by `kind`: "rule" (clock, what an appointment does, seed, requirement, id), "limit" (amount, unit,
count, running time, share of a return, share of care if it is less than all), "promised" (what held first),
"ahead" (`until` when at the latest, because another clock, `note`, ends at `at`), "start" (`until`: from when
it counts), "hours" (zone and windows of the week), "off" (days without work), "on" (make-up days), "closed"
and "opened" (the community's own), "pause", "appointment", "extension" (granted `at`, `until` when), "due".
"""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.ledger import (
    Ahead,
    CalendarExcerpt,
    Derivation,
    Pause,
    RecordedRule,
    hours_of,
)
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment


class LedgerEntry(Struct, frozen=True):
    """One line of an old ledger; what its kind does not need is empty."""

    kind: str
    at: datetime | None = None
    until: datetime | None = None
    note: str = ""


class OldDeadline(Struct, frozen=True):
    """A deadline as it was stored; what its ledger says as well is left out."""

    due_at: datetime
    first_due_at: datetime
    zone: str
    provisional: bool
    ledger: tuple[LedgerEntry, ...]


def as_deadline(old: OldDeadline) -> Deadline:
    """The deadline as it is today: the same time, for the same reasons (G2)."""
    start = _start(old.ledger)
    return Deadline(
        derivation=_derivation(old.ledger),
        calendar_excerpt=_excerpt(old.ledger, old.zone),
        due_at=old.due_at,
        first_due_at=old.first_due_at,
        counted_from=start[1],
        provisional=old.provisional,
    )


def _start(ledger: Sequence[LedgerEntry]) -> tuple[datetime, datetime]:
    """When the clock started, and from when it counts."""
    for entry in ledger:
        if entry.kind == "start" and entry.at is not None:
            return entry.at, entry.until or entry.at
    raise InvalidInputError("A ledger without a start derives nothing.")


def _derivation(ledger: Sequence[LedgerEntry]) -> Derivation:
    by_kind = {entry.kind: entry for entry in ledger}
    nothing = LedgerEntry("")
    clock, appointment, source, requirement, rule_id = by_kind["rule"].note.split("|", 4)
    amount, unit, count, running, share, *care = by_kind["limit"].note.split(" ")
    limit = Limit(float(amount), Unit(unit), CountFrom(count), running == "around_the_clock")
    extension = by_kind.get("extension", nothing)
    return Derivation(
        rule=RecordedRule(rule_id, Clock(clock), limit, source, requirement, Appointment(appointment)),
        started_at=_start(ledger)[0],
        share=float(share),
        care=float(care[0]) if care else 1.0,
        pauses=tuple(
            Pause(entry.at, entry.until, entry.note)
            for entry in ledger
            if entry.kind == "pause" and entry.at and entry.until
        ),
        appointment=by_kind.get("appointment", nothing).at,
        extended_to=extension.until,
        extended_at=extension.at,
        promised=by_kind.get("promised", nothing).at,
        ahead=_ahead(by_kind.get("ahead", nothing)),
    )


def _ahead(entry: LedgerEntry) -> Ahead | None:
    return Ahead(Clock(entry.note), entry.at, entry.until) if entry.at and entry.until else None


def _excerpt(ledger: Sequence[LedgerEntry], zone: str) -> CalendarExcerpt:
    """Hours and unusual days. The line of the hours is "Asia/Shanghai 01234=510-720,840-1080 5=510-720"."""
    hours = next((entry.note for entry in ledger if entry.kind == "hours"), "")
    if not hours:
        return CalendarExcerpt(zone)
    zone, *weeks = hours.split(" ")
    week = {
        int(day): _windows(windows) for days, windows in (part.split("=") for part in weeks) for day in days
    }
    plain = Calendar(zone, week)
    excerpt = CalendarExcerpt(zone, hours_of(week))
    for entry in ledger:
        excerpt = _with_days(excerpt, entry, plain)
    return excerpt


def _with_days(excerpt: CalendarExcerpt, entry: LedgerEntry, plain: Calendar) -> CalendarExcerpt:
    """The excerpt with the unusual days of one line; `plain` has only the week."""
    if entry.at is None:
        return excerpt
    first = plain.local_date(entry.at)
    if entry.kind in {"off", "closed"} and entry.until:
        days = tuple(_days(plain, first, entry.until))
        if entry.kind == "off":
            return replace(excerpt, holidays={**excerpt.holidays, **dict.fromkeys(days, entry.note)})
        closed = dict.fromkeys(days, Amendment((), entry.note))
        return replace(excerpt, amendments={**excerpt.amendments, **closed})
    if entry.kind in {"on", "opened"}:
        written, _, name = entry.note.partition(" ")
        windows = _windows(written)
        if entry.kind == "on" and windows == plain.full_day:
            return replace(excerpt, makeup_days={**excerpt.makeup_days, first: name})
        # the first of these ledgers called the community's own days "on" as well
        return replace(excerpt, amendments={**excerpt.amendments, first: Amendment(windows, name)})
    return excerpt


def _days(calendar: Calendar, day: date, until: datetime) -> list[date]:
    """The days from `day` on that begin before `until`."""
    days = []
    while calendar.midnight(day) < until:
        days.append(day)
        day += ONE_DAY
    return days


def _windows(written: str) -> tuple[Window, ...]:
    """ "510-720,840-1080": from and to, in minutes after midnight."""
    pairs = (pair.split("-") for pair in written.split(",") if pair)
    return tuple(Window(int(opens), int(closes)) for opens, closes in pairs)
