"""Who needs help, by the household register, has the shorter clocks from the beginning (G15)."""

from msgspec.structs import replace

from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.services.desk import Desk
from chalicelib.services.households.known import of_phone, people_with


def with_care(desk: Desk, community: str, actor: Actor, new: NewCase) -> NewCase:
    """The report, with the need for care that its resident has agreed to have noted.

    Not where a stranger typed the number: whoever does not have it would read off the times that its owner
    needs help. There the desk is told, and decides (views/known_caller.py).
    """
    if new.care or new.phone is None or actor.role is Role.RESIDENT:
        return new
    found = of_phone(desk, community, new.phone)
    named = [person for _, person in people_with(found, new.phone) if new.name in {None, person.name}]
    person = next((person for person in named if person.care), None)
    if person is None:
        return new
    return replace(new, care=True, care_by=person.consented_by or None, care_on=person.consented_on)
