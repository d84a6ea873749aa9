"""The words of the pages: one catalogue per language, chosen by the reader (see locale/)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.community.roles import ROLE_NAMES, Role
from chalicelib.domain.lifecycle import TABLE

LANGUAGES = ("zh-CN", "en")
"""The first is what a reader gets whose browser asks for neither."""

_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language. Looking up what is not there is a mistake of ours: KeyError."""

    language: str
    groups: Mapping[str, Mapping[str, str]]

    def __call__(self, path: str, **values: Any) -> str:
        """The sentence at `group.key`, with its values put in."""
        group, _, key = path.partition(".")
        sentence = self.groups[group][key]
        return sentence.format_map(values) if values else sentence

    def name(self, group: str, key: object) -> str:
        """The name of a value, such as a state; the value itself where the catalogue has none."""
        return self.groups[group].get(str(key), str(key))

    def command(self, name: str) -> str:
        """The name of a command, as the transition table has it."""
        return TABLE[name].names[self.language] if name in TABLE else name

    def role(self, role: str) -> str:
        """The name of a role."""
        return ROLE_NAMES[Role(role)][self.language]

    def of(self, names: Mapping[str, str]) -> str:
        """What a mapping by language says in this one."""
        return names.get(self.language) or next(iter(names.values()))

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one sentence."""
        return self("page.list_comma").join(items)


@cache
def words(language: str) -> Words:
    """The catalogue of a language, read once."""
    return Words(language, tomllib.loads((_LOCALE / f"{language}.toml").read_text(encoding="utf-8")))


def choose_language(asked: str | None, remembered: str | None, preferred: str) -> str:
    """The language of a page: asked for with `?lang=`, else remembered, else what the browser prefers."""
    return next((one for one in (asked, remembered, preferred) if one in LANGUAGES), LANGUAGES[0])
