"""The words of the pages: one catalogue per language, chosen by the reader (see locale/)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.texts import isolated
from chalicelib.http.requests import DEFAULT_LANGUAGE

_LOCALE = Path(__file__).parent / "locale"


def languages_of(folder: Path) -> tuple[str, ...]:
    """The languages that have a file in a folder.

    The first is for readers whose browser asks for none of them.
    """
    tags = (path.stem for path in folder.glob("*.toml"))
    return tuple(sorted(tags, key=lambda tag: (tag != DEFAULT_LANGUAGE, tag)))


LANGUAGES = languages_of(_LOCALE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the pages in one language. Looking up what is not there is a mistake of ours: KeyError."""

    language: str
    groups: Mapping[str, Mapping[str, str]]

    @property
    def shared(self) -> Catalogue:
        """What API and pages say alike (chalicelib/words), read when a page first needs it."""
        return wiring.words().get(self.language)

    def __call__(self, path: str, **values: Any) -> str:
        """The sentence at `group.key`, with its values put in; none of them turns its order around."""
        group, _, key = path.partition(".")
        sentence = self.groups[group][key]
        told = {name: isolated(str(value)) for name, value in values.items()}
        return sentence.format_map(told) if told else sentence

    def name(self, group: str, key: object) -> str:
        """The name of a value, such as a state.

        The value itself where the catalogue has none.
        """
        return self.groups[group].get(str(key), str(key))

    def command(self, name: str) -> str:
        """The name of a command, as a button shows it."""
        return self.shared.name("commands", name)

    def role(self, role: str) -> str:
        """The name of a role."""
        return self.shared(f"roles.{role}")

    def desk(self, phone: str | None) -> str:
        """The desk whom residents are asked to call, with its number if it has one."""
        return self("page.desk_with_phone", phone=phone) if phone else self("page.desk")

    def others(self) -> tuple[tuple[str, str], ...]:
        """The other languages of the pages, each with its own name for itself."""
        return tuple((tag, _own_name(tag)) for tag in LANGUAGES if tag != self.language)

    def of(self, names: Mapping[str, str]) -> str:
        """What a mapping by language says in this one."""
        return names.get(self.language) or next(iter(names.values()))

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one sentence."""
        return self("page.list_comma").join(items)


@cache
def words(language: str) -> Words:
    """The catalogue of a language, read once."""
    found = _parsed((_LOCALE / f"{language}.toml").read_text(encoding="utf-8"))
    del found["language"]
    return Words(language, found)


@cache
def _own_name(language: str) -> str:
    """What a language calls itself: the first line of its file, so that no page reads two files whole."""
    with (_LOCALE / f"{language}.toml").open(encoding="utf-8") as file:
        return str(_parsed(file.readline())["language"])


def _parsed(text: str) -> dict[str, Any]:
    import tomllib  # here, because the API and the timers read no page

    return tomllib.loads(text)


def choose_language(asked: str | None, remembered: str | None, preferred: str) -> str:
    """The language of a page.

    Asked for with `?lang=`, else remembered, else what the browser prefers.
    """
    wishes = (asked, remembered, preferred)
    return next((language for language in wishes if language in LANGUAGES), LANGUAGES[0])
