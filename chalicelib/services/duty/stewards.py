"""The stewards of buildings, as the manager sets them, with their photos (B2)."""

import logging

from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Member, Steward
from chalicelib.domain.community.places import photo_of, without_steward
from chalicelib.domain.community.roles import MANAGERS, WORKERS, Role
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import checked_text
from chalicelib.services.desk import Desk
from chalicelib.services.duty.photos import erase_photo, keep_photo

log = logging.getLogger(__name__)

SETTERS = MANAGERS
LONGEST_BUILDING = 20
MOST = 500
"""So many buildings a community has at most (ours)."""


def missing_stewards(desk: Desk, community: Community) -> tuple[str, ...]:
    """The buildings and entrances of the household register without a steward; one read (B2)."""
    return without_steward(desk.households.buildings(community.id), community)


def set_steward(
    desk: Desk, member: Member, building: str, username: str, photo: bytes | None = None
) -> Community:
    """Set the steward of a building or entrance, in place of the former.

    A `photo` is the person's, in all their buildings. InvalidInputError for a building that nobody could
    find again, for whoever does not work here, and for a photo that cannot be shown.
    """
    here = desk.directory.community(member.community.id)
    place = checked_text("building", building, LONGEST_BUILDING)
    person = here.member(username)
    if person is None or person.role not in WORKERS - {Role.COMPANY_HEAD}:
        raise InvalidInputError("Choose a colleague who works here as the steward.", "steward_who")
    if not any(character.isalnum() for character in unit_key(place, here)):
        raise InvalidInputError(
            "Write the building as its units begin, such as 3 or 3-2.", "steward_building"
        )
    same = [known for known in here.stewards if unit_key(known.building, here) == unit_key(place, here)]
    if not same and len(here.stewards) >= MOST:
        raise InvalidInputError(f"A community has at most {MOST} stewards.", "steward_building")
    named = same[0].building if same else place
    shown = keep_photo(desk, here.id, username, photo) if photo else photo_of(username, here)
    after = desk.directory.put_steward(here.id, Steward(named, username, member.username, shown))
    log.info("steward set", extra={"actor": member.username, "community": here.id})
    return _without_others(desk, here, _with_photo(desk, after, username, shown))


def drop_steward(desk: Desk, member: Member, building: str) -> Community:
    """Take the steward of a building away; with the last, the photo."""
    here = desk.directory.community(member.community.id)
    log.info("steward dropped", extra={"actor": member.username, "community": here.id})
    return _without_others(desk, here, desk.directory.drop_steward(here.id, building))


def drop_photo(desk: Desk, member: Member, username: str) -> Community:
    """Take the photo of a steward away, from all their buildings."""
    here = desk.directory.community(member.community.id)
    log.info("steward's photo dropped", extra={"actor": member.username, "community": here.id})
    return _without_others(desk, here, _with_photo(desk, here, username, None))


def _with_photo(desk: Desk, here: Community, username: str, photo: str | None) -> Community:
    """The community once every building of that steward has the photo."""
    for known in here.stewards:
        if known.username == username and known.photo != photo:
            here = desk.directory.put_steward(here.id, replace(known, photo=photo))
    return here


def _without_others(desk: Desk, before: Community, after: Community) -> Community:
    """Delete the photos that no steward has any more."""
    there = {steward.photo for steward in after.stewards}
    for photo in {steward.photo for steward in before.stewards} - there - {None}:
        erase_photo(desk, str(photo))
    return after
