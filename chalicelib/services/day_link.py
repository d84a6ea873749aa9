"""The link of a handler's day: one for each handler and day (B9, G8).

The message of the morning brings it, and each work link leads to it. Its code is derived, as those of other
links are, and stored only as its hash; who it is for stands in the row, nothing of it in the link. It ends
with the day, and with whoever works here no more.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.links import ALPHABET, CODE_LENGTH, Link, Purpose
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import GoneError, NotFoundError
from chalicelib.services.desk import Desk

AFTER_MIDNIGHT = timedelta(hours=3)
"""So long the link is good after its day: a late visit is written down (ours)."""

KNOWN_AFTER = timedelta(days=14)
"""So long an ended link is known as one, and not taken for a code that somebody guessed (ours)."""


class OpenedDay(Struct, frozen=True):
    """A link of a day that is good now: the handler, as whom its holder acts, and the day."""

    member: Member
    day: date


def day_link(desk: Desk, community: Community, username: str, day: date) -> str:
    """The code of a handler's link for a day, good from now on; the same whenever it is asked for."""
    rest = int(desk.codes.keyed("day", "\0".join((community.id, username, day.isoformat()))), 16)
    code = "".join(ALPHABET[rest // len(ALPHABET) ** place % len(ALPHABET)] for place in range(CODE_LENGTH))
    ends = _ends(desk, community, day)
    desk.links.take(_key(desk, code), f"{day.isoformat()} {community.id} {username}", ends + KNOWN_AFTER)
    return code


def day_of_link(desk: Desk, link: Link) -> str:
    """The code of today's link of whoever a work link was made for.

    It is made if need be. So whoever gets their first work after the morning has their day too. NotFoundError
    for any other link.
    """
    if link.purpose is not Purpose.WORK:
        raise NotFoundError("Only the link of somebody's work leads to their day.")
    community = desk.directory.community(link.community)
    return day_link(desk, community, link.subject, desk.calendars.of(community).local_date(desk.now()))


def open_day(desk: Desk, code: str) -> OpenedDay:
    """The day that a code stands for: two reads.

    NotFoundError for a code that never was, GoneError for a day that is over or a person who has left.
    """
    said = _known(desk, code)
    if said is None:
        raise NotFoundError("This link leads nowhere; check that it was copied whole.")
    on, place, username = said
    day, community = date.fromisoformat(on), desk.directory.community(place)
    if desk.now() >= _ends(desk, community, day):
        raise GoneError(f"This list was for {on}; each day's comes in its morning.", "day_over", day=on)
    _, staff = desk.people.standing(username, place)
    if staff is None or not staff.active or staff.role not in CASE_READERS:
        raise GoneError("This link was for somebody who does not work here any more.", "left_the_desk")
    return OpenedDay(Member(username, staff.name, Role.HANDLER, staff.departments, community), day)


def community_of_day(desk: Desk, code: str) -> str | None:
    """The community of a day's link, also of an ended one; None for a code that never was."""
    said = _known(desk, code)
    return said[1] if said else None


def _known(desk: Desk, code: str) -> tuple[str, str, str] | None:
    """What is known of a code: the day, the community and the username."""
    known = code.isascii() and code.isalnum() and len(code) == CODE_LENGTH
    said = desk.links.owner_of(_key(desk, code), desk.now()) if known else None
    if said is None:
        return None
    on, place, username = said.split(" ", 2)
    return on, place, username


def _ends(desk: Desk, community: Community, day: date) -> datetime:
    return desk.calendars.of(community).midnight(day + timedelta(days=1)) + AFTER_MIDNIGHT


def _key(desk: Desk, code: str) -> str:
    return f"day#{desk.codes.hash(code)}"
