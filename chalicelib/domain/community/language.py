"""In which language a community writes to people of whom no other is known (A11)."""

from collections.abc import Mapping

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.errors import InvalidInputError

LANGUAGES = ("zh-CN", "zh-TW", "en")
"""The languages that there are words in; the first is that of whoever chose none."""

OF_COUNTRY: Mapping[str, str] = {"TW": "zh-TW", "HK": "zh-TW", "MO": "zh-TW"}
"""Country (ISO) → the language of its communities; everywhere else the first of all."""


def language_of(community: Community) -> str:
    """The language of a community: of its staff, and of residents who said no other."""
    return OF_COUNTRY.get(community.country, LANGUAGES[0])


def language_to(person: Staff | None, community: Community) -> str:
    """The language in which somebody of staff is written to: their own, else the community's."""
    return (person.language if person else "") or language_of(community)


def check_language(language: str) -> None:
    """InvalidInputError for a language in which nobody is written to."""
    if language not in LANGUAGES:
        raise InvalidInputError(f"'language' is one of: {', '.join(LANGUAGES)}.", "no_language")
