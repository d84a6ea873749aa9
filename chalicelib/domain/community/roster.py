"""The duty roster: who is on duty for a department at a moment (B14).

Turns come every week; what differs on a day is a change: leave, a turn more, or a turn that another takes.
All times of a roster are those of the clocks on the wall: at 08:00 somebody comes, also on the day after the
clocks were put forward.
"""

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct


class Shift(Struct, frozen=True):
    """A weekly turn of duty, in local time; weekday 0 is Monday.

    It goes over midnight where it does not end later than it starts: Friday 20:00 to 08:00 → Saturday 08:00.
    """

    department: str
    username: str
    weekdays: tuple[int, ...]
    starts: time
    ends: time

    def covers(self, local: datetime) -> bool:
        """Whether the local wall-clock moment falls into this turn."""
        now, day = local.time(), local.weekday()
        if self.starts < self.ends:
            return day in self.weekdays and self.starts <= now < self.ends
        return (day in self.weekdays and now >= self.starts) or (
            (day - 1) % 7 in self.weekdays and now < self.ends
        )


LEAVE, EXTRA, SWAP = "leave", "extra", "swap"
KINDS = (LEAVE, EXTRA, SWAP)
"""Away from every department; a turn more; turns that two colleagues exchange, or one takes from another."""


class DutyChange(Struct, frozen=True):
    """What differs from the weekly roster between two local wall-clock moments.

    Of a swap `other` has the turn of `username`, who has that of `other` from `back_starts` to `back_ends`,
    if it names those. It stands as soon as both have `agreed` (usernames). `by` is who wrote it, at `at`.
    """

    id: str
    kind: str
    username: str
    starts: datetime
    ends: datetime
    department: str | None = None
    other: str | None = None
    back_starts: datetime | None = None
    back_ends: datetime | None = None
    agreed: tuple[str, ...] = ()
    by: str | None = None
    at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether the roster goes by it; a swap needs the word of both."""
        return self.kind != SWAP or {self.username, self.other} <= set(self.agreed)

    @property
    def last(self) -> datetime:
        """The local moment after which it says nothing."""
        return max(self.ends, self.back_ends or self.ends)

    def covers(self, local: datetime) -> bool:
        """Whether the local moment falls between its two; of a swap, into the turn that is given away."""
        return self.starts <= local < self.ends

    def comes_back(self, local: datetime) -> bool:
        """Whether the moment falls into the turn that is had in return."""
        if self.back_starts is None or self.back_ends is None:
            return False
        return self.back_starts <= local < self.back_ends


def entry_key(entry: Shift | DutyChange) -> str:
    """The name under which a turn or change stands once in a roster; changes sort by their last day."""
    if isinstance(entry, DutyChange):
        return f"{entry.last:%Y%m%d}#{entry.id}"
    days = "".join(str(day) for day in entry.weekdays)
    return f"{entry.department}#{entry.username}#{days}#{entry.starts:%H%M}"


class Roster(Struct, frozen=True):
    """All turns of a community and what differs from them, in its zone."""

    zone: str
    shifts: tuple[Shift, ...] = ()
    changes: tuple[DutyChange, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """The moment as the clocks on the wall show it, without a zone."""
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None, fold=0)


def on_duty(roster: Roster, department: str, moment: datetime) -> tuple[str, ...]:
    """Usernames on duty for a department at a moment (UTC), as the roster stands.

    The weekly turns; then whoever has one more; then swaps that both agreed to; nobody on leave. In the order
    of the roster, each once.
    """
    local = roster.local(moment)
    turns = (turn for turn in roster.shifts if turn.department == department)
    there = [turn.username for turn in turns if turn.covers(local)]
    for change in _standing(roster):
        if change.department != department:
            continue
        if change.kind == EXTRA and change.covers(local):
            there.append(change.username)
        elif change.kind == SWAP:
            there = _exchanged(there, change, local)
    return tuple(dict.fromkeys(name for name in there if not is_on_leave(roster, name, moment)))


def is_on_leave(roster: Roster, username: str, moment: datetime) -> bool:
    """Whether somebody is on leave at a moment: asked for nothing that can go to somebody else."""
    local = roster.local(moment)
    return any(
        change.kind == LEAVE and change.username == username and change.covers(local)
        for change in roster.changes
    )


def is_in(roster: Roster, username: str) -> bool:
    """Whether weekly turns say when somebody is there; a turn more says nothing of other days."""
    return any(turn.username == username for turn in roster.shifts)


def departments_of(roster: Roster) -> tuple[str, ...]:
    """The departments that the roster has turns for."""
    of_turns = [turn.department for turn in roster.shifts]
    of_changes = [change.department for change in roster.changes if change.department]
    return tuple(dict.fromkeys([*of_turns, *of_changes]))


def _standing(roster: Roster) -> Iterator[DutyChange]:
    return (change for change in roster.changes if change.stands)


def _exchanged(there: list[str], change: DutyChange, local: datetime) -> list[str]:
    """Who is there after a swap, both turns at once where they overlap; none is given that one had not."""
    takes: dict[str, str] = {}
    if change.other is not None and change.covers(local):
        takes[change.username] = change.other
    if change.other is not None and change.comes_back(local):
        takes[change.other] = change.username
    return [takes.get(name, name) for name in there]
