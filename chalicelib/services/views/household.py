"""Who reported from a unit or number before, with their cases (A1, E8)."""

import re

from msgspec import Struct

from chalicelib.domain.community.community import Member
from chalicelib.domain.community.units import unit_key
from chalicelib.services.desk import Desk
from chalicelib.services.views.found import found_on_record
from chalicelib.services.views.rows import Row

LEAST_DIGITS = 7
"""A shorter piece of a phone number is nobody's yet."""
MOST = 8
"""So many of the newest cases are shown."""


class Reporter(Struct, frozen=True):
    """Somebody who reported before, by what they said of themselves."""

    name: str
    unit: str
    phone: str


class Household(Struct, frozen=True):
    """Who reported from there before, newest first, and their newest cases."""

    people: tuple[Reporter, ...]
    rows: tuple[Row, ...]


def household_on_record(desk: Desk, member: Member, unit: str, phone: str) -> Household:
    """The household of a unit or phone number, as the member may see it.

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
    people = (Reporter(row.name, row.unit, row.phone or "") for row in newest if not row.masked and row.name)
    return Household(tuple(dict.fromkeys(people)), tuple(newest))
