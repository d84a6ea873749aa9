"""Deadlines: limit × calendar × what moved them, derived again from the ledger (G2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.ends import end_of, work_done
from chalicelib.domain.deadlines.intervals import Interval, utc
from chalicelib.domain.deadlines.ledger import (
    CalendarExcerpt,
    Derivation,
    Pause,
    RecordedRule,
    excerpt_for,
    recorded,
    work_excerpt_for,
)
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.deadlines.periods import counted_in, period_of
from chalicelib.domain.regulation.limits import Clock, Limit
from chalicelib.domain.regulation.rules import Appointment, Rule


class Deadline(Struct, frozen=True):
    """When one clock of a case runs out, and the ledger that says why (G2).

    The ledger is `derivation` and `calendar_excerpt`: from these alone the deadline can be derived again, and
    a later change of the pack or the calendar does not reach them.
    `first_due_at` is what was promised first, before anything moved it (B7, G5). The limit counts from
    `counted_from`: the start, or the local midnight after it for days from the next. `provisional`: the
    deadline crosses days whose holidays are not published yet, and is planned anew when they are (G1).
    `work_excerpt` has the hours of the work after a visit, where those are not the limit's.
    """

    derivation: Derivation
    calendar_excerpt: CalendarExcerpt
    due_at: datetime
    first_due_at: datetime
    counted_from: datetime
    provisional: bool
    work_excerpt: CalendarExcerpt | None = None

    @property
    def rule(self) -> RecordedRule:
        """The rule as it was when the clock started."""
        return self.derivation.rule

    @property
    def clock(self) -> Clock:
        """What is promised."""
        return self.derivation.rule.clock

    @property
    def started_at(self) -> datetime:
        """When the clock started."""
        return self.derivation.started_at

    @property
    def zone(self) -> str:
        """The community's time zone."""
        return self.calendar_excerpt.zone

    @property
    def limit(self) -> Limit:
        """The limit of this round."""
        return self.derivation.limit

    @property
    def work_calendar(self) -> Calendar | None:
        """What the work after a visit was counted in; None where it has no time, or one that needs none."""
        work = self.derivation.work
        if work is None or work.around_the_clock:
            return None
        excerpt = self.work_excerpt
        return excerpt.calendar() if excerpt else counted_in(work, self.calendar_excerpt.calendar())

    @property
    def work_done(self) -> datetime | None:
        """By when the work after a visit has had its time; None where it has none of its own."""
        return work_done(self.derivation, self.calendar_excerpt.calendar(), self.breaks, self.work_calendar)

    @property
    def is_a_visit(self) -> bool:
        """Whether an agreed visit has taken the place of the limit (B11)."""
        replaced = self.derivation.rule.appointment is Appointment.REPLACES
        return replaced and self.derivation.appointment is not None

    @property
    def breaks(self) -> list[Interval]:
        """The times at which its clock stood still."""
        return [(pause.started_at, pause.ended_at) for pause in self.derivation.pauses]


class Moved(Struct, frozen=True):
    """A clock that ended at one time and now ends at another."""

    clock: Clock
    before: datetime
    after: datetime


