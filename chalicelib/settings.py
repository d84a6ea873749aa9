"""The deployment's settings, read from the environment once, when first needed."""

import os
import re
from functools import cache
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

SECOND_FACTOR = ("off", "offered", "required")
CHALLENGE = ("off", "proof")


class SettingsError(Exception):
    """A variable that the deployment must give is missing."""


class Settings(Struct, frozen=True):
    """Names and addresses of what the template made. Each field is the environment variable of its name.

    Those with a value here need not be given. `intakes_…`: how many reports of people who are not signed in
    are taken from one network address in ten minutes, and with one phone number in an hour. `sms_…`: how many
    SMS may leave in an hour and in a day, of one community and of all; strangers have so many percent of each
    beside it. `sms_max_price_usd` is what one may cost. `second_factor`: whether staff can have a code asked
    for when they sign in (`off`, `offered`, or `required` of managers and company heads).
    `challenge`: what strangers have to do for a report once half of their budget is gone (`off`, or `proof`
    of work). `looks_kept_days`: for how long a look at personal data stays on record. `password_link_hours`:
    for how long a link for choosing a password is good.
    `triage_model`: which model of Amazon Bedrock stands behind the triage. `recordings_bucket` keeps what
    callers said; `recordings_from` is the only host that it is fetched from.
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
    mail_set: str
    recordings_bucket: str
    aws_region: str
    intakes_per_address: int = 300
    intakes_per_phone: int = 120
    second_factor: str = "offered"
    challenge: str = "off"
    sms_per_hour: int = 2000
    sms_per_day: int = 10_000
    sms_per_hour_of_community: int = 400
    sms_per_day_of_community: int = 2000
    sms_of_strangers_percent: int = 25
    sms_max_price_usd: str = "0.10"
    looks_kept_days: int = 190
    password_link_hours: int = 24
    triage_model: str = ""
    recordings_from: str = "https://api.twilio.com"


def from_environment(environment: dict[str, str]) -> Settings:
    """The settings that an environment gives; SettingsError names every variable that is missing."""
    names = [field.name.upper() for field in fields(Settings) if field.default is NODEFAULT]
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise SettingsError(f"These environment variables are missing: {', '.join(missing)}.")
    values: dict[str, Any] = {name.lower(): environment[name] for name in names}
    values["public_base_url"] = values["public_base_url"].rstrip("/")
    chosen = _choice(environment, "SECOND_FACTOR", SECOND_FACTOR) | _choice(
        environment, "CHALLENGE", CHALLENGE
    )
    chosen |= _price(environment)
    for name in ("triage_model", "recordings_from"):
        if given := environment.get(name.upper(), ""):
            chosen[name] = given
    return Settings(**values | _caps(environment) | chosen)


def _caps(environment: dict[str, str]) -> dict[str, int]:
    """The caps that are given; SettingsError for one that is not a whole number of at least 1."""
    found = {}
    for name in (field.name.upper() for field in fields(Settings) if type(field.default) is int):
        given = environment.get(name, "")
        if given and not (given.isascii() and given.isdecimal() and int(given) > 0):
            raise SettingsError(f"{name} is {given!r}; it has to be a whole number of at least 1.")
        if given:
            found[name.lower()] = int(given)
    return found


def _choice(environment: dict[str, str], name: str, possible: tuple[str, ...]) -> dict[str, str]:
    """The choice that is given; SettingsError for one that there is not."""
    given = environment.get(name, "")
    if given and given not in possible:
        raise SettingsError(f"{name} is {given!r}; it is one of: {', '.join(possible)}.")
    return {name.lower(): given} if given else {}


def _price(environment: dict[str, str]) -> dict[str, str]:
    """What one SMS may cost, if it is given; SettingsError for what is no amount of dollars."""
    given = environment.get("SMS_MAX_PRICE_USD", "")
    if given and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,5})?", given):
        raise SettingsError(f"SMS_MAX_PRICE_USD is {given!r}; it has to be an amount such as 0.10.")
    return {"sms_max_price_usd": given} if given else {}


@cache
def settings() -> Settings:
    """The settings of this process."""
    return from_environment(dict(os.environ))
