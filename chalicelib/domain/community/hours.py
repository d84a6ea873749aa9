"""When a community works, and what it is made of: hours, changed days, buildings (G1, A7)."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct


class Hours(Struct, frozen=True):
    """The working hours of some weekdays (0 is Monday): local ("HH:MM", "HH:MM") pairs."""

    weekdays: tuple[int, ...]
    windows: tuple[tuple[str, str], ...]


class StaffedWeek(Struct, frozen=True):
    """The hours in which the desk is staffed, from a local day on (ISO date; empty: always) (A7).

    They hold until a week begins that is set for a later day. `reason` is what residents read of it, `by` who
    set it and `at` when.
    """

    valid_from: str
    hours: tuple[Hours, ...]
    on_holidays: bool = False
    reason: str = ""
    by: str = ""
    at: datetime | None = None


def staffed_on(day: date, weeks: Iterable[StaffedWeek]) -> StaffedWeek:
    """The week that holds on a day: of those that have begun the last; the first begins at once."""
    written = day.isoformat()
    return max((week for week in weeks if week.valid_from <= written), key=_begins)


def _begins(week: StaffedWeek) -> str:
    return week.valid_from


class Building(Struct, frozen=True):
    """A building of a community: its id is how its units begin, such as 3; `name` is what people read.

    One that is out of service stays, for cases name it.
    """

    id: str
    name: str
    active: bool = True


class AmendedDay(Struct, frozen=True):
    """A day on which a community differs from the statutory calendar (G1).

    `date` is ISO, local. `windows` are ("HH:MM", "HH:MM") pairs; none means closed. `by` is who said so, and
    `at` when.
    """

    date: str
    windows: tuple[tuple[str, str], ...]
    reason: str
    by: str | None = None
    at: datetime | None = None
