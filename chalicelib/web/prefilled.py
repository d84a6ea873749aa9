"""What stands in the forms of commands before anybody types."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import NODEFAULT
from msgspec.structs import fields

from chalicelib.domain.case.context import Context
from chalicelib.domain.lifecycle import TABLE
from chalicelib.web.form_input import Typed

BY_WORD = tuple(
    command
    for command, row in TABLE.items()
    if any(field.name == "spoken_at" and field.default is NODEFAULT for field in fields(row.form))
)
"""The commands that record what the resident said, and need to know when."""


def prefilled(name: str) -> Mapping[str, Typed]:
    """The own name, as the signature."""
    return {"sign": {"signature": name}}


def prefilled_at_desk(name: str, context: Context, now: datetime) -> Mapping[str, Typed]:
    """The own name, and that the resident said so now, as whoever calls does (A8).

    In whole minutes, which are never later than it was; the form says so, and it can be changed.
    """
    spoken = {"spoken_at": f"{now.astimezone(context.zone):%Y-%m-%dT%H:%M}"}
    return {**prefilled(name), **dict.fromkeys(BY_WORD, spoken)}
