"""The ledger of a deadline: all that it was derived from (G2).

It has two halves: the `Derivation` (rule, start, and what moved the end) and the `CalendarExcerpt` (the hours
and the unusual days between start and end). Together they give the same instant again, whatever pack or
calendar say later.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.community.community import Hours
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.intervals import microseconds
from chalicelib.domain.deadlines.local_days import ONE_DAY
from chalicelib.domain.deadlines.opening_hours import pair_of, week_of
from chalicelib.domain.deadlines.periods import counted_in
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, Limit, limit_of
from chalicelib.domain.regulation.rules import Appointment, Rule


class Pause(Struct, frozen=True):
    """A time in which the clock stood still (G4). While it lasts, `ended_at` is its planned end."""

    started_at: datetime
    ended_at: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if microseconds(self.ended_at) < microseconds(self.started_at):
            raise InvalidInputError("A pause cannot end before it begins.")


class Ahead(Struct, frozen=True):
    """A promise that waits for this clock, which therefore ends at `until` already (B3).

    Assigned 02:00, somebody on site by 02:10 → `Ahead(Clock.ON_SITE, due_at=02:10, until=02:05)`. `limit` is
    what that leaves in staffed hours; None around the clock.
    """

    clock: Clock
    due_at: datetime
    until: datetime
    limit: Limit | None = None


class RecordedRule(Struct, frozen=True):
    """What a deadline keeps of its rule, as that was when the clock started."""

    id: str
    clock: Clock
    limit: Limit
    source: str
    requirement: str
    appointment: Appointment


class Derivation(Struct, frozen=True):
    """All that a deadline follows from, except the calendar.

    `share` of the rule's limit is what a round that came back has, `care` what a resident who needs it has:
    8 hours with share 0.5 and care 0.5 are 2 hours (G9, G15). `promised` is the end that was promised first,
    where the calendar or the classification has moved it since. `ahead`: another clock leaves this one less.
    `appointment` is the agreed time of a visit, and `work_by` by when the work that follows it is done; None:
    the clock ends with the visit (B11). `arrival` is by when somebody is there, where pauses over the visit
    have put that off by the clock of the arrival: the work follows it. `work` is the time that the visit left
    for the work when it was agreed on: so much follows whoever is there at last. Ledgers of before
    30 November 2026 have none.
    """

    rule: RecordedRule
    started_at: datetime
    share: float = 1.0
    care: float = 1.0
    pauses: tuple[Pause, ...] = ()
    appointment: datetime | None = None
    extended_to: datetime | None = None
    extended_at: datetime | None = None
    promised: datetime | None = None
    ahead: Ahead | None = None
    work_by: datetime | None = None
    arrival: datetime | None = None
    work: Limit | None = None

    @property
    def runs_around_the_clock(self) -> bool:
        """Whether no calendar moves its end: neither the limit's nor that of the work."""
        return self.limit.around_the_clock and (self.work is None or self.work.around_the_clock)

    @property
    def agreed_end(self) -> datetime | None:
        """When the clock ends by what was agreed; None without an agreed visit."""
        return None if self.appointment is None else self.work_by or self.appointment

    @property
    def limit(self) -> Limit:
        """The time of this round: a share of the rule's limit, or what another clock leaves."""
        if self.ahead is not None:
            return self.ahead.limit or limit_of(self.ahead.until - self.started_at)
        return self.rule.limit.scaled(self.share * self.care)


class CalendarExcerpt(Struct, frozen=True):
    """The part of a calendar that a deadline was counted in: hours and unusual days.

    Days off, make-up days and the community's own days are those from the start to the deadline. A limit
    that runs around the clock needs no days, and no hours. `staffed`: the hours are those of the desk (A7).
    """

    zone: str
    hours: tuple[Hours, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    makeup_days: Mapping[date, str] = field(default_factory=dict)
    amendments: Mapping[date, Amendment] = field(default_factory=dict)
    staffed: bool = False

    def calendar(self) -> Calendar:
        """A calendar that is true for the deadline, between its start and its end."""
        week = week_of(self.hours) or {0: (Window(0, 1440),)}
        counted = Calendar(self.zone, week, self.holidays, self.makeup_days, amendments=self.amendments)
        return replace(counted, staffed=counted) if self.staffed else counted


def recorded(rule: Rule) -> RecordedRule:
    """What is kept of a rule: not its conditions, which the case met, nor its words."""
    return RecordedRule(rule.id, rule.clock, rule.limit, rule.source, rule.requirement, rule.appointment)


def excerpt_for(derivation: Derivation, calendar: Calendar, last_day: date) -> CalendarExcerpt:
    """What a derivation needs of the calendar, up to the local `last_day` included."""
    if derivation.rule.limit.around_the_clock:
        return CalendarExcerpt(calendar.zone)
    counted = counted_in(derivation.rule.limit, calendar)
    is_staffed = counted is calendar.staffed
    if derivation.limit.around_the_clock:  # ahead of another clock: the hours tell how long the limit was
        return CalendarExcerpt(calendar.zone, hours_of(counted.week), staffed=is_staffed)
    first_day = calendar.local_date(derivation.started_at)
    return replace(part_of(counted, first_day, last_day), staffed=is_staffed)


def work_excerpt_for(
    derivation: Derivation, calendar: Calendar, work_calendar: Calendar | None, last_day: date
) -> CalendarExcerpt | None:
    """What the work after a visit needs of the hours that it is counted in.

    None where those are the limit's, whose excerpt has them.
    """
    limit = derivation.rule.limit
    if work_calendar is None or (not limit.around_the_clock and work_calendar is counted_in(limit, calendar)):
        return None
    part = part_of(work_calendar, calendar.local_date(derivation.started_at), last_day)
    return replace(part, staffed=work_calendar is calendar.staffed)


def part_of(calendar: Calendar, first_day: date, last_day: date) -> CalendarExcerpt:
    """The hours of a calendar, and its unusual days from a day to another."""
    days = tuple(_days(first_day, last_day))
    return CalendarExcerpt(
        calendar.zone,
        hours_of(calendar.week),
        {day: calendar.holidays[day] for day in days if day in calendar.holidays},
        {day: calendar.makeup_days[day] for day in days if day in calendar.makeup_days},
        {day: calendar.amendments[day] for day in days if day in calendar.amendments},
    )


def hours_of(week: Mapping[int, tuple[Window, ...]]) -> tuple[Hours, ...]:
    """The windows of a week as people write them, weekdays with the same ones together."""
    weekdays: dict[tuple[Window, ...], tuple[int, ...]] = {}
    for weekday, windows in sorted(week.items()):
        if windows:
            weekdays[windows] = (*weekdays.get(windows, ()), weekday)
    return tuple(
        Hours(days, tuple(pair_of(window) for window in windows)) for windows, days in weekdays.items()
    )


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
