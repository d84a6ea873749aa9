"""What is wrong with the values of a body, and what would be right."""

import re
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

TIME_EXAMPLE = "2026-09-30T09:10:00+08:00"


def named(message: str, model: type[Any]) -> str:
    """msgspec's sentence with the field in front: `'note': Expected `str`, got `int`.`

    What would be right is said where that sentence does not: of moments, days, amounts and choices.
    """
    missing = re.fullmatch(r"Object missing required field `(\w+)`", message)
    if missing:
        return f"'{missing[1]}' is missing."
    said, _, place = message.partition(" - at `$.")
    if said == "Invalid RFC3339 encoded datetime":
        said = f"That is no time. Write it with its zone, like {TIME_EXAMPLE}"
    if said == "Invalid RFC3339 encoded date":
        said = f"That is no day. Write it like {TIME_EXAMPLE[:10]}"
    place = place.rstrip("`")
    if place.endswith("_fen") and said.startswith("Expected"):
        said = "That is no amount. Write it in fen, without decimals: 35.50 yuan are 3550"
    if said.startswith("Invalid enum value") and (choices := _choices(model, place)):
        said = f"{said}; it is one of {', '.join(choices)}"
    return f"'{place}': {said}." if place else f"{said}."


def _choices(model: type[Any], name: str) -> tuple[str, ...]:
    """The values of a field that is one of some; none of a field that is not, or that stands deeper."""
    hint = get_type_hints(model).get(name)
    for kind in (hint, *get_args(hint)):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return tuple(str(member.value) for member in kind)
    return tuple(map(str, get_args(hint))) if get_origin(hint) is Literal else ()
