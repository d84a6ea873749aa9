"""The language in which somebody of staff is written to, as they choose it themselves (A11)."""

import logging

from msgspec.structs import replace

from chalicelib.domain.community.language import check_language
from chalicelib.domain.errors import BusyError
from chalicelib.services.desk import Desk
from chalicelib.services.people.accounts import act_now, places_of
from chalicelib.services.staff_port import Done, StaffStore

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a change is tried anew when somebody else changed the staff in between."""


def choose_own(desk: Desk, store: StaffStore, username: str, language: str) -> None:
    """Write to a person in a language from now on, wherever they work; empty: in that of the community.

    Chosen again it is as it was. InvalidInputError for a language in which nobody is written to.
    """
    if language:
        check_language(language)
    for place in places_of(desk, username):
        for _ in range(ATTEMPTS):
            here = desk.directory.anew(place)
            person = here.person(username)
            if person is None or person.language == language:
                break
            act = act_now(desk, username, Done.CHANGED, username, ("language",))
            if store.put_person(here, replace(person, language=language), act):
                desk.directory.anew(place)
                log.info("language of messages", extra={"actor": username, "community": place})
                break
        else:
            raise BusyError("Others are changing the staff just now; try again in a moment.")
