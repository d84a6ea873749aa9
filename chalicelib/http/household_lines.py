"""A table of people and units, line by line, as the household register: what fits, and what is wrong (E9)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.households import Dweller, Household, Remark
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.days import is_of_our_age
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import cleaned, with_gaps
from chalicelib.http.contacts import stored_phone
from chalicelib.http.household_words import COLUMNS, TENURES, YES_OR_NO
from chalicelib.http.spreadsheet import table_of
from chalicelib.http.table_lines import LONGEST_SHOWN, Cells, Wrong, read_lines
from chalicelib.services.households.loading import Sheet

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
BETWEEN_PHONES = re.compile(r"[、,，;；\n]+")
LONGEST_NAME, LONGEST_UNIT, MOST_PHONES, MOST_PEOPLE = 40, 40, 5, 30

DAYS = frozenset({"handover", "since", "consented_on"})
NO_TEXT = (date, time, timedelta, bool)
"""What a spreadsheet makes of a text that looks like it: of the unit 3-12 the 12th of March."""


class Line(Struct, frozen=True):
    """A line of the file, as far as it could be read."""

    at: int
    unit: str
    handed_over_on: date | None
    person: Dweller | None


def read_sheet(data: bytes, community: Community) -> Sheet:
    """A file of households as the register would have it."""
    table = table_of(data)
    if table.remarks and not table.lines:
        return Sheet((), table.remarks)
    found, remarks = households_of(table.lines, community)
    first = sorted((*table.remarks, *remarks), key=lambda remark: (remark.told, remark.line))
    return Sheet(tuple(found.values()), tuple(first))


def households_of(
    lines: Iterable[tuple[int, Cells]], community: Community
) -> tuple[dict[str, Household], tuple[Remark, ...]]:
    """The households of a table by unit, and the remarks on its lines.

    `lines` are numbered as their readers see them; the first that has a known heading is the head. Several
    lines of one unit are its people.
    """
    known = {heading: name for name, headings in COLUMNS.items() for heading in headings}
    found: dict[str, list[Line]] = {}

    def take(at: int, cells: Mapping[str, object]) -> None:
        line = _line(at, cells, community)
        found.setdefault(unit_key(line.unit, community), []).append(line)

    headed, remarks = read_lines(
        lines, _text, lambda said: known.get(_folded(said).replace("_", " ")), ("unit",), take
    )
    if not headed:
        return {}, tuple(remarks) or (Remark(0, "empty"),)
    plain = replace(community, unit_pattern=None)
    households = {key: _household(lines_of, plain, remarks) for key, lines_of in found.items()}
    remarks += _shared_phones(found)
    return households, tuple(sorted(remarks, key=lambda remark: remark.line))


def _line(at: int, cells: Mapping[str, object], community: Community) -> Line:
    said = {name: _text(cell) for name, cell in cells.items()}
    for name in cells.keys() - DAYS - {"care"}:
        if isinstance(cells[name], NO_TEXT):
            raise Wrong("no_text", column=COLUMNS[name][0], value=said[name][:LONGEST_SHOWN])
    unit = _unit(said)
    name, phones = said.get("name", ""), _phones(said.get("phones", ""), community)
    if len(name) > LONGEST_NAME:
        raise Wrong("long_name", most=LONGEST_NAME)
    handover, since, consented_on = (
        _day(what, cells.get(what)) for what in ("handover", "since", "consented_on")
    )
    tenure = TENURES.get(_folded(said.get("tenure", "")))
    if tenure is None:
        raise Wrong("bad_tenure", value=said["tenure"][:LONGEST_SHOWN])
    care = YES_OR_NO.get(_folded(said.get("care", "")))
    if care is None:
        raise Wrong("bad_care", value=said["care"][:LONGEST_SHOWN])
    consented_by = said.get("consented_by", "")[:LONGEST_NAME]
    if care and not (consented_by and consented_on):
        raise Wrong("no_consent")
    if not name:
        if phones or care:
            raise Wrong("no_name")
        return Line(at, unit, handover, None)
    consent = (consented_by, consented_on) if care else ("", None)
    return Line(at, unit, handover, Dweller(name, phones, tenure, since, care, *consent))


def _unit(said: Mapping[str, str]) -> str:
    """The unit as one text: `3-1201` of building 3 and room 1201, or as it stands where it is whole."""
    room = said.get("unit", "")
    if not room:
        raise Wrong("no_unit")
    above = [said[name] for name in ("building", "entrance") if said.get(name)]
    parts = [*above, room]
    inside = re.findall(r"\d+", room)
    if above and len(inside) > 1:  # 3-1201 beside building 3 is whole already
        building = re.sub(r"\D", "", above[0])
        if building and building != inside[0]:
            raise Wrong("other_building", building=above[0][:LONGEST_SHOWN], unit=room[:LONGEST_SHOWN])
        parts = [room]
    unit = "-".join(parts)
    if len(unit) > LONGEST_UNIT:
        raise Wrong("long_unit", most=LONGEST_UNIT)
    return unit


def _phones(said: str, community: Community) -> tuple[str, ...]:
    phones = []
    for written in filter(None, (part.strip() for part in BETWEEN_PHONES.split(said))):
        try:
            phones.append(stored_phone(written, community.country, community.countries_written_to))
        except InvalidInputError:
            raise Wrong("bad_phone", value=written[:LONGEST_SHOWN]) from None
    if len(phones) > MOST_PHONES:
        raise Wrong("many_phones", most=MOST_PHONES)
    return tuple(dict.fromkeys(phones))


def _day(column: str, cell: object) -> date | None:
    said = _text(cell)
    if not said:
        return None
    fits = DAY.fullmatch(said)
    try:
        day = date(*map(int, fits.groups())) if fits else None
    except ValueError:
        day = None
    return day if day is not None and is_of_our_age(day) else _no_day(column, said)


def _no_day(column: str, said: str) -> date:
    raise Wrong("bad_day", column=COLUMNS[column][0], value=said[:LONGEST_SHOWN])


def _household(lines: Sequence[Line], plain: Community, remarks: list[Remark]) -> Household:
    """The household of the lines of one unit; what contradicts itself is remarked on."""
    first = lines[0]
    handover = next((line for line in lines if line.handed_over_on), None)
    people: dict[str, tuple[int, Dweller]] = {}
    for line in lines:
        if unit_key(line.unit, plain) != unit_key(first.unit, plain):
            facts: dict[str, str | int] = {"unit": line.unit, "other": first.unit, "first": first.at}
            remarks.append(Remark(line.at, "two_units", facts))
        if handover and line.handed_over_on not in {None, handover.handed_over_on}:
            remarks.append(Remark(line.at, "other_handover", {"unit": line.unit, "first": handover.at}))
        if line.person is not None and line.person.name in people:
            told: dict[str, str | int] = {"name": line.person.name, "first": people[line.person.name][0]}
            remarks.append(Remark(line.at, "same_person", told))
        elif line.person is not None:
            people[line.person.name] = (line.at, line.person)
    if len(people) > MOST_PEOPLE:
        remarks.append(Remark(first.at, "many_people", {"unit": first.unit, "most": MOST_PEOPLE}))
    handed_over_on = handover.handed_over_on if handover else None
    return Household(first.unit, handed_over_on, tuple(person for _, person in people.values()))


def _shared_phones(found: Mapping[str, Sequence[Line]]) -> list[Remark]:
    """A number of two people is told: whoever calls with it may be either."""
    first: dict[str, Line] = {}
    remarks = []
    for line in sorted((line for lines in found.values() for line in lines), key=lambda line: line.at):
        for phone in line.person.phones if line.person else ():
            other = first.setdefault(phone, line)
            if other.person and line.person and other.person.name != line.person.name:
                remarks.append(Remark(line.at, "same_phone", {"first": other.at}, told=True))
    return remarks


def _text(cell: object) -> str:
    """A cell as its reader sees it: a number of a spreadsheet without `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return with_gaps(cleaned(str(cell))).strip()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip().rstrip("*:")
