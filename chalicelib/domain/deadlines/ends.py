"""When a clock ends: by its limit, an agreed visit, more time, and pauses over each (B11, G4, G5)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.intervals import Interval
from chalicelib.domain.deadlines.ledger import Derivation
from chalicelib.domain.deadlines.periods import (
    advanced,
    extended_by_breaks,
    period_of,
    put_off_by_breaks,
    run_between,
)
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.rules import Appointment


def end_of(
    derivation: Derivation,
    calendar: Calendar,
    counted_from: datetime,
    planned: datetime,
    breaks: Sequence[Interval],
    work_calendar: Calendar | None = None,
) -> datetime:
    """When the clock ends that would end as `planned` if nothing moved it.

    Never before the work after an agreed visit has had its time (`work_done`), whatever pauses and changes of
    the calendar leave of the limit itself.
    """
    end = _by_limit_and_agreement(derivation, calendar, counted_from, planned, breaks)
    done = work_done(derivation, calendar, breaks, work_calendar)
    return end if done is None else max(end, done)


def work_done(
    derivation: Derivation, calendar: Calendar, breaks: Sequence[Interval], work_calendar: Calendar | None
) -> datetime | None:
    """By when the work after the agreed visit has had its time; None where the ledger has no such time (B11).

    It follows whoever is there at last, in its own time and without the breaks: 4 staffed hours after a visit
    that a pause put off to 02:00, staffed from 08:00 → 12:00, also where the limit runs around the clock.
    """
    work, visit = derivation.work, derivation.appointment
    if work is None or visit is None or derivation.rule.appointment is Appointment.IGNORED:
        return None
    there_by = visit_put_off(derivation, calendar, breaks) or visit
    hours = work_calendar or calendar
    counted_from, done = period_of(work, there_by, hours)
    return extended_by_breaks(work, hours, counted_from, done, breaks)


def _by_limit_and_agreement(
    derivation: Derivation,
    calendar: Calendar,
    counted_from: datetime,
    planned: datetime,
    breaks: Sequence[Interval],
) -> datetime:
    """The end in the limit's own time.

    A pause over the agreed visit puts the visit off, and the work after it: whoever was to have 4 hours after
    the visit has them after the visit as it was put off, whatever is left of the limit itself.
    """
    end = _moved(derivation, calendar, counted_from, planned, breaks)
    visit, began = derivation.appointment, _paused_over_visit(derivation, breaks)
    there_by = visit_put_off(derivation, calendar, breaks)
    if visit is None or began is None or there_by is None:
        return end
    before = _moved(
        _granted_before(derivation, began),
        calendar,
        counted_from,
        planned,
        [(start, over) for start, over in breaks if over <= began],
    )
    if before < visit:
        return end  # the limit ended before the visit, which moved nothing
    work = run_between(derivation.limit, calendar, visit, before)
    return max(end, advanced(derivation.limit, calendar, there_by, work, breaks) if work else there_by)


def visit_put_off(derivation: Derivation, calendar: Calendar, breaks: Sequence[Interval]) -> datetime | None:
    """By when somebody is there instead, where a pause lay over the agreed visit; None if none did (G4)."""
    visit, began = derivation.appointment, _paused_over_visit(derivation, breaks)
    if visit is None or began is None or derivation.rule.appointment is Appointment.IGNORED:
        return None
    since = max(began, derivation.started_at)
    put_off = put_off_by_breaks(derivation.limit, calendar, since, visit, breaks)
    return max(put_off, derivation.arrival or put_off)


def _paused_over_visit(derivation: Derivation, breaks: Sequence[Interval]) -> datetime | None:
    """When the first pause began that lay over the agreed visit."""
    visit = derivation.appointment
    return visit and min((start for start, end in breaks if start < visit < end), default=None)


def _granted_before(derivation: Derivation, began: datetime) -> Derivation:
    """The derivation without an extension that was granted after the pause had begun."""
    granted_at = derivation.extended_at or derivation.extended_to
    if granted_at is None or granted_at <= began:
        return derivation
    return replace(derivation, extended_to=None, extended_at=None)


def _moved(
    derivation: Derivation,
    calendar: Calendar,
    counted_from: datetime,
    planned: datetime,
    breaks: Sequence[Interval],
) -> datetime:
    """The end by limit, agreement and extension, each put off by itself."""
    limit = derivation.limit
    due_at = extended_by_breaks(limit, calendar, counted_from, planned, breaks)
    if derivation.agreed_end is not None:
        due_at = _appointed(derivation, _agreed_end(derivation, calendar, breaks), due_at)
    if derivation.extended_to is not None:
        since = max(derivation.extended_at or derivation.extended_to, derivation.started_at)
        due_at = max(due_at, put_off_by_breaks(limit, calendar, since, derivation.extended_to, breaks))
    return due_at


def _agreed_end(derivation: Derivation, calendar: Calendar, breaks: Sequence[Interval]) -> datetime:
    """When the clock ends by the visit agreed on; later if a pause lay over it, or over its work (G4).

    A pause that began before the clock counts from the start of the clock: the ledger knows no day before.
    """
    visit, agreed = derivation.appointment, derivation.agreed_end
    if visit is None or agreed is None:
        raise ValueError("No visit is agreed on.")
    began = min((start for start, end in breaks if start < agreed and visit < end), default=None)
    if began is None:
        return agreed
    since = max(began, derivation.started_at)
    return put_off_by_breaks(derivation.limit, calendar, since, agreed, breaks)


def _appointed(derivation: Derivation, appointment: datetime, due_at: datetime) -> datetime:
    """When a clock ends that has an appointment; without it at `due_at` (B11)."""
    if appointment <= derivation.started_at:
        raise InvalidInputError("An appointment must be later than the start of its clock.")
    match derivation.rule.appointment:
        case Appointment.REPLACES:
            return appointment
        case Appointment.WITHIN:
            return min(due_at, appointment)
        case Appointment.IGNORED:
            return due_at
