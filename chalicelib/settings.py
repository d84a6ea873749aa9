"""The deployment's settings, read from the environment once, when first needed."""

import os
from dataclasses import dataclass, fields
from functools import cache


class SettingsError(Exception):
    """A variable that the deployment must give is missing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Names and addresses of what the template made. Each field is the environment variable of its name."""

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


def from_environment(environment: dict[str, str]) -> Settings:
    """The settings that an environment gives; SettingsError names every variable that is missing."""
    names = [one.name.upper() for one in fields(Settings)]
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise SettingsError(f"These environment variables are missing: {', '.join(missing)}.")
    values = {name.lower(): environment[name] for name in names}
    values["public_base_url"] = values["public_base_url"].rstrip("/")
    return Settings(**values)


@cache
def settings() -> Settings:
    """The settings of this process."""
    return from_environment(dict(os.environ))
