"""The buildings of a community: written down, named otherwise, taken out of service (F).

A building is known by how its units begin, and that stays; people read its name.
"""

import logging

from msgspec.structs import replace

from chalicelib.domain.community.community import Building, Community
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.errors import BusyError, CommandRefusedError, InvalidInputError
from chalicelib.domain.texts import checked_text
from chalicelib.services.household_port import HouseholdStore
from chalicelib.services.paging import open_lines
from chalicelib.services.people.staffing import ATTEMPTS, Keeping
from chalicelib.services.staff_port import Done

log = logging.getLogger(__name__)

MOST, LONGEST, AT_ONCE = 200, 20, 50
"""The most buildings of a community, the longest name, in characters; so many cases are read by one call."""


def set_building(keeping: Keeping, begins: str, name: str) -> Building:
    """Write a building down, name it otherwise, or bring it back; again it is as it was.

    InvalidInputError for what no unit can begin with.
    """
    place = checked_text("building", begins, LONGEST)
    for _ in range(ATTEMPTS):
        here = keeping.here()
        key = unit_key(place, here)
        if not any(character.isalnum() for character in key):
            raise InvalidInputError("Write the building as its units begin, such as 3.", "steward_building")
        made = Building(key, checked_text("name", name or place, LONGEST))
        if made in here.buildings:
            return made
        others = [known for known in here.buildings if known.id != key]
        if len(others) >= MOST:
            raise InvalidInputError(f"A community has at most {MOST} buildings.", "buildings_full", most=MOST)
        if _put(keeping, here, (*others, made), Done.BUILDING_SET, made.name):
            return made
    raise _busy()


def take_off(keeping: Keeping, households: HouseholdStore, building: str) -> None:
    """Take a building out of service; again it stays so.

    CommandRefusedError (`building_in_use`) while open cases, registered units or a steward are there.
    """
    for _ in range(ATTEMPTS):
        here = keeping.here()
        known = next((known for known in here.buildings if known.id == building), None)
        if known is None or not known.active:
            return
        cases, units, steward = (
            _open_cases(keeping, here, building),
            sum(_is_in(household.unit, building, here) for _, household in households.every(here.id)),
            sum(_is_in(steward.building, building, here) for steward in here.stewards),
        )
        if cases or units or steward:
            raise CommandRefusedError(
                f"{known.name} is in use: {cases} open cases, {units} registered units, {steward} stewards.",
                "building_in_use",
                name=known.name,
                cases=cases,
                units=units,
                stewards=steward,
            )
        after = tuple(replace(each, active=each.active and each != known) for each in here.buildings)
        if _put(keeping, here, after, Done.BUILDING_OFF, known.name):
            return
    raise _busy()


def _open_cases(keeping: Keeping, here: Community, building: str) -> int:
    """How many open cases are of a building; one call for fifty of those that are open."""
    numbers = [line.number for line in open_lines(keeping.desk.cases, here.id)]
    found = 0
    for place in range(0, len(numbers), AT_ONCE):
        cases = keeping.desk.cases.several(here.id, numbers[place : place + AT_ONCE])
        found += sum(_is_in(case.report.unit or "", building, here) for case, _ in cases.values())
    return found


def _is_in(unit: str, building: str, here: Community) -> bool:
    return f"{unit_key(unit, here)}-".startswith(f"{building}-") if unit else False


def _put(keeping: Keeping, here: Community, after: tuple[Building, ...], done: Done, name: str) -> bool:
    act = replace(keeping.act(done), detail=name)
    changed = replace(here, buildings=tuple(sorted(after, key=_by_number)))
    if not keeping.keepers.store.put_community(changed, act):
        return False
    log.info("building %s", done, extra={"actor": act.by, "community": here.id})
    keeping.desk.directory.anew(here.id)
    return True


def _by_number(building: Building) -> tuple[int, str]:
    return len(building.id), building.id


def _busy() -> BusyError:
    return BusyError("Others are changing the settings just now; try again in a moment.")
