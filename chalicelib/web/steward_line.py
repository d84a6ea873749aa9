"""What residents read of the steward of their building (B2)."""

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.places import photo_of, steward_of
from chalicelib.services.duty.photos import photo_address
from chalicelib.web.formats import phone_dialled, phone_shown
from chalicelib.web.words import Words


class StewardShown(Struct, frozen=True):
    """A steward as residents see them: name, number, address to dial, and where the photo is had."""

    name: str
    phone: str
    dials: str
    photo: str


def steward_shown(case: Case, context: Context, words: Words) -> StewardShown | None:
    """The steward of a case's building for its resident.

    None where there is none, or where the steward is kept away from the case: a complaint about them.
    """
    person = steward_of(case.report.unit, context.community)
    if person is None:
        return None
    photo = photo_address(wiring.desk(), photo_of(person.username, context.community))
    shown = phone_shown(person.phone, context.community.country, words)
    return StewardShown(person.name, shown, phone_dialled(person.phone), photo)
