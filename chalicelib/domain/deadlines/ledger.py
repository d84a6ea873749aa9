"""The ledger of a deadline: all that it was derived from, small enough to stand on the case (G2).

Entries, by `kind`: "rule" (clock, what an appointment does, seed, requirement, id), "limit" (with the share
of a round that came back, then that of a resident who needs care, if it is less than all), "promised" (what
held first, where the calendar or the classification has moved it since), "ahead" (`until` when at the latest,
because another clock, `note`, ends at `at`), "start" (`until`: from when it
counts), "hours" (zone and windows of the week), "off" (days without work between start and deadline, by
name), "on" (make-up days), "closed" and "opened" (days off and hours by the community's own word), "pause",
"appointment", "extension" (granted `at`, `until` when), "due". Plain weekends follow from "hours".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.deadlines.calendar import ONE_DAY, Amendment, Calendar, Window
from chalicelib.domain.deadlines.intervals import microseconds
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit, limit_of
from chalicelib.domain.regulation.rules import Appointment, Rule

AROUND_THE_CLOCK = "around_the_clock"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One fact of a deadline; what is not needed for its kind stays empty."""

    kind: str
    at: datetime | None = None
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `started_at` to `ended_at`, while it lasts its planned end (G4)."""

    started_at: datetime
    ended_at: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if microseconds(self.ended_at) < microseconds(self.started_at):
            raise InvalidInputError("A pause cannot end before it begins.")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A clock that waits for this one, and when it ends; so this one ends at `until` instead (B3)."""

    clock: Clock
    due_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a deadline follows from, except the calendar.

    `share` of the rule's limit is what a round that came back has, `care` what a resident who needs it has.
    `promised` is the end that held first, if that is known. `ahead`: the limit would end too late.
    """

    rule: Rule
    share: float
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    appointment: datetime | None = None
    extended_to: datetime | None = None
    extended_at: datetime | None = None
    care: float = 1.0
    promised: datetime | None = None
    ahead: Ahead | None = None

    @property
    def limit(self) -> Limit:
        """The time that this round has: of the rule's limit (G9, G15), or to be ahead of another clock."""
        if self.ahead is not None:
            return limit_of(self.ahead.until - self.started_at)
        return self.rule.limit.scaled(self.share * self.care)


def write_ledger(
    plan: Plan, calendar: Calendar, counted_from: datetime, due_at: datetime, last_day: date
) -> tuple[LedgerEntry, ...]:
    """The ledger of a deadline that was derived from this plan and calendar."""
    return tuple(_entries(plan, calendar, counted_from, due_at, last_day))


def _entries(
    plan: Plan, calendar: Calendar, counted_from: datetime, due_at: datetime, last_day: date
) -> Iterator[LedgerEntry]:
    rule, limit = plan.rule, plan.rule.limit
    care = f" {float(plan.care)}" if plan.care != 1 else ""
    yield LedgerEntry(
        "rule", note="|".join((rule.clock, rule.appointment, rule.source, rule.requirement, rule.id))
    )
    running = AROUND_THE_CLOCK if limit.around_the_clock else "working_time"
    yield LedgerEntry(
        "limit", note=f"{float(limit.amount)} {limit.unit} {limit.count} {running} {float(plan.share)}{care}"
    )
    if plan.promised:
        yield LedgerEntry("promised", at=plan.promised)
    if plan.ahead:
        yield LedgerEntry("ahead", at=plan.ahead.due_at, until=plan.ahead.until, note=plan.ahead.clock)
    yield LedgerEntry(
        "start", at=plan.started_at, until=counted_from if counted_from > plan.started_at else None
    )
    if not limit.around_the_clock:
        yield LedgerEntry("hours", note=_hours(calendar))
    if not plan.limit.around_the_clock:
        yield from _days(calendar, calendar.local_date(plan.started_at), last_day)
    for pause in plan.pauses:
        yield LedgerEntry("pause", at=pause.started_at, until=pause.ended_at, note=pause.reason)
    if plan.appointment:
        yield LedgerEntry("appointment", at=plan.appointment)
    if plan.extended_to:
        yield LedgerEntry("extension", at=plan.extended_at, until=plan.extended_to)
    yield LedgerEntry("due", at=due_at)


