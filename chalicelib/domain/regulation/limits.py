"""What a limit is: how much time, in which unit, counted how. Table C is made of these."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.errors import RegulationError


class Clock(StrEnum):
    """One promise that is timed by itself; a case runs several clocks at once."""

    RESPOND = "respond"  # somebody has answered the contact and taken the matter up
    SIGN = "sign"  # the handler has signed for the assignment
    ON_SITE = "on_site"  # somebody stands at the place
    ANSWER = "answer"  # the department has answered with cause and plan; an inquiry has its answer
    SOLVE = "solve"  # the work is done
    QUOTE = "quote"  # feasibility and price of a chargeable repair are told
    INFORM = "inform"  # the resident has been told how it stands and what will be done
    CORRECT = "correct"  # a fault found at a revisit has reached the worker in writing
    WRITTEN_REPORT = "report"  # the written report on a serious or unsolved case is filed
    OBJECTION = "objection"  # the manager has decided what the resident objected to
    PROGRESS = "progress"  # the resident of a long case has heard how it stands, since the last time
    VERIFY = "verify"  # somebody has looked into the complaint and found whether it is so
    SORT = "sort"  # the desk has said what an unsorted report is about


class Begins(StrEnum):
    """What starts a clock.

    A price is asked of whoever has the order: asked before, it counts from the assignment (C16). A report to
    the superior is for what is serious, from then on, and for what has climbed above the manager (B6).
    """

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    QUOTE_ASKED = "quote_asked"
    FAULT_FOUND = "fault_found"
    FOR_THE_SUPERIOR = "for_the_superior"
    OBJECTED = "objected"


class Traits(Struct, frozen=True):
    """What is so of a clock under every regulation; where nothing is said, it is not.

    `promised`: the resident was promised it, and hears when it moves. `internal`: it is the desk's and its
    leaders'; no handler is chased for it. `first`: what a resident waits for first. `in_every_case`: each
    pack has a rule for it. `needs_signature`: it waits for the handler to sign. `by_appointment`: an agreed
    visit can be its time (B11). `pausable`: it can stand still (G4). `before_sorting`: it runs for a report
    of which nobody has said yet what it is about (A7). `heard`: it promises that the resident hears
    something, so nothing meets it but what has left for the resident, or what somebody has said (B8).
    """

    begins: Begins
    promised: bool = False
    internal: bool = False
    first: bool = False
    in_every_case: bool = False
    needs_signature: bool = False
    by_appointment: bool = False
    pausable: bool = False
    before_sorting: bool = False
    heard: bool = False


CLOCKS: Mapping[Clock, Traits] = {
    Clock.SOLVE: Traits(
        Begins.REGISTERED,
        promised=True,
        in_every_case=True,
        needs_signature=True,
        by_appointment=True,
        pausable=True,
    ),
    Clock.SIGN: Traits(Begins.ASSIGNED, in_every_case=True),
    Clock.ON_SITE: Traits(
        Begins.REGISTERED, promised=True, first=True, needs_signature=True, by_appointment=True
    ),
    Clock.RESPOND: Traits(
        Begins.REGISTERED, promised=True, first=True, in_every_case=True, before_sorting=True, heard=True
    ),
    Clock.SORT: Traits(Begins.REGISTERED, promised=True, internal=True, before_sorting=True),
    Clock.VERIFY: Traits(Begins.REGISTERED),
    Clock.ANSWER: Traits(Begins.ASSIGNED, needs_signature=True, pausable=True),
    Clock.QUOTE: Traits(Begins.QUOTE_ASKED, promised=True, heard=True),
    Clock.INFORM: Traits(Begins.REGISTERED, pausable=True, heard=True),
    Clock.PROGRESS: Traits(Begins.ASSIGNED, pausable=True),  # before, there is nobody who could tell
    Clock.CORRECT: Traits(Begins.FAULT_FOUND, internal=True),
    Clock.WRITTEN_REPORT: Traits(Begins.FOR_THE_SUPERIOR, internal=True),
    Clock.OBJECTION: Traits(Begins.OBJECTED, promised=True, internal=True),
}
"""Every clock, in the order in which they speak if they end together: what matters more, and often brings the
other, tells first."""

BEGINS: Mapping[Clock, Begins] = {clock: CLOCKS[clock].begins for clock in Clock}
HEARD = frozenset(clock for clock in Clock if CLOCKS[clock].heard)
INTERNAL_CLOCKS = frozenset(clock for clock in Clock if CLOCKS[clock].internal)
BEFORE_SORTING = frozenset(clock for clock in Clock if CLOCKS[clock].before_sorting)


class Unit(StrEnum):
    """What an amount counts. A day is 24 hours; a working day is one of the community's calendar.

    A staffed day is the time that the desk is staffed on a day: every day counts, weekends and holidays too
    (C4, C6). Where a community names no staffed hours, it is a full working day, on every day of the week.
    """

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    STAFFED_DAYS = "staffed_days"


CALENDAR_DAYS = frozenset({Unit.WORKING_DAYS, Unit.STAFFED_DAYS})
"""The units that have no length without a calendar."""


class CountFrom(StrEnum):
    """Where counting begins and where it may end.

    MOMENT: time runs at once and ends to the second. NEXT_DAY: the day of the start is not counted and
    the last day counts to closing time, as Civil Code art. 201 and 203 count days. END_OF_DAY: the day
    of the start counts as the first if any working time is left on it.
    """

    MOMENT = "moment"
    NEXT_DAY = "next_day"
    END_OF_DAY = "end_of_day"


DAYS_ALONE = frozenset({CountFrom.NEXT_DAY, CountFrom.END_OF_DAY})
"""What only days of the calendar can be counted from."""

A_DAY = 86400
SECONDS_PER_UNIT: Mapping[Unit, int] = {Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: A_DAY}
LONGEST = 366 * A_DAY  # in seconds, or as many working days: a calendar is not known further


class Limit(Struct, frozen=True):
    """So much time. `around_the_clock` runs at night and on holidays; else only working time counts."""

    amount: float
    unit: Unit
    count: CountFrom = CountFrom.MOMENT
    around_the_clock: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.amount * SECONDS_PER_UNIT.get(self.unit, A_DAY) <= LONGEST:
            raise RegulationError(
                f"A limit of {self.amount:g} {self.unit} is none: it must be more than 0, and a year at most."
            )
        if self.unit in CALENDAR_DAYS and self.around_the_clock:
            named = str(self.unit).replace("_", " ").capitalize()
            raise RegulationError(f"{named} cannot run around the clock: set around_the_clock to false.")
        if not self.around_the_clock and self.unit is Unit.DAYS:
            raise RegulationError("Days of 24 hours run around the clock; in working time use working_days.")
        if self.count in DAYS_ALONE and self.unit is not Unit.WORKING_DAYS:
            raise RegulationError(
                f"Only working days can count from {self.count}; {self.unit} count from moment."
            )

    def elapsed(self) -> timedelta:
        """The amount as a length of time; RegulationError for days that need a calendar."""
        if self.unit in CALENDAR_DAYS:
            raise RegulationError(
                "A working day has no length without a calendar; right are seconds, minutes, hours, days."
            )
        return timedelta(seconds=self.amount * SECONDS_PER_UNIT[self.unit])

    def is_safer_than(self, other: "Limit") -> bool:
        """Whether it runs around the clock and `other` does not, or else runs out sooner."""
        if not self.around_the_clock or not other.around_the_clock:
            return self.around_the_clock
        return self.elapsed() < other.elapsed()

    def in_staffed_hours(self) -> "Limit":
        """The limit in staffed hours, if it is one of hours or less; days stay as they are (A7, C4)."""
        is_of_hours = self.unit in {Unit.SECONDS, Unit.MINUTES, Unit.HOURS}
        return replace(self, around_the_clock=False) if is_of_hours else self

    def scaled(self, share: float) -> "Limit":
        """The limit with `share` of its amount (G9, G15): 5 working days, 0.5 → 2.5 working days."""
        return self if share == 1.0 else replace(self, amount=round(self.amount * share, 6))


def limit_of(time: timedelta) -> Limit:
    """A limit of so much time around the clock, in the largest unit that fits.

    120 minutes → 2 hours; 90 minutes → 90 minutes; below a second → 1 second.
    """
    seconds = max(1, round(time.total_seconds()))
    units = (Unit.HOURS, Unit.MINUTES, Unit.SECONDS)
    unit = next(unit for unit in units if not seconds % SECONDS_PER_UNIT[unit])
    return Limit(seconds // SECONDS_PER_UNIT[unit], unit)
