"""Where a unit stands: its building, entrance and riser, as far as its number says so (A16, G10)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.units import unit_key


class Scope(StrEnum):
    """How far an outage reaches, the narrowest last."""

    COMMUNITY = "community"
    BUILDING = "building"
    ENTRANCE = "entrance"
    RISER = "riser"


def steward_of(unit: str | None, community: Community) -> Staff | None:
    """The steward of a unit: of its entrance, else of its building; None without any (B2)."""
    if not unit:
        return None
    found = [
        (len(place), steward.username)
        for steward in community.stewards
        if f"{unit_key(unit, community)}-".startswith(f"{(place := unit_key(steward.building, community))}-")
    ]
    return community.member(max(found)[1]) if found else None


def buildings_of(units: Iterable[str], community: Community) -> tuple[str, ...]:
    """The buildings that units stand in, each entrance by itself where their numbers name it: 3, 4-1, 4-2."""
    above = {tuple(unit_key(unit, community).split("-")[:-1]) for unit in units}
    return tuple("-".join(parts) for parts in sorted(above - {()}, key=_as_counted))


def without_steward(buildings: Iterable[str], community: Community) -> tuple[str, ...]:
    """Of those the ones that nobody is the steward of; a building once, if no entrance has one (B2)."""
    of_building: dict[str, list[str]] = {}
    for place in buildings:
        of_building.setdefault(place.split("-")[0], []).append(place)
    missing: list[str] = []
    for building, places in of_building.items():
        nobody = [place for place in places if steward_of(f"{place}-0", community) is None]
        missing += [building] if nobody == places else nobody
    return tuple(missing)


def _as_counted(parts: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """In the order in which people count: 2 before 10, and names after the numbers."""
    return tuple((int(part) if part.isdecimal() else 10**9, part) for part in parts)


def photo_of(username: str, community: Community) -> str | None:
    """The name of a steward's photo; None without one (B2)."""
    theirs = (steward.photo for steward in community.stewards if steward.username == username)
    return next(filter(None, theirs), None)


def places_of(unit: str | None, community: Community) -> Mapping[Scope, str]:
    """The place of a unit by scope, however the unit is written; always the community, whose place is empty.

    `3-2-1201` → building `3`, entrance `3-2`, riser `3-2-*01`. A house with a number alone is no building of
    many: what is said of the building would be said of the household.
    """
    parts = unit_key(unit, community).split("-") if unit else []
    places = {Scope.COMMUNITY: ""}
    if len(parts) < 2:
        return places
    *above, room = parts
    places[Scope.BUILDING] = parts[0]
    if len(above) > 1:
        places[Scope.ENTRANCE] = "-".join(above)
    if room.isdigit() and len(room) > 2:
        places[Scope.RISER] = f"{'-'.join(above)}-*{room[-2:]}"
    return places
