"""The communities of a company: added, changed, closed and opened by its head (F)."""

import logging
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Member, Staff
from chalicelib.domain.community.entry import (
    LONGEST_NAME,
    MOST_HOUSEHOLDS,
    OF_THE_COMPANY,
    check_departments,
    check_id,
    check_phone,
)
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.domain.texts import checked_text
from chalicelib.services.access.authorization import no_community
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.paging import open_lines
from chalicelib.services.people.accounts import places_of
from chalicelib.services.people.staffing import Keeping
from chalicelib.services.staff_port import Done

log = logging.getLogger(__name__)

MOST_SHOWN = 50


class Wanted(Struct, frozen=True):
    """What a form says of a community; without `zone` it stays."""

    name: str
    phone: str | None
    regulation: str
    households: int
    departments: dict[str, str]
    zone: str | None = None


def headed(desk: Desk, member: Member) -> tuple[Community, ...]:
    """The communities that somebody heads, by name; one query each."""
    mine = places_of(desk, member.username)
    found = [desk.directory.anew(place) for place, entry in mine.items() if _heads(entry)]
    return tuple(sorted(found, key=_name))


def community_of(desk: Desk, member: Member, place: str) -> Community:
    """A community that somebody heads, as it is now; NotFoundError for any other, as if it were not there."""
    entry = places_of(desk, member.username).get(place)
    if entry is None or not _heads(entry):
        raise no_community(place)
    return desk.directory.anew(place)


def seen_of(desk: Desk, community: Community) -> str:
    """What a form says of the entry that it shows."""
    shown = [getattr(community, name) for name in OF_THE_COMPANY]
    return desk.codes.keyed("community-seen", repr(shown))[:16]


def add(keeping: Keeping, place: str, wanted: Wanted) -> Community:
    """A new community, whose only person is the head; ConflictError for an id that is taken.

    Sent again by the same head it is the one that was made before.
    """
    desk, member = keeping.desk, keeping.member
    check_id(place)
    own = member.community.person(member.username)
    if own is None or not _heads(own):
        raise no_community(member.community.id)
    head = replace(own, departments=(), duties=(), by=member.username)
    blank = Community(
        id=place, name="", zone=wanted.zone or member.community.zone, regulation="", households=0,
        country=member.community.country, subdivision=member.community.subdivision, staff=(head,),
        phone_countries=member.community.phone_countries,
    )  # fmt: skip
    made = replace(_with(desk, blank, wanted), by=member.username)
    if not keeping.keepers.store.add_community(made, keeping.act(Done.COMMUNITY_ADDED)):
        return _made_before(desk, made, member)
    log.info("community added", extra={"actor": member.username, "community": place})
    return desk.directory.anew(place)


def change(keeping: Keeping, place: str, wanted: Wanted, seen_before: str) -> Community:
    """Change the entry of a community; ConflictError if somebody else has since it was `seen_before`."""
    desk, before = keeping.desk, community_of(keeping.desk, keeping.member, place)
    after = replace(_with(desk, before, replace(wanted, zone=None)), by=keeping.member.username)
    check_departments(before, after)
    changed = tuple(
        name for name in OF_THE_COMPANY if name != "by" and getattr(after, name) != getattr(before, name)
    )
    if not changed:
        return before
    if seen_before != seen_of(desk, before):
        raise _changed()
    return _put(keeping, after, Done.COMMUNITY_CHANGED, changed)


def set_closed(keeping: Keeping, place: str, *, closed: bool, instead: str = "") -> Community:
    """Take no new reports for a community, or take them again; done again it stays so.

    Its open cases go on. `instead` is what people hear and read who report something still: whom to call.
    """
    before = community_of(keeping.desk, keeping.member, place)
    if before.closed is closed:
        return before
    told = checked_text("instead", instead, LONGEST_NAME, required=False)
    if closed and not (told or before.phone):
        raise InvalidInputError("Say whom people call now; the community has no number.", "closed_whom")
    after = replace(before, closed=closed, instead=told if closed else "", by=keeping.member.username)
    return _put(keeping, after, Done.CLOSED if closed else Done.OPENED)


def open_cases(keeping: Keeping, community: Community) -> tuple[str, ...]:
    """The first open cases of a community that whoever asks may see (G13)."""
    found = []
    for line in open_lines(keeping.desk.cases, community.id):
        if keeping.member.username not in away_from_line(line, community):
            found.append(line.number)
        if len(found) >= MOST_SHOWN:
            break
    return tuple(found)


def _put(keeping: Keeping, after: Community, done: Done, changed: tuple[str, ...] = ()) -> Community:
    if not keeping.keepers.store.put_community(after, keeping.act(done, None, changed)):
        raise _changed()
    log.info("community %s", done, extra={"actor": keeping.member.username, "community": after.id})
    return keeping.desk.directory.anew(after.id)


def _with(desk: Desk, community: Community, wanted: Wanted) -> Community:
    """The community as a form wants it; InvalidInputError for what could not work."""
    zone = wanted.zone or community.zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInputError(f"There is no time zone '{zone[:40]}'.", "no_zone") from None
    if not 1 <= wanted.households <= MOST_HOUSEHOLDS:
        raise InvalidInputError(f"A community has 1 to {MOST_HOUSEHOLDS} households.", "households_number")
    check_phone(wanted.phone)
    if wanted.regulation not in desk.regulations.ids():
        raise InvalidInputError("Choose a regulation.", "no_regulation")
    departments = {
        key: checked_text("department", name, LONGEST_NAME) for key, name in wanted.departments.items()
    }
    if not departments:
        raise InvalidInputError("A community has at least one department.", "department_needed_here")
    made = replace(
        community,
        name=checked_text("name", wanted.name, LONGEST_NAME),
        phone=wanted.phone,
        regulation=wanted.regulation,
        households=wanted.households,
        departments=departments,
        zone=zone,
    )
    desk.calendars.of(made)
    return made


def _made_before(desk: Desk, made: Community, member: Member) -> Community:
    try:
        known = community_of(desk, member, made.id)
    except NotFoundError:
        known = None
    if known is None or (known.name, known.by) != (made.name, member.username):
        raise ConflictError("There is a community with this id; choose another one.", "community_taken")
    return known


def _heads(entry: Staff) -> bool:
    return entry.active and entry.role is Role.COMPANY_HEAD


def _name(community: Community) -> str:
    return community.name


def _changed() -> ConflictError:
    return ConflictError(
        "Somebody else has changed this community meanwhile; look again.", "community_changed"
    )
