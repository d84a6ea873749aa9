"""Where a unit stands: its building, entrance and riser, as far as its number says so (A16, G10)."""

from collections.abc import Mapping
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
