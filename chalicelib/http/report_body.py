"""Reading a report from a request, for the form of registering (A1, A3).

The public form, the staff form and the API all use it.
"""

from collections.abc import Mapping
from typing import Any

from chalice.app import Request
from msgspec.structs import replace

from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.intake.new_case import NewCase, check_stranger
from chalicelib.http.contacts import CONTACTS, stored_contact
from chalicelib.http.requests import read, source_address
from chalicelib.services.access.stranger_limits import network_of

EXAMPLE = {
    "text": "厨房水龙头一直滴水，关不紧。",
    "unit": "3-2-1201",
    "name": "孙女士",
    "phone": "13800138001",
    "kind": "repair",
    "matter": "home_other",
}
"""A report as a resident's program sends it."""


def report_of(values: Mapping[str, Any], actor: Actor) -> NewCase:
    """The report in the body of a request.

    InvalidInputError names a field that is wrong, or that this sender may not set.
    """
    new = read(values, NewCase)
    if actor.role is Role.RESIDENT:
        check_stranger(new)
    return new


def with_contacts(new: NewCase, country: str, only: tuple[str, ...] = ()) -> NewCase:
    """The report with phone number and mail address in their stored form.

    InvalidInputError if one of them cannot be a number or an address.

    A number without a country code is of `country` (ISO); `only` are the countries whose numbers are taken.
    """
    given = {name: value for name in CONTACTS if (value := getattr(new, name)) is not None}
    stored: Any = {name: stored_contact(name, value, country, only) for name, value in given.items()}
    return replace(new, **stored)


def own_key(request: Request, actor: Actor, key: str) -> str:
    """The key as nobody else can use it.

    Residents are all one actor. A stranger's key is good from where it was first sent, so that no other
    learns by it what was reported; sent again from another network it is a report of its own, and asked about
    if it is like the first (A4).
    """
    if actor.role is not Role.RESIDENT:
        return key
    return f"{key}\0{network_of(source_address(request))}"
