"""Words that are not said to residents, and what is right instead (A14, S0)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.errors import InvalidInputError

QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|《[^》]*》|\"[^\"]*\"")
"""What somebody else has said, in quotation marks: that is a resident's word, and left as it is."""

MARKS = re.compile(r"[,.;:!?\n，。；：！？、…—()（）]+")
"""What ends a clause."""

PARTICLES = "的了啊呀哦呢吧 "
"""What may follow a clause without making it another."""


class Where(StrEnum):
    """Where in a text a word is unwanted: anywhere, as a whole clause, or at the beginning of one."""

    ANYWHERE = "anywhere"
    CLAUSE = "clause"
    BEGINNING = "beginning"


class UnwantedWord(Struct, frozen=True):
    """A word that is not said to residents.

    `right` says by language what is right instead; `unless` are longer words that have it inside and are
    right themselves.
    """

    word: str
    right: Mapping[str, str]
    where: Where = Where.ANYWHERE
    unless: tuple[str, ...] = ()


def unwanted_in(text: str, unwanted: Iterable[UnwantedWord]) -> UnwantedWord | None:
    """The first unwanted word of a text, whatever its width and case; None if it has none.

    What stands in quotation marks is not looked at: somebody quotes the resident there.
    """
    said = QUOTED.sub("\0", unicodedata.normalize("NFC", text))
    said = unicodedata.normalize("NFKC", said).casefold()
    clauses = [clause.strip() for clause in MARKS.split(said)]
    return next((word for word in unwanted if _is_said(word, said, clauses)), None)


def check_wording(text: str, unwanted: Iterable[UnwantedWord]) -> None:
    """InvalidInputError for a text that would reach a resident with an unwanted word in it (A14).

    It says which word, and what is right instead.
    """
    found = unwanted_in(text, unwanted)
    if found is not None:
        right = found.right.get("en") or next(iter(found.right.values()), "")
        raise InvalidInputError(
            f"'{found.word}' is not said to residents; {right}. Put what a resident said in quotation marks.",
            "unwanted_word",
            word=found.word,
            right=found.right,
        )


def _is_said(word: UnwantedWord, said: str, clauses: Iterable[str]) -> bool:
    sought = unicodedata.normalize("NFKC", word.word).casefold()
    match word.where:
        case Where.CLAUSE:
            return any(clause.rstrip(PARTICLES) == sought for clause in clauses)
        case Where.BEGINNING:
            right = tuple(longer.casefold() for longer in word.unless)
            return any(clause.startswith(sought) and not clause.startswith(right) for clause in clauses)
    for longer in word.unless:
        said = said.replace(longer.casefold(), "\0")
    if sought.isascii():
        return re.search(rf"\b{re.escape(sought)}\b", said) is not None
    return sought in said