def _hours(calendar: Calendar) -> str:
    """Zone, then the weekdays (0 is Monday) of each set of windows: "Asia/Shanghai 01234=510-720"."""
    weekdays: dict[str, str] = {}
    for day, windows in sorted(calendar.week.items()):
        if windows:
            weekdays[_written(windows)] = weekdays.get(_written(windows), "") + str(day)
    return " ".join((calendar.zone, *(f"{days}={written}" for written, days in weekdays.items())))


def _written(windows: Sequence[Window]) -> str:
    return ",".join(f"{window.opens}-{window.closes}" for window in windows)


def _read(written: str) -> tuple[Window, ...]:
    pairs = (pair.split("-") for pair in written.split(",") if pair)
    return tuple(Window(int(opens), int(closes)) for opens, closes in pairs)


def _days(calendar: Calendar, first: date, last: date) -> Iterator[LedgerEntry]:
    """The days that are not as their weekday has it, days off of one name in one entry."""
    day = first
    while day <= last:
        begin, windows = day, calendar.windows_on(day)
        usual = calendar.week.get(day.weekday(), ())
        name = calendar.day_reason(day)
        day += ONE_DAY
        if windows == usual and not name:
            continue
        if windows:
            kind = "opened" if begin in calendar.amendments else "on"
            yield LedgerEntry(kind, at=calendar.midnight(begin), note=f"{_written(windows)} {name}")
            continue
        own = begin in calendar.amendments
        while (
            day <= last
            and not calendar.windows_on(day)
            and calendar.day_reason(day) == name
            and (day in calendar.amendments) == own
        ):
            day += ONE_DAY
        kind = "closed" if own else "off"
        yield LedgerEntry(kind, at=calendar.midnight(begin), until=calendar.midnight(day), note=name)


def plan_of(ledger: Sequence[LedgerEntry]) -> Plan:
    """The plan that a ledger was written from."""
    one = {entry.kind: entry for entry in ledger}
    clock, appointment, source, requirement, rule_id = one["rule"].note.split("|", 4)
    amount, unit, count, running, share, *care = one["limit"].note.split(" ")
    limit = Limit(float(amount), Unit(unit), CountFrom(count), running == AROUND_THE_CLOCK)
    started_at = one["start"].at
    if started_at is None:
        raise InvalidInputError("A ledger without a start derives nothing.")
    extension, ahead = one.get("extension"), one.get("ahead")
    return Plan(
        rule=Rule(
            rule_id, Clock(clock), limit, source, requirement, "", appointment=Appointment(appointment)
        ),
        share=float(share),
        started_at=started_at,
        pauses=tuple(
            Pause(entry.at, entry.until, entry.note)
            for entry in ledger
            if entry.kind == "pause" and entry.at and entry.until
        ),
        appointment=one["appointment"].at if "appointment" in one else None,
        extended_to=extension.until if extension else None,
        extended_at=extension.at if extension else None,
        care=float(care[0]) if care else 1.0,
        promised=one["promised"].at if "promised" in one else None,
        ahead=Ahead(Clock(ahead.note), ahead.at, ahead.until) if ahead and ahead.at and ahead.until else None,
    )


def recorded_calendar(ledger: Sequence[LedgerEntry]) -> Calendar:
    """The calendar as it stood when the ledger was written, true between start and deadline."""
    hours = next((entry.note for entry in ledger if entry.kind == "hours"), "")
    if not hours:
        return Calendar("UTC", {0: (Window(0, 1440),)})
    zone, *weeks = hours.split(" ")
    week = {int(day): _read(windows) for days, windows in (part.split("=") for part in weeks) for day in days}
    plain = Calendar(zone, week)
    changes: dict[date, Amendment] = {}
    holidays: dict[date, str] = {}
    makeup_days: dict[date, str] = {}
    for entry in ledger:
        if entry.at is None:
            continue
        day = plain.local_date(entry.at)
        if entry.kind in {"on", "opened"}:
            written, _, name = entry.note.partition(" ")
            windows = _read(written)
            if entry.kind == "on" and windows == plain.full_day:
                makeup_days[day] = name
            else:  # ledgers once called the community's own days "on" as well
                changes[day] = Amendment(windows, name)
        elif entry.kind in {"off", "closed"} and entry.until:
            while plain.midnight(day) < entry.until:
                if entry.kind == "off":
                    holidays[day] = entry.note
                else:
                    changes[day] = Amendment((), entry.note)
                day += ONE_DAY
    return Calendar(zone, week, holidays, makeup_days, amendments=changes)
