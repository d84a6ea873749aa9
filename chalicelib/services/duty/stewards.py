"""The stewards of buildings, as the manager sets them (B2)."""

import logging

from chalicelib.domain.community.community import Community, Member, Steward
from chalicelib.domain.community.roles import MANAGERS, WORKERS, Role
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import checked_text
from chalicelib.services.desk import Desk

log = logging.getLogger(__name__)

SETTERS = MANAGERS
LONGEST_BUILDING = 20
MOST = 500
"""So many buildings a community has at most (ours)."""


def set_steward(desk: Desk, member: Member, building: str, username: str) -> Community:
    """Set the steward of a building or entrance, in place of the former.

    InvalidInputError for a building that nobody could find again, and for whoever does not work here.
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
    log.info("steward set", extra={"actor": member.username, "community": here.id})
    return desk.directory.put_steward(here.id, Steward(named, username, member.username))


def drop_steward(desk: Desk, member: Member, building: str) -> Community:
    """Take the steward of a building away."""
    log.info("steward dropped", extra={"actor": member.username, "community": member.community.id})
    return desk.directory.drop_steward(member.community.id, building)
