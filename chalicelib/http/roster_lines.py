"""A table of turns, single turns and leave, line by line, as a roster: what fits, and what is wrong (B14)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.households import Remark
from chalicelib.domain.community.roster import LEAVE, DutyChange, Shift
from chalicelib.domain.texts import cleaned, folded, with_gaps
from chalicelib.http.roster_words import COLUMNS, DAYS, EVERY_DAY, KINDS, NEEDED, WEEKLY
from chalicelib.http.spreadsheet import table_of
from chalicelib.http.table_lines import LONGEST_SHOWN, Wrong, read_lines

ONE_DAY = timedelta(days=1)
BETWEEN = re.compile(r"[、,，;；/\s]+")
A_RANGE = re.compile(r"(.+?)(?:至|到|-|–|—|~|～)(.+)")
OF_A_WEEK = re.compile(r"^(?:周|週|星期|礼拜|禮拜)")
A_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
A_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class RosterSheet(Struct, frozen=True):
    """A file of a roster as it was read: each entry with its line, and remarks."""

    shifts: tuple[tuple[int, Shift], ...] = ()
    changes: tuple[tuple[int, DutyChange], ...] = ()
    remarks: tuple[Remark, ...] = ()


def read_roster(data: bytes, community: Community) -> RosterSheet:
    """A file as a roster would have it.

    Whether its turns fit together, the service of the roster says.
    """
    table = table_of(data)
    if table.remarks and not table.lines:
        return RosterSheet(remarks=table.remarks)
    shifts: list[tuple[int, Shift]] = []
    changes: list[tuple[int, DutyChange]] = []

    def take(at: int, cells: Mapping[str, object]) -> None:
        entry = _entry(cells, community)
        if isinstance(entry, Shift):
            shifts.append((at, entry))
        else:
            changes.append((at, entry))

    known = {folded(heading): name for name, headings in COLUMNS.items() for heading in headings}
    _, remarks = read_lines(table.lines, _text, lambda said: known.get(folded(said)), NEEDED, take)
    if not (shifts or changes or remarks):
        remarks.append(Remark(0, "empty"))
    found = sorted((*table.remarks, *remarks), key=lambda remark: (remark.told, remark.line))
    return RosterSheet(tuple(shifts), tuple(changes), tuple(found))


def _entry(cells: Mapping[str, object], community: Community) -> Shift | DutyChange:
    said = {name: _text(cell) for name, cell in cells.items()}
    kind = KINDS.get(folded(said.get("kind", "")))
    if kind is None:
        raise Wrong("bad_kind", value=said.get("kind", "")[:LONGEST_SHOWN])
    person = _person(said.get("person", ""), community)
    department = _department(said.get("department", ""), community) if kind != LEAVE else None
    if kind == WEEKLY:
        starts, ends = (_clock(name, cells.get(name)) for name in ("starts", "ends"))
        return Shift(department or "", person, _days(said.get("days", "")), starts, ends)
    starts_at = _moment("starts", cells.get("starts"), is_end=False)
    ends_at = _moment("ends", cells.get("ends"), is_end=True)
    return DutyChange("", kind, person, starts_at, ends_at, department)


def _person(said: str, community: Community) -> str:
    """The username of whoever is named.

    Of two of one name the username has to say which.
    """
    if not said:
        raise Wrong("no_person")
    here = [person for person in community.staff if person.active]
    named = [person for person in here if said == person.username] or _called(said, here)
    if not named:
        raise Wrong("nobody_of_that_name", name=said[:LONGEST_SHOWN])
    if len(named) > 1:
        told = "、".join(person.username for person in named)
        raise Wrong("two_of_a_name", name=said[:LONGEST_SHOWN], usernames=told)
    return named[0].username


def _called(name: str, people: Iterable[Staff]) -> list[Staff]:
    return [person for person in people if folded(person.name) == folded(name)]


def _department(said: str, community: Community) -> str:
    if not said:
        raise Wrong("no_department_said")
    for department, name in community.departments.items():
        if folded(said) in {folded(department), folded(name)}:
            return department
    names = "、".join(community.departments.values())
    raise Wrong("unknown_department", value=said[:LONGEST_SHOWN], departments=names)


def _days(said: str) -> tuple[int, ...]:
    """Mon-Fri, 周一至周五, 周一、周三, 一三五, 每天."""
    if folded(said) in EVERY_DAY:
        return tuple(range(7))
    days: set[int] = set()
    for part in filter(None, BETWEEN.split(unicodedata.normalize("NFKC", said).casefold().strip())):
        if span := A_RANGE.fullmatch(part):
            first, last = (_day_of_week(edge, said) for edge in span.groups())
            days |= {(first + number) % 7 for number in range((last - first) % 7 + 1)}
        elif (bare := OF_A_WEEK.sub("", part)) and all(letter in DAYS for letter in bare):
            days |= {DAYS[letter] for letter in bare}
        else:
            days.add(_day_of_week(part, said))
    if not days:
        raise Wrong("bad_days", value=said[:LONGEST_SHOWN])
    return tuple(sorted(days))


def _day_of_week(part: str, said: str) -> int:
    bare = OF_A_WEEK.sub("", part.strip())
    day = DAYS.get(bare, DAYS.get(bare[:3]))
    if day is None:
        raise Wrong("bad_days", value=said[:LONGEST_SHOWN])
    return day


def _clock(column: str, cell: object) -> time:
    """A time of day; 24:00 is midnight.

    A spreadsheet has it as a time, or as part of a day.
    """
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta):
        return (datetime(2000, 1, 1, tzinfo=UTC) + cell).time().replace(second=0, microsecond=0)
    fits = A_CLOCK.fullmatch(folded(_text(cell)))
    hour, minute = (int(part) for part in fits.groups()) if fits else (99, 0)
    if hour < 24 and minute < 60:
        return time(hour, minute)
    if (hour, minute) == (24, 0):
        return time()
    raise Wrong("bad_clock", column=COLUMNS[column][0], value=_text(cell)[:LONGEST_SHOWN])


def _moment(column: str, cell: object, *, is_end: bool) -> datetime:
    """A local moment. A day alone is the whole day: an end on it is its midnight."""
    if isinstance(cell, datetime):
        whole = cell.replace(second=0, microsecond=0, tzinfo=None)
        return whole + ONE_DAY if is_end and whole.time() == time() else whole
    if isinstance(cell, date):
        return datetime.combine(cell, time()) + (ONE_DAY if is_end else timedelta())
    day, _, clock = unicodedata.normalize("NFKC", _text(cell)).strip().partition(" ")
    fits = A_DAY.fullmatch(day)
    try:
        year, month, number = (int(part) for part in fits.groups()) if fits else (0, 0, 0)
        start = datetime.combine(date(year, month, number), time())
    except ValueError:
        start = None
    if start is None:
        raise Wrong("bad_moment", column=COLUMNS[column][0], value=_text(cell)[:LONGEST_SHOWN])
    if not clock.strip():
        return start + (ONE_DAY if is_end else timedelta())
    at = _clock(column, clock)
    is_midnight = at == time() and clock.strip().startswith("24")
    return datetime.combine(start, at) + (ONE_DAY if is_midnight else timedelta())


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else with_gaps(cleaned(str(cell))).strip().removeprefix("'")
