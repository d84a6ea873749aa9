"""The small checks that all others use: each refuses with what would be right."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.community.language import LANGUAGES
from chalicelib.domain.errors import RegulationError


def known(what: str, values: Iterable[str], right: Iterable[str]) -> None:
    """Refuses the first value that is none of the right ones."""
    right = tuple(right)
    for value in values:
        if value not in right:
            raise RegulationError(f"{what} {str(value)!r} is unknown; right are {', '.join(right)}.")


def named(what: str, names: Mapping[str, str]) -> None:
    """Refuses what has no name in one of the languages."""
    if missing := [language for language in LANGUAGES if not names.get(language, "").strip()]:
        raise RegulationError(f"{what}: it has no name in {', '.join(missing)}.")


def unique(what: str, ids: list[str]) -> None:
    """Refuses an empty id, and one that stands there twice."""
    if not all(name.strip() for name in ids):
        raise RegulationError(f"a {what} has an empty id; each needs one of its own.")
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise RegulationError(f"{what} {twice[0]} is there twice; each id must be its own.")


def within(what: str, value: float, least: float, most: float) -> None:
    """Refuses a number that is less than the least or more than the most."""
    if not least <= value <= most:
        raise RegulationError(f"{what} is {value:g}; right is {least:g} to {most:g}.")
