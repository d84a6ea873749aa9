"""The words of the pages in the language that the reader chose (chalicelib/words, `[pages.…]`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.texts import isolated
from chalicelib.http.requests import DEFAULT_LANGUAGE


def languages() -> tuple[str, ...]:
    """The languages of the pages.

    The first is for readers whose browser asks for none of them.
    """
    return tuple(sorted(wiring.words().languages(), key=lambda tag: (tag != DEFAULT_LANGUAGE, tag)))


class Words(Struct, frozen=True):
    """The words of the pages in one language. Looking up what is not there is a mistake of ours: KeyError."""

    language: str
    groups: Mapping[str, Mapping[str, str]]

    @property
    def shared(self) -> Catalogue:
        """What API and pages say alike, read when a page first needs it."""
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

    def name_as_read(self, group: str, key: object, *, to_resident: bool) -> str:
        """The name of a value as staff or the resident read it.

        Nobody is told of themselves as “the resident”; where a name does not say so, it is that of everybody.
        """
        own = self.groups["names_to_resident"].get(f"{group}.{key}") if to_resident else None
        return own or self.name(group, key)

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
        return tuple(known for known in named_languages() if known[0] != self.language)

    def of(self, names: Mapping[str, str]) -> str:
        """What a mapping by language says in this one."""
        return names.get(self.language) or next(iter(names.values()))

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one sentence."""
        return self("page.list_comma").join(items)


def begun(name: str) -> str:
    """A name as it begins a line: with a capital letter, where its script has them."""
    return name[:1].upper() + name[1:]


def named_languages() -> tuple[tuple[str, str], ...]:
    """The languages of the pages, each with its own name for itself."""
    return tuple((tag, wiring.words().own_name(tag)) for tag in languages())


def words(language: str) -> Words:
    """The words of the pages in a language."""
    return Words(language, wiring.words().pages(language))


def choose_language(asked: str | None, remembered: str | None, preferred: str) -> str:
    """The language of a page.

    Asked for with `?lang=`, else remembered, else what the browser prefers.
    """
    known = languages()
    return next((language for language in (asked, remembered, preferred) if language in known), known[0])
