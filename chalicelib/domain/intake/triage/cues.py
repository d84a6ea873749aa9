"""The cues of the lexicon in a message, each in the light of its clause."""

from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.intake.triage.clauses import Clause, clauses, is_denied
from chalicelib.domain.intake.triage.lexicon import Cue, Lexicon
from chalicelib.domain.intake.triage.normal import Normal, is_letter

GAP = 6
"""The most characters between two parts of a cue."""
ANOTHER_WORD = "another_word"
"""The concept of words that have others in them and mean something else: 卫生间 is no 卫生."""


class Found(Struct, frozen=True):
    """A cue in a message, its place in the normal form, and its clause."""

    cue: Cue
    start: int
    end: int
    clause: Clause
    denied: bool

    @property
    def concept(self) -> str:
        """The concept that the cue is of."""
        return self.cue.concept

    @property
    def is_live(self) -> bool:
        """Whether it says what is so now: not denied, supposed, past or over."""
        return not self.denied and self.clause.is_plain


def cues_in(said: Normal, lexicon: Lexicon) -> tuple[Found, ...]:
    """Every cue that the message has, in the order of the text.

    But for those inside of another word.
    """
    found = tuple(
        cue for clause in clauses(said.text, lexicon.lights) for cue in _cues_of(said.text, clause, lexicon)
    )
    others = [cue for cue in found if cue.concept == ANOTHER_WORD]
    return tuple(cue for cue in found if not any(_is_inside(cue, other) for other in others))


def _is_inside(cue: Found, other: Found) -> bool:
    """Whether the cue is part of the other word, which is longer."""
    within = other.start <= cue.start and cue.end <= other.end
    return within and cue.end - cue.start < other.end - other.start


def _cues_of(text: str, clause: Clause, lexicon: Lexicon) -> Iterator[Found]:
    for place in range(clause.start, clause.end):
        for cue in lexicon.cues[text[place]]:
            first = cue.parts[
                0
            ]  # looked at here: hundreds of cues are, and a call for each would be the most of it
            if text.startswith(first, place, clause.end) and (end := _end_of(cue, text, place, clause.end)):
                yield Found(cue, place, end, clause, is_denied(text, clause, place, lexicon.lights))


def _end_of(cue: Cue, text: str, place: int, clause_end: int) -> int | None:
    """Where the cue ends whose first part stands at the place; None if the rest of it does not follow."""
    first = cue.parts[0]
    if first[0].isascii() and is_letter(text, place - 1):
        return None
    end = place + len(first)
    for part in cue.parts[1:]:
        next_at = text.find(part, end, min(clause_end, end + GAP * (4 if part.isascii() else 1) + len(part)))
        if next_at < 0:
            return None
        end = next_at + len(part)
    is_number = text[end - 1].isascii() and text[end - 1].isdigit()  # 110 is not in 1102
    return None if (cue.at_word_end or is_number) and is_letter(text, end) else end
