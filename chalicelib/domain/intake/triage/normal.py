"""The normal form of a message: one script, one width, one word where varieties have several."""

import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.simplified import simplified


class Normal(Struct, frozen=True):
    """A message in its normal form, and where each character stands in what was typed."""

    text: str
    at: tuple[int, ...]
    typed: str

    def words(self, start: int, end: int) -> str:
        """What was typed for a stretch of the normal form."""
        if start >= end:
            return ""
        after = self.at[end] if end < len(self.at) else len(self.typed)
        return self.typed[self.at[start] : max(after, self.at[start] + 1)].strip()


def normal(typed: str, lexicon: Lexicon) -> Normal:
    """The normal form of a message.

    Half width, small letters and simplified characters, and then each word of a variety (Cantonese, Taiwan,
    a usual typing error) as the word that the cues know: 𨋢 becomes 电梯, 楼水 becomes 漏水.
    """
    characters: list[str] = []
    at: list[int] = []
    for place, typed_character in enumerate(typed):
        for character in _folded(typed_character):
            characters.append(character)
            at.append(place)
    return _known_words("".join(characters), at, typed, lexicon.varieties)


def _folded(character: str) -> str:
    if not 0x4E00 <= ord(character) <= 0x9FFF:  # the plain Chinese ones are as they are
        character = unicodedata.normalize("NFKC", character).casefold()
    return simplified(character)


def _known_words(
    text: str, at: list[int], typed: str, varieties: Mapping[str, tuple[tuple[str, str], ...]]
) -> Normal:
    """The text with each word of a variety replaced; the known word stands where the said one stood."""
    found: list[str] = []
    places: list[int] = []
    here = 0
    while here < len(text):
        for said, known in varieties.get(text[here], ()):
            if text.startswith(said, here) and (not said.isascii() or is_word(text, here, here + len(said))):
                found.append(known)
                places += [at[here]] * len(known)
                here += len(said)
                break
        else:
            found.append(text[here])
            places.append(at[here])
            here += 1
    return Normal("".join(found), tuple(places), typed)


def is_letter(text: str, place: int) -> bool:
    """Whether an English letter or a digit stands there."""
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalnum()


def is_word(text: str, start: int, end: int) -> bool:
    """Whether the stretch is a whole English word: no letter goes on before or after it."""
    return not is_letter(text, start - 1) and not is_letter(text, end)
