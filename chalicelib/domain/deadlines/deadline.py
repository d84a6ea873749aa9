"""Limit × calendar × pauses → deadline, with the ledger from which it can be derived again (G2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.deadlines.calendar import ONE_DAY, Calendar
from chalicelib.domain.deadlines.intervals import Interval, utc
from chalicelib.domain.deadlines.ledger import (
    LedgerEntry,
    Pause,
    Plan,
    plan_of,
    recorded_calendar,
    write_ledger,
)
from chalicelib.domain.deadlines.periods import extended_by_breaks, period_of
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, Limit
from chalicelib.domain.regulation.rules import Appointment, Conditions, Rule


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of one case. `first_due_at` is what was promised first, before anything moved it (B7, G5).

    `rule` is the rule as it was (its conditions left out, the case met them); a later change of the pack does
    not reach it. `share` is how much of its limit this round has, `care` how much of that the case of a
    resident who needs care. `provisional`: the deadline crosses days whose holidays are not published yet and
    is planned anew when they are (G1).
    """

    clock: Clock
    due_at: datetime
    first_due_at: datetime
    started_at: datetime
    zone: str
    rule: Rule
    share: float
    provisional: bool
    ledger: tuple[LedgerEntry, ...]
    care: float = 1.0

    @property
    def limit(self) -> Limit:
        """The limit of this round."""
        return plan_of(self.ledger).limit

    @property
    def counted_from(self) -> datetime:
        """From when the limit counts: the start, or the local midnight after it for days from the next."""
        return next(entry.until or self.started_at for entry in self.ledger if entry.kind == "start")

    @property
    def breaks(self) -> list[Interval]:
        """The times at which its clock stood still."""
        pauses = plan_of(self.ledger).pauses
        return [(pause.started_at, pause.ended_at) for pause in pauses]


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that ended at one time and now ends at another."""

    clock: Clock
    before: datetime
    after: datetime


def moved_between(before: Mapping[Clock, Deadline], after: Iterable[Deadline]) -> tuple[Moved, ...]:
    """Those of `after` that had ended at another time before."""
    found = ((before[one.clock], one) for one in after if one.clock in before)
    return tuple(Moved(one.clock, was.due_at, one.due_at) for was, one in found if was.due_at != one.due_at)


def deadline_for(
    rule: Rule,
    started_at: datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    extended_to: datetime | None = None,
    extended_at: datetime | None = None,
    appointment: datetime | None = None,
    share: float = 1.0,
    care: float = 1.0,
    promised: datetime | None = None,
) -> Deadline:
    """When the rule's clock, started then, runs out.

    `share` shortens the limit of a returned round, `care` that of a resident who needs it. `pauses` stop the
    clock, in its own time. `appointment` is a time agreed with the resident; the rule says what it does.
    `extended_to` was granted by the manager at `extended_at`: pauses after that move it as well; it never
    makes a deadline earlier (B7, B11, G4, G5, G9). `promised` is the end that held before the calendar or
    the classification moved it; it stays on record.
    """
    plan = Plan(
        rule,
        share,
        utc(started_at),
        tuple(pauses),
        utc(appointment) if appointment else None,
        utc(extended_to) if extended_to else None,
        utc(extended_at) if extended_at else None,
        care,
        promised,
    )
    return derived(plan, calendar)


def replay(ledger: Sequence[LedgerEntry]) -> datetime:
    """The deadline derived again from its ledger alone: the same instant whatever has changed since (G2)."""
    return derived(plan_of(ledger), recorded_calendar(ledger)).due_at


def replanned(deadline: Deadline, calendar: Calendar, plan: Plan | None = None) -> Deadline:
    """The same deadline under the calendar of today, all else as its ledger, or the plan, has it (G1).

    What was promised first stays on record, also where the calendar gives the limit another end by now.
    """
    plan = replace(plan or plan_of(deadline.ledger), promised=deadline.first_due_at)
    return replace(derived(plan, calendar), rule=deadline.rule)


def derived(plan: Plan, calendar: Calendar) -> Deadline:
    """The deadline that follows from the plan under the calendar."""
    limit = plan.limit
    breaks = [(pause.started_at, pause.ended_at) for pause in plan.pauses]
    counted_from, planned = period_of(limit, plan.started_at, calendar)
    if plan.promised == planned:
        plan = replace(plan, promised=None)
    due_at = extended_by_breaks(limit, calendar, counted_from, planned, breaks)
    if plan.appointment is not None:
        due_at = _appointed(plan, _visit(limit, calendar, plan.appointment, breaks), due_at)
    if plan.extended_to is not None:
        extended_from = plan.extended_at or plan.extended_to
        due_at = max(due_at, extended_by_breaks(limit, calendar, extended_from, plan.extended_to, breaks))
    last_day = calendar.local_date(max(due_at, planned))
    is_agreed = plan.rule.appointment is Appointment.REPLACES and due_at == plan.appointment
    counts_days = not (limit.around_the_clock or is_agreed)
    return Deadline(
        clock=plan.rule.clock,
        due_at=due_at,
        first_due_at=plan.promised or planned,
        started_at=plan.started_at,
        zone=calendar.zone,
        rule=replace(plan.rule, why="", why_zh="", when=Conditions()),
        share=plan.share,
        provisional=counts_days and _unpublished(calendar, counted_from, last_day),
        ledger=write_ledger(plan, calendar, counted_from, due_at, last_day),
        care=plan.care,
    )


def _visit(limit: Limit, calendar: Calendar, agreed: datetime, breaks: Sequence[Interval]) -> datetime:
    """The time agreed on; put off like a limit if a pause lay over it (G4)."""
    began = next((start for start, end in breaks if start <= agreed < end), None)
    return agreed if began is None else extended_by_breaks(limit, calendar, began, agreed, breaks)


def _appointed(plan: Plan, appointment: datetime, due_at: datetime) -> datetime:
    if appointment <= plan.started_at:
        raise InvalidInputError("An appointment must be later than the start of its clock.")
    match plan.rule.appointment:
        case Appointment.REPLACES:
            return appointment
        case Appointment.WITHIN:
            return min(due_at, appointment)
        case Appointment.IGNORED:
            return due_at


def _unpublished(calendar: Calendar, counted_from: datetime, last_day: date) -> bool:
    day = calendar.local_date(counted_from)
    if calendar.published_from <= day and last_day <= calendar.published_until:
        return False
    while day <= last_day:
        if calendar.is_provisional(day):
            return True
        day += ONE_DAY
    return False
