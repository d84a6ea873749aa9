"""Spells of duty, and gaps: the hours in which somebody should be there and nobody is (B14, G19).

When somebody has to be there is what a community says for a department (`duty_hours`). Where it says nothing:
a department that has somebody on most nights, around the clock; the desk in its staffed hours too; any other
as its weekly turns have it, so that only leave, a swap or a departure opens a gap. A department without a
roster has none.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Hours
from chalicelib.domain.community.roster import on_duty

DESK = "desk"
AHEAD = timedelta(days=14)
"""How far ahead gaps are looked for (B14)."""

DEAD_OF_NIGHT = time(3)
MOST_NIGHTS = 4
"""Whoever has somebody at three in the morning of so many nights a week is there around the clock (ours)."""

QUARTER, ONE_DAY = timedelta(minutes=15), timedelta(days=1)


class Spell(Struct, frozen=True):
    """A stretch of time of a department with the same people on duty (usernames); UTC.

    `wanted`: somebody has to be there.
    """

    department: str
    starts: datetime
    ends: datetime
    people: tuple[str, ...]
    wanted: bool

    @property
    def is_gap(self) -> bool:
        """Whether somebody has to be there and nobody is."""
        return self.wanted and not self.people


def people_on_duty(community: Community, department: str, moment: datetime) -> tuple[str, ...]:
    """Usernames on duty for a department who work here still."""
    there = on_duty(community.roster, department, moment)
    return tuple(username for username in there if community.member(username) is not None)


def spells(community: Community, department: str, starts: datetime, ends: datetime) -> tuple[Spell, ...]:
    """A department's time from one instant to another, cut where somebody comes or goes."""
    is_wanted = wanted_at(community, department)
    found: list[Spell] = []
    for begins, until in pairwise(_boundaries(community, department, starts, ends)):
        people = people_on_duty(community, department, begins)
        spell = Spell(department, begins, until, people, is_wanted(community.roster.local(begins)))
        if found and (found[-1].people, found[-1].wanted) == (spell.people, spell.wanted):
            found[-1] = replace(found[-1], ends=until)
        else:
            found.append(spell)
    return tuple(found)


def gaps(community: Community, starts: datetime, ends: datetime) -> tuple[Spell, ...]:
    """Every gap in the roster between two instants, the first first."""
    departments = dict.fromkeys([*community.departments, *community.duty_hours])
    every = (spell for department in departments for spell in spells(community, department, starts, ends))
    return tuple(sorted((spell for spell in every if spell.is_gap), key=lambda spell: spell.starts))


def next_on_duty(community: Community, department: str, moment: datetime) -> tuple[str, ...]:
    """Usernames that come on duty next for a department, within a day (G19); nobody who is there now."""
    now, *later = spells(community, department, moment, moment + ONE_DAY)
    coming = ([name for name in spell.people if name not in now.people] for spell in later)
    return tuple(next(filter(None, coming), ()))


def wanted_at(community: Community, department: str) -> Callable[[datetime], bool]:
    """The function that says whether somebody has to be on duty at a local moment."""
    turns = [turn for turn in community.shifts if turn.department == department]
    said = community.duty_hours.get(department)
    if said is not None:
        return lambda local: _is_within(said, local)
    monday = date(2024, 1, 1)
    nights = [datetime.combine(monday + ONE_DAY * day, DEAD_OF_NIGHT) for day in range(7)]
    if sum(any(turn.covers(night) for turn in turns) for night in nights) >= MOST_NIGHTS:
        return lambda _: True
    by_hours = department == DESK and bool(turns)
    return lambda local: (
        (by_hours and _is_within(community.staffed_at(local.date()).hours, local))
        or any(turn.covers(local) for turn in turns)
    )


def _is_within(hours: Iterable[Hours], local: datetime) -> bool:
    now = f"{local:%H:%M}"
    return any(
        local.weekday() in part.weekdays and opens <= now < closes
        for part in hours
        for opens, closes in part.windows
    )


def _boundaries(community: Community, department: str, starts: datetime, ends: datetime) -> list[datetime]:
    """The instants at which anything may change for a department, with first and last."""
    zone = ZoneInfo(community.zone)
    locals_ = {moment for change in community.duty_changes for moment in _moments(change)}
    clock_times = set(_clock_times(community, department))
    day = (starts - ONE_DAY).astimezone(zone).date()
    found = {starts, ends}
    while day <= (ends + ONE_DAY).astimezone(zone).date():
        locals_ |= {datetime.combine(day, clock_time) for clock_time in clock_times}
        midnight, next_one = (datetime.combine(edge, time(), zone) for edge in (day, day + ONE_DAY))
        if midnight.utcoffset() != next_one.utcoffset():  # the clocks change, at a quarter of an hour
            begins = midnight.astimezone(UTC)
            found |= {begins + QUARTER * number for number in range(101)}
        day += ONE_DAY
    for local in locals_:
        found |= {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if starts <= moment <= ends)


def _clock_times(community: Community, department: str) -> Iterator[time]:
    yield time()
    for turn in community.shifts:
        if turn.department == department:
            yield from (turn.starts, turn.ends)
    for part in (*community.duty_hours.get(department, ()), *community.staffed_hours, *_staffed(community)):
        for edge in (edge for window in part.windows for edge in window if edge != "24:00"):
            yield time.fromisoformat(edge)


def _staffed(community: Community) -> Iterator[Hours]:
    for week in community.staffed_weeks:
        yield from week.hours


def _moments(change: object) -> Iterator[datetime]:
    for name in ("starts", "ends", "back_starts", "back_ends"):
        if (moment := getattr(change, name)) is not None:
            yield moment
