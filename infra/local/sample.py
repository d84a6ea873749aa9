"""The sample that a first start is seeded with, read from sample.toml."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from chalicelib.domain.people import Community, Hours, PriceItem, Role, Shift, Staff

FILE = Path(__file__).with_name("sample.toml")


@dataclass(frozen=True)
class Account:
    """Somebody, or a machine, who can sign in."""

    role: str
    username: str
    password: str
    community: str


@dataclass(frozen=True)
class Sample:
    """Communities with their people, and the accounts of those; `mark` changes when anything does."""

    communities: tuple[Community, ...]
    accounts: tuple[Account, ...]
    mark: str


def read_sample() -> Sample:
    """The sample as it stands in the checkout."""
    written = FILE.read_bytes()
    document = tomllib.loads(written.decode())
    communities = tuple(_community(one) for one in document["communities"])
    accounts = tuple(
        Account(member.role, member.username, document["password"], community.id)
        for community in communities
        for member in community.staff
    )
    return Sample(communities, accounts, hashlib.sha256(written).hexdigest())


def _community(written: Mapping[str, Any]) -> Community:
    return Community(
        id=written["id"],
        name=written["name"],
        zone=written["zone"],
        regulation=written["regulation"],
        households=written["households"],
        country=written.get("country", "CN"),
        subdivision=written.get("subdivision"),
        hours=tuple(_hours(one) for one in written.get("hours", ())),
        staff=tuple(_member(one) for one in written["staff"]),
        shifts=tuple(_shift(one) for one in written["shifts"]),
        prices=tuple(PriceItem(**one) for one in written["prices"]),
        departments=written["departments"],
    )


def _hours(written: Mapping[str, Any]) -> Hours:
    windows = tuple((opens, closes) for opens, closes in written["windows"])
    return Hours(tuple(written["weekdays"]), windows)


def _member(written: Mapping[str, Any]) -> Staff:
    return Staff(**{**written, "role": Role(written["role"]), "departments": tuple(written["departments"])})


def _shift(written: Mapping[str, Any]) -> Shift:
    times = {name: time.fromisoformat(written[name]) for name in ("starts", "ends")}
    return Shift(**{**written, **times, "weekdays": tuple(written["weekdays"])})