def moved_between(before: Mapping[Clock, Deadline], after: Iterable[Deadline]) -> tuple[Moved, ...]:
    """Those of `after` that had ended at another time before."""
    known = ((before[deadline.clock], deadline) for deadline in after if deadline.clock in before)
    return tuple(
        Moved(deadline.clock, was.due_at, deadline.due_at)
        for was, deadline in known
        if was.due_at != deadline.due_at
    )


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
    work_by: datetime | None = None,
    work: Limit | None = None,
) -> Deadline:
    """When the rule's clock, started then, runs out.

    `share` shortens the limit of a returned round, `care` that of a resident who needs it. `pauses` stop the
    clock, in its own time. `appointment` is a time agreed with the resident; the rule says what it does, and
    `work_by` by when the work that follows is done, which has the time of `work` at least.
    `extended_to` was granted by the manager at `extended_at`: pauses after that move it as well; it never
    makes a deadline earlier (B7, B11, G4, G5, G9). `promised` is the end that held before the calendar or
    the classification moved it; it stays on record. Of several limits the one holds that ends first from
    this start, before anything moves it: the ledger keeps that one.
    """
    derivation = Derivation(
        rule=recorded(_first_to_end(rule, started_at, calendar, share * care)),
        started_at=utc(started_at),
        share=share,
        care=care,
        pauses=tuple(pauses),
        appointment=utc(appointment) if appointment else None,
        extended_to=utc(extended_to) if extended_to else None,
        extended_at=utc(extended_at) if extended_at else None,
        promised=promised,
        work_by=utc(work_by) if work_by else None,
        work=work,
    )
    return derived(derivation, calendar)


def _first_to_end(rule: Rule, started_at: datetime, calendar: Calendar, share: float) -> Rule:
    if not rule.or_earlier:
        return rule
    return min(rule.limits(), key=lambda part: period_of(part.limit.scaled(share), started_at, calendar)[1])


def replay(deadline: Deadline) -> datetime:
    """The end derived again from the ledger alone, whatever has changed since (G2)."""
    calendar = deadline.calendar_excerpt.calendar()
    return derived(deadline.derivation, calendar, deadline.work_calendar).due_at


def replanned(deadline: Deadline, calendar: Calendar, derivation: Derivation | None = None) -> Deadline:
    """The same deadline under the calendar of today (G1).

    All else is as it was, or as `derivation` has it. What was promised first stays on record, also where the
    calendar gives the limit another end by now.
    """
    derivation = derivation or deadline.derivation
    return derived(replace(derivation, promised=deadline.first_due_at), calendar)


def derived(derivation: Derivation, calendar: Calendar, work_calendar: Calendar | None = None) -> Deadline:
    """The deadline that follows from the derivation under the calendar.

    The work after a visit is counted in `work_calendar`, by default in that part of `calendar` that is its.
    """
    work = derivation.work
    if work is not None and not work.around_the_clock and work_calendar is None:
        work_calendar = counted_in(work, calendar)
    limit = derivation.limit
    breaks = [(pause.started_at, pause.ended_at) for pause in derivation.pauses]
    counted_from, planned = period_of(limit, derivation.started_at, calendar)
    if derivation.promised == planned:
        derivation = replace(derivation, promised=None)
    due_at = end_of(derivation, calendar, counted_from, planned, breaks, work_calendar)
    last_day = calendar.local_date(max(due_at, planned))
    done = work_done(derivation, calendar, breaks, work_calendar)
    replaces = derivation.rule.appointment is Appointment.REPLACES
    counts_days = not (limit.around_the_clock or (replaces and due_at in {derivation.agreed_end, done}))
    provisional = counts_days and _unpublished(counted_in(limit, calendar), counted_from, last_day)
    if done is not None and work_calendar is not None:
        visit_at = derivation.appointment or derivation.started_at
        provisional = provisional or _unpublished(work_calendar, visit_at, work_calendar.local_date(done))
    return Deadline(
        derivation=derivation,
        calendar_excerpt=excerpt_for(derivation, calendar, last_day),
        due_at=due_at,
        first_due_at=derivation.promised or planned,
        counted_from=counted_from,
        provisional=provisional,
        work_excerpt=work_excerpt_for(derivation, calendar, work_calendar, last_day),
    )


def _unpublished(calendar: Calendar, counted_from: datetime, last_day: date) -> bool:
    """Whether the holidays of any day that counts are not published yet."""
    day = calendar.local_date(counted_from)
    if calendar.published_from <= day and last_day <= calendar.published_until:
        return False
    while day <= last_day:
        if calendar.is_provisional(day):
            return True
        day += ONE_DAY
    return False
