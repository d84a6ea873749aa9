"""The deployment's settings, read from the environment once, when first needed."""

import os
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any


class SettingsError(Exception):
    """A variable that the deployment must give is missing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Names and addresses of what the template made. Each field is the environment variable of its name.

    The last two need not be given: how many reports of people who are not signed in are taken from one
    network address in ten minutes, and with one phone number in an hour.
    """

    cases_table: str
    directory_table: str
    figures_table: str
    links_table: str
    dispatch_machine_arn: str
    revisit_machine_arn: str
    user_pool_id: str
    user_pool_client_id: str
    secret_id: str
    public_base_url: str
    mail_from: str
    aws_region: str
    intakes_per_address: int = 300
    intakes_per_phone: int = 120


def from_environment(environment: dict[str, str]) -> Settings:
    """The settings that an environment gives; SettingsError names every variable that is missing."""
    names = [field.name.upper() for field in fields(Settings) if field.default is MISSING]
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise SettingsError(f"These environment variables are missing: {', '.join(missing)}.")
    values: dict[str, Any] = {name.lower(): environment[name] for name in names}
    values["public_base_url"] = values["public_base_url"].rstrip("/")
    return Settings(**values | _caps(environment))


def _caps(environment: dict[str, str]) -> dict[str, int]:
    """The caps that are given; SettingsError for one that is not a whole number of at least 1."""
    found = {}
    for name in ("INTAKES_PER_ADDRESS", "INTAKES_PER_PHONE"):
        given = environment.get(name, "")
        if given and not (given.isascii() and given.isdecimal() and int(given) > 0):
            raise SettingsError(f"{name} is {given!r}; it has to be a whole number of at least 1.")
        if given:
            found[name.lower()] = int(given)
    return found


@cache
def settings() -> Settings:
    """The settings of this process."""
    return from_environment(dict(os.environ))
