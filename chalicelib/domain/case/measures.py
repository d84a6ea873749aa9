"""Remedy and prevention: what was done at once, and what keeps a matter from coming back (B12)."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev

REMEDY, PREVENTION = SORTS = ("remedy", "prevention")


class Measure(Struct, frozen=True):
    """One measure, with the username of its owner and its date; `nth` counts within the case, from 1.

    `done_at` is None while it is open; `chased`: its date has passed, and people were told.
    """

    nth: int
    sort: str
    text: str
    owner: str
    due_on: date
    planned_at: datetime
    planned_by: str
    done_at: datetime | None = None
    done_by: str | None = None
    note: str | None = None
    chased: bool = False


def after(measures: tuple[Measure, ...], event: ev.Event) -> tuple[Measure, ...]:
    """The measures of a case after one more event; they outlast its rounds."""
    by, at = event.actor.id, event.at
    match event.payload:
        case ev.MeasurePlanned(sort=sort, text=text, owner=owner, due_on=due_on):
            return (*measures, Measure(len(measures) + 1, sort, text, owner, due_on, at, by))
        case ev.MeasureDone(measure=nth, note=note):
            return _with(measures, nth, done_at=at, done_by=by, note=note)
        case ev.MeasureChased(measure=nth):
            return _with(measures, nth, chased=True)
        case _:
            return measures


def _with(measures: tuple[Measure, ...], nth: int, **changed: object) -> tuple[Measure, ...]:
    return tuple(replace(known, **changed) if known.nth == nth else known for known in measures)
