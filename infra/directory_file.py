"""The file that a directory is written from.

It has communities with staff, shifts, prices, hours and days.

infra/local/sample.toml shows its shape; keys are the fields of chalicelib/domain/community/community.py.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields

from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.case.form_fields import SHORT
from chalicelib.domain.community.community import (
    AmendedDay,
    Community,
    Hours,
    OutsideService,
    Staff,
    Steward,
)
from chalicelib.domain.community.entry import DIALLED, check_phone
from chalicelib.domain.community.prices import PriceItem
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.community.roster_checks import check_shifts
from chalicelib.domain.community.staffing import check_person
from chalicelib.domain.deadlines.opening_hours import week_of
from chalicelib.domain.errors import DomainError
from chalicelib.domain.money import DEAREST_FEN
from chalicelib.domain.texts import checked_text
from chalicelib.domain.wording import UnwantedWord
from chalicelib.http.contacts import email_address, stored_phone
from infra.problems import CannotGoOnError

PARTS: Mapping[str, type] = {
    "staff": Staff,
    "shifts": Shift,
    "prices": PriceItem,
    "hours": Hours,
    "staffed_hours": Hours,
    "amendments": AmendedDay,
    "outside": OutsideService,
    "stewards": Steward,
    "unwanted": UnwantedWord,
}


LONGEST_ALARM_MINUTES = 60
"""The longest that an emergency may wait for somebody before the next in line is told (ours)."""


@dataclass(frozen=True)
class DirectoryFile:
    """What a file says.

    Attributes:
        communities: Checked, each with all that belongs to it.
        password: The first password of every account; None if each is to have one of its own.
        mark: A hash that changes when anything does.
    """

    communities: tuple[Community, ...]
    password: str | None
    mark: str


def read_directory(file: Path) -> DirectoryFile:
    """Reads and checks a file.

    Raises:
        CannotGoOnError: It is not there, or something in it cannot be; says where and what.
    """
    try:
        written = file.read_bytes()
        document = tomllib.loads(written.decode())
        communities = _communities(document)
        for community in communities:
            _check(community)
    except OSError as err:
        raise CannotGoOnError(f"{file} cannot be read: {err.strerror}.") from err
    except (DomainError, ValueError) as err:  # not TOML and msgspec's own errors are ValueErrors too
        raise CannotGoOnError(f"{file}: {err}") from err
    return DirectoryFile(communities, document.get("password"), hashlib.sha256(written).hexdigest())


def _communities(document: Mapping[str, Any]) -> tuple[Community, ...]:
    _check_keys("the file", document, {"password", "communities"})
    for community in document.get("communities", ()):
        _check_keys("a community", community, {field.name for field in fields(Community)})
        for name, kind in PARTS.items():
            for part in community.get(name, ()):
                _check_keys(
                    f"one of {community.get('id')}'s {name}", part, {field.name for field in fields(kind)}
                )
        for shift in community.get("shifts", ()):
            shift |= {name: _time(shift[name]) for name in ("starts", "ends") if name in shift}
    found = msgspec.convert(document.get("communities", ()), tuple[Community, ...])
    _check_once("communities", [community.id for community in found])
    return found


def _check_keys(what: str, given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(given) - known):
        there = ", ".join(sorted(known))
        raise ValueError(f"{what} has {', '.join(unknown)}, which is nothing; there are {there}.")


def _check_once(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} stands twice among the {what}.")


def _time(written: Any) -> Any:
    return time.fromisoformat(written) if isinstance(written, str) else written


def _check(community: Community) -> None:
    """DomainError or ValueError for what the desk could not work with."""
    try:
        RegulationFiles().get(community.regulation)
        CommunityCalendars().of(community)
        for problem in _problems(community):
            raise ValueError(problem)
    except re.error as err:
        raise ValueError(f"community {community.id}: its unit_pattern is no pattern: {err}") from err
    except (DomainError, ValueError) as err:
        raise ValueError(f"community {community.id}: {err}") from err


def _problems(community: Community) -> Iterator[str]:
    _check_texts(community)
    if community.unit_pattern is not None and not re.compile(community.unit_pattern).groups:
        yield "its unit_pattern has no group, so it says nothing of a unit"
    check_phone(community.phone)
    usernames = [member.username for member in community.staff]
    _check_once("staff", usernames)
    for member in community.staff:
        _check_contacts(member, community.country)
        check_person(member, community)
    if not 1 <= community.alarm_minutes <= LONGEST_ALARM_MINUTES:
        yield f"its alarm_minutes are {community.alarm_minutes}; right are 1 to {LONGEST_ALARM_MINUTES}"
    _check_once("prices", [f"{item.id} {item.valid_from}".strip() for item in community.prices])
    for item in community.prices:
        if item.valid_from:
            date.fromisoformat(item.valid_from)
        if not 1 <= item.fee_fen <= DEAREST_FEN:
            yield f"the price of {item.id} is {item.fee_fen} fen; right are 1 to {DEAREST_FEN}"
    _check_once("outside", [service.id for service in community.outside])
    known = RegulationFiles().get(community.regulation).matters
    for service in community.outside:
        if not DIALLED.fullmatch(service.phone) and not service.phone.isdecimal():
            yield f"the phone of {service.id} is {service.phone!r}, which nobody can dial"
        for matter in set(service.matters) - set(known):
            yield f"{service.id} is for {matter}, which is no matter of its regulation"
    for shift in community.shifts:
        if shift.username not in usernames:
            yield f"{shift.username} has a shift, but is not among the staff"
        if shift.department not in community.departments:
            yield f"{shift.username} has a shift in {shift.department}, which is no department of it"
        if not set(shift.weekdays) <= set(range(7)):
            yield f"a shift of {shift.username} is on a weekday that is not 0 (Monday) to 6 (Sunday)"
    _check_once("stewards", [steward.building for steward in community.stewards])
    for steward in community.stewards:
        if community.member(steward.username) is None:
            yield f"{steward.username} is steward of {steward.building}, but nobody active among the staff"
    for department in set(community.duty_hours) - set(community.departments):
        yield f"duty_hours are said for {department}, which is no department of it"
    for hours in community.duty_hours.values():
        week_of(hours)
    check_shifts(community.shifts, community)


def _check_texts(community: Community) -> None:
    """InvalidInputError or ValueError for a name that nobody could read."""
    texts = {
        "the name": community.name,
        **{f"department {department}": name for department, name in community.departments.items()},
        **{f"the name of {member.username}": member.name for member in community.staff},
        **{f"the name of {item.id}": item.name for item in community.prices},
        **{f"the name of {service.id}": service.name for service in community.outside},
        **{f"the unit of {item.id}": item.unit_name for item in community.prices},
    }
    for what, text in texts.items():
        if checked_text(what, text, SHORT) != text:
            raise ValueError(f"'{what}' holds characters that show nothing, or blanks around it: {text!a}")


def _check_contacts(member: Staff, country: str) -> None:
    """ValueError for a phone or mail address that is not written as it is stored."""
    if member.email is not None:
        email_address(member.email)
    if not member.phone:
        return
    try:
        right = stored_phone(member.phone, country)
    except DomainError as err:
        raise ValueError(f"{member.username}: {err}") from err
    if right != member.phone:
        raise ValueError(f"{member.username}'s phone is written {right}, with the country's code")
