"""Writing the directory: for seeding a desk, and for operators. What the desk writes: directory, staffing.

Each call is one write, two for a day; `put_community` writes a whole community and takes away what it no
longer has. A change reaches the desk within a minute (see `directory`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from msgspec.structs import replace

from chalicelib.adapters.dynamo import directory, keys
from chalicelib.adapters.dynamo.documents import instant, text
from chalicelib.adapters.dynamo.handovers import UNSIGNED
from chalicelib.adapters.dynamo.tables import DirectoryRow
from chalicelib.domain.community.community import (
    AmendedDay,
    Community,
    Staff,
    Steward,
    check_username,
)
from chalicelib.domain.community.entry import check_id
from chalicelib.domain.community.prices import PriceItem, PriceList
from chalicelib.domain.community.roster import DutyChange, Shift
from chalicelib.domain.deadlines.opening_hours import week_of

Part = Staff | Shift | PriceItem | PriceList | AmendedDay | DutyChange | Steward


def put_community(community: Community) -> None:
    """Write a community with all that belongs to it, in place of what was there.

    InvalidInputError for an id or hours that cannot be.
    """
    check_id(community.id)
    for member in community.staff:
        check_username(member.username)
    week_of(community.hours)
    week_of(community.staffed_hours)
    now = datetime.now(UTC)
    place = keys.directory(community.id)
    rows = {directory.COMMUNITY: text(entry_alone(community))}
    if community.own_roster:
        rows[directory.ROSTER] = "desk"
    rows |= {sort_key(part): text(part) for part in _parts(community)}
    rows[directory.CHANGED] = instant(now)
    there = tuple(DirectoryRow.query(place, consistent_read=True))
    if any(row.sk == directory.STAFFING for row in there):
        rows[directory.STAFFING] = uuid4().hex  # whoever writes staff at the desk just now reads again
    gone = [row for row in there if row.sk not in rows and not row.sk.startswith(UNSIGNED)]
    with DirectoryRow.batch_write() as batch:
        for sk, data in rows.items():
            batch.save(DirectoryRow(place, sk, data=data))
        for row in gone:
            batch.delete(row)
        batch.save(DirectoryRow(keys.COMMUNITIES, community.id, data=community.name))


def entry_alone(community: Community) -> Community:
    """The community's own entry, without what has rows of its own."""
    return replace(
        community,
        staff=(),
        shifts=(),
        prices=(),
        price_lists=(),
        amendments=(),
        duty_changes=(),
        own_roster=False,
        stewards=(),
        unsigned=(),
        staffing="",
    )


def put(community_id: str, part: Part) -> None:
    """Store one member of staff, shift, price or day.

    It replaces the row with the same key, if there is one.
    """
    if isinstance(part, Staff):
        check_username(part.username)
    DirectoryRow(keys.directory(community_id), sort_key(part), data=text(part)).save()
    _note(community_id, part)


def remove(community_id: str, part: Part) -> None:
    """Take one of them away. Somebody who leaves stays, with `active` false: cases name them."""
    DirectoryRow(keys.directory(community_id), sort_key(part)).delete()
    _note(community_id, part)


def _note(community_id: str, part: Part) -> None:
    """Have the sweep look for deadlines that another calendar moves."""
    if isinstance(part, AmendedDay):
        directory.changed_row(community_id, datetime.now(UTC)).save()


def sort_key(part: Part) -> str:
    """The key of one part within its community."""
    match part:
        case Staff():
            return f"{directory.STAFF}{part.username}"
        case Steward():
            return f"{directory.STEWARD}{part.building}"
        case Shift() | DutyChange():
            return directory.duty_key(part)
        case PriceItem():
            return f"{directory.PRICE}{part.id}{f'#{part.valid_from}' if part.valid_from else ''}"
        case PriceList():
            return f"{directory.PRICE_LIST}{part.valid_from}"
        case AmendedDay():
            return f"{directory.AMENDED}{part.date}"


def _parts(community: Community) -> Iterator[Part]:
    yield from community.staff
    yield from community.shifts
    yield from community.prices
    yield from community.price_lists
    yield from community.amendments
    yield from community.duty_changes
    yield from community.stewards
