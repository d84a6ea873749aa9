"""Who calls and who answers, whatever exchange a call comes through."""

from datetime import datetime

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone

WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8566696687", "+464", "anonymous", ""})
"""What an exchange says in place of a number that is not shown."""


def stored_number(number: str, community: Community) -> str | None:
    """A caller's number as it is stored; None if it is not shown, or cannot be called."""
    if number in WITHHELD:
        return None
    try:
        return stored_phone(number, community.country, community.countries_written_to)
    except InvalidInputError:
        return None


def number_on_duty(community: Community, now: datetime) -> str | None:
    """The number of an agent, else a supervisor, who is on duty for the desk; None if nobody is."""
    on_duty = community.on_duty("desk", now)
    found = [
        member.phone
        for role in (Role.AGENT, Role.SUPERVISOR)
        for member in community.with_role(role)
        if member.username in on_duty
    ]
    return next((number.partition(";")[0] for number in found), None)
