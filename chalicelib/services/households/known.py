"""Who lives in a unit or has a number, as the household register says (E9, E8)."""

from msgspec import Struct

from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.households import Dweller, Household
from chalicelib.services.desk import Desk


class HouseholdsView(Struct, frozen=True):
    """The households that were asked for, and how many units the register has; None without a register."""

    items: tuple[Household, ...]
    units: int | None


def phone_key(desk: Desk, community: str, phone: str) -> str:
    """The key of a stored number in the register."""
    return desk.codes.keyed("household", "\0".join((community, phone)))[:32]


def of_phone(desk: Desk, community: str, phone: str) -> tuple[Household, ...]:
    """The households in which somebody has a stored number."""
    return desk.households.of_phone(community, phone_key(desk, community, phone))


def households_on_record(desk: Desk, member: Member, unit: str, phone: str) -> tuple[Household, ...]:
    """The households of a unit, and of a stored number, for the desk; on record as a look before it is one.

    The record says whether a unit or number was asked for, not which: that names people.
    """
    if member.role not in COMMUNITY_WIDE:
        return ()
    community = member.community
    found = [desk.households.of_unit(community.id, desk.unit_key(unit, community))] if unit else []
    found += of_phone(desk, community.id, phone) if phone else []
    households = tuple(dict.fromkeys(household for household in found if household is not None))
    if households:
        asked = "+".join(name for name, value in (("unit", unit), ("phone", phone)) if value)
        who, count = (desk.now(), member.username, member.role), len(households)
        look = Look(*who, LookAt.HOUSEHOLD, filter=asked, count=count)
        desk.looks.record(community.id, community.zone, look)
    return households


def people_with(households: tuple[Household, ...], phone: str) -> tuple[tuple[Household, Dweller], ...]:
    """The people of some households who have a number, each with theirs."""
    return tuple((household, person) for household in households for person in household.with_phone(phone))
