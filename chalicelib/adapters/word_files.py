"""The word catalogues of each language, from TOML files in chalicelib/words.

A language is one file more, and no code.
"""

import tomllib
from pathlib import Path

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import InvalidInputError

FOLDER = Path(__file__).resolve().parent.parent / "words"


class WordFiles:
    """The catalogues of one folder, one file for each language.

    Each file is read once, when it is first needed.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._languages = tuple(sorted(path.stem for path in folder.glob("*.toml")))
        self._read: dict[str, Catalogue] = {}

    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that there are words in."""
        return self._languages

    def get(self, language: str) -> Catalogue:
        """The words of a language; `InvalidInputError` names the languages there are."""
        if language not in self._languages:
            raise InvalidInputError(
                f"There are no words in {language!r}; there are {', '.join(self._languages)}."
            )
        if language not in self._read:
            text = (self._folder / f"{language}.toml").read_text(encoding="utf-8")
            self._read[language] = Catalogue(language, tomllib.loads(text))
        return self._read[language]
