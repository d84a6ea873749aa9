"""Who is known of a unit or number: by the household register, and by cases (A1, E8, E9)."""

import re
from datetime import date

from msgspec import Struct

from chalicelib.domain.community.community import Member
from chalicelib.domain.community.households import Tenure
from chalicelib.domain.community.units import unit_key
from chalicelib.services.desk import Desk
from chalicelib.services.households.known import households_on_record
from chalicelib.services.views.found import found_on_record
from chalicelib.services.views.rows import Row

LEAST_DIGITS = 7
"""A shorter piece of a phone number is nobody's yet."""
MOST = 8
"""So many of the newest cases are shown."""


class Reporter(Struct, frozen=True):
    """Somebody of the household register, or who reported before, by what they said of themselves.

    `tenure` is of the register alone; `care`: they need help, and `consented_by` agreed on `consented_on` to
    the note (G15).
    """

    name: str
    unit: str
    phone: str
    tenure: Tenure | None = None
    care: bool = False
    consented_by: str = ""
    consented_on: date | None = None


class KnownThere(Struct, frozen=True):
    """Who the register has there, then who else reported from there, newest first; and their newest cases."""

    people: tuple[Reporter, ...]
    rows: tuple[Row, ...]


def known_there(desk: Desk, member: Member, unit: str, phone: str, number: str = "") -> KnownThere:
    """Who is known of a unit or phone number, as the member may see it; `number` is the phone as stored.

    Each search is a look on record (E8).
    """
    wanted, digits = unit_key(unit, member.community), re.sub(r"\D", "", phone)
    found: dict[str, Row] = {}
    if any(map(str.isdigit, wanted)):
        rows = found_on_record(desk, member, unit, MOST, None).items
        found |= {row.line.number: row for row in rows if unit_key(row.unit, member.community) == wanted}
    if len(digits) >= LEAST_DIGITS:
        rows = found_on_record(desk, member, digits, MOST, None).items
        found |= {row.line.number: row for row in rows if digits in re.sub(r"\D", "", row.phone or "")}
    newest = sorted(found.values(), key=lambda row: row.line.number, reverse=True)[:MOST]
    registered = _registered(desk, member, unit if any(map(str.isdigit, wanted)) else "", number)
    reported = (
        Reporter(row.name, row.unit, row.phone or "") for row in newest if not row.masked and row.name
    )
    names = {person.name for person in registered}
    others = (person for person in reported if person.name not in names)
    return KnownThere(tuple(dict.fromkeys((*registered, *others))), tuple(newest))


def _registered(desk: Desk, member: Member, unit: str, number: str) -> tuple[Reporter, ...]:
    """The people of the register, those who have the number first."""
    found = households_on_record(desk, member, unit, number)
    people = [
        Reporter(
            person.name,
            household.unit,
            next(iter(person.phones), ""),
            person.tenure,
            person.care,
            person.consented_by,
            person.consented_on,
        )
        for household in found
        for person in household.people
    ]
    return tuple(sorted(people, key=lambda person: person.phone != number) if number else people)
