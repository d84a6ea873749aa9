"""What the household register has of whoever proved a number, and taking it out (E9, G24)."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.households import Tenure
from chalicelib.services.desk import Desk
from chalicelib.services.households.known import of_phone, people_with, phone_key


class OwnHousehold(Struct, frozen=True):
    """What the household register has of somebody in one unit."""

    unit: str
    name: str
    phones: tuple[str, ...]
    tenure: Tenure
    since: date | None
    care: bool
    consented_by: str
    consented_on: date | None
    care_ended_on: date | None
    handed_over_on: date | None


def own_households(desk: Desk, community: Community, phone: str) -> tuple[OwnHousehold, ...]:
    """What the register has of the people of a number."""
    found = of_phone(desk, community.id, phone)
    return tuple(
        OwnHousehold(
            household.unit,
            person.name,
            person.phones,
            person.tenure,
            person.since,
            person.care,
            person.consented_by,
            person.consented_on,
            person.care_ended_on,
            household.handed_over_on,
        )
        for household, person in people_with(found, phone)
    )


def forget_number(desk: Desk, community: Community, phone: str) -> tuple[str, ...]:
    """Take the people of a number out of the register; their units, which stay with who else is there."""
    found = of_phone(desk, community.id, phone)
    before = {desk.unit_key(household.unit, community): household for household in found}
    after = {
        unit: replace(
            household, people=tuple(person for person in household.people if phone not in person.phones)
        )
        for unit, household in before.items()
    }
    if not before:
        return ()
    phones = {number for household in found for number in household.phones()}
    phone_keys = {number: phone_key(desk, community.id, number) for number in phones}
    desk.households.put(community.id, before, after, phone_keys)
    return tuple(household.unit for household in found)
