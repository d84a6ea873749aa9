"""The words of each language, from TOML files in chalicelib/words.

A language is one file more, and no code.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import InvalidInputError

FOLDER = Path(__file__).resolve().parent.parent / "words"
HEAD, PARTS = "head", ("pages", "notices")
"""What follows the words that all share, in the order of the file."""


class WordFiles:
    """The languages of one folder, one file for each.

    A file has the words that API, pages and messages share, then its `PARTS`. Each part is read once, when
    it is first needed: the API never reads the pages, which are half of a file.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._languages = tuple(sorted(path.stem for path in folder.glob("*.toml")))
        self._read: dict[tuple[str, str], dict[str, Any]] = {}

    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that there are words in."""
        return self._languages

    def get(self, language: str) -> Catalogue:
        """What all share in a language; `InvalidInputError` names the languages there are."""
        return Catalogue(language, self._part(language, "shared")["shared"])

    def pages(self, language: str) -> Mapping[str, Mapping[str, str]]:
        """The words of the pages, by group and key."""
        words: Mapping[str, Mapping[str, str]] = self._part(language, "pages")["pages"]
        return words

    def notices(self, language: str) -> Mapping[str, Any]:
        """The texts of SMS and mail with the words put into them; empty if nobody is written to in it."""
        texts: Mapping[str, Any] = self._part(language, "notices").get("notices", {})
        return texts

    def own_name(self, language: str) -> str:
        """What a language calls itself."""
        return str(self._head(language)["language"])

    def also(self, language: str) -> tuple[str, ...]:
        """The tags of other wishes that a language meets: zh-HK is met by zh-TW."""
        return tuple(self._head(language).get("also", ()))

    def _head(self, language: str) -> dict[str, Any]:
        """The two first lines of a file, which are read alone: no page reads two files whole."""
        self._known(language)
        if (language, HEAD) not in self._read:
            with (self._folder / f"{language}.toml").open(encoding="utf-8") as file:
                lines = (file.readline(), file.readline())
            self._read[language, HEAD] = tomllib.loads("".join(line for line in lines if " = " in line))
        return self._read[language, HEAD]

    def _known(self, language: str) -> None:
        if language not in self._languages:
            raise InvalidInputError(
                f"There are no words in {language!r}; there are {', '.join(self._languages)}."
            )

    def _part(self, language: str, part: str) -> dict[str, Any]:
        self._known(language)
        key = (language, part)
        if key not in self._read:
            text = (self._folder / f"{language}.toml").read_text(encoding="utf-8")
            self._read[key] = _parsed(text, part)
        return self._read[key]


def _parsed(text: str, part: str) -> dict[str, Any]:
    """One part of a file as a table with that part alone in it."""
    rest, found = text, {}
    for name in reversed(PARTS):
        rest, header, tables = rest.partition(f"\n[{name}.")
        found[name] = header + tables
    if part in found:
        return tomllib.loads(found[part])
    shared = {group: words for group, words in tomllib.loads(rest).items() if isinstance(words, dict)}
    return {part: shared}
