"""The clauses of a message, and in which light each puts its words: as asked, supposed, past or over.

不是漏水 has the words of a leak and none of its water; 上次漏水修好了 is about a leak that is over; 万一着火
supposes a fire. What a message is *about* follows from its words in any light but denial; what is *happening*
only from those in plain light (features.py).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.intake.triage.lexicon import Lights

MARKS = re.compile(
    r"[,\u3002!?;:\n\u2026~()\[\]\u300c\u300d\u201c\u201d\"]+|\.(?=\s|$)"
    r"|(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])"
)
"""The marks between clauses: punctuation, and a space beside a Chinese character, typed for a comma."""
STOP = chr(0x3002)  # 。
SENTENCE_ENDS = frozenset({STOP, *"!?;\n."})
LONGEST_TERM = 3
"""The most characters of a term in quotation marks, such as “停用”, which is the speaker's own word."""
QUOTATION = ((chr(0x201C), chr(0x201D)), (chr(0x300C), chr(0x300D)))  # “” and 「」


class Clause(Struct, frozen=True):
    """A clause: where it stands in the normal form, and the lights that it stands in."""

    start: int
    end: int
    asked: bool
    supposed: bool
    past: bool
    over: bool
    quoted: bool

    @property
    def is_plain(self) -> bool:
        """Whether what it says is so, and now."""
        return not (self.supposed or self.past or self.over or self.quoted)


def clauses(text: str, lights: Lights) -> tuple[Clause, ...]:
    """The clauses of a message in its normal form.

    A supposition that begins a sentence, and a time that is past, hold to the sentence's end, or until a word
    of the present. Where a talk was written down, what the desk said in it is quoted (客服:), to the end of
    the line or until the resident speaks; a letter to the desk (物业:) is no talk.
    """
    return tuple(_clauses(text, lights))


def _clauses(text: str, lights: Lights) -> Iterator[Clause]:
    supposing = past = of_the_desk = False
    stretches = tuple(_stretches(text, lights))
    is_a_talk = any(_speaks(lights.resident_speaks, text[start:end], mark) for start, end, mark in stretches)
    for start, end, mark in stretches:
        said = text[start:end]
        if is_a_talk and _speaks(lights.desk_speaks, said, mark):
            of_the_desk = True
        elif _speaks(lights.resident_speaks, said, mark):
            of_the_desk = False
        supposing = supposing or lights.starts_supposing.search(said) is not None
        goes_on = past and lights.present.search(said) is None
        past = goes_on or lights.past.search(said) is not None
        yield Clause(
            start,
            end,
            asked="?" in mark or lights.asked.search(said) is not None,
            supposed=supposing
            or lights.supposed.search(said) is not None
            or lights.practised.search(said) is not None,
            past=past,
            over=lights.over.search(said) is not None,
            quoted=of_the_desk or _is_quoted(text, start, end),
        )
        if not SENTENCE_ENDS.isdisjoint(mark):
            supposing = past = False
        if "\n" in mark:
            of_the_desk = False


def _speaks(who: re.Pattern[str], said: str, mark: str) -> bool:
    """Whether it names who says what follows: `客服:`."""
    return mark.startswith(":") and who.fullmatch(said.strip()) is not None


def _stretches(text: str, lights: Lights) -> Iterator[tuple[int, int, str]]:
    """Where each clause begins and ends, and the marks that end it; a but begins a new one."""
    start = 0
    for mark in MARKS.finditer(text):
        yield from _turning(text, start, mark.start(), mark.group(), lights)
        start = mark.end()
    yield from _turning(text, start, len(text), "", lights)


def _turning(text: str, start: int, end: int, mark: str, lights: Lights) -> Iterator[tuple[int, int, str]]:
    for turn in lights.turns.finditer(text, start, end):
        if turn.start() > start:
            yield start, turn.start(), ""
            start = turn.start()
    if end > start:
        yield start, end, mark


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether the clause stands in quotation marks: somebody else's words, more than a single term."""
    before = text[:start]
    opened = any(before.count(opening) > before.count(closing) for opening, closing in QUOTATION)
    return (opened or before.count('"') % 2 == 1) and end - start > LONGEST_TERM


def is_denied(text: str, clause: Clause, place: int, lights: Lights) -> bool:
    """Whether the clause denies what begins at the place: 不是漏水, 没闻到煤气, "no smoke"."""
    return lights.denied.search(text[max(clause.start, place - REACH) : place]) is not None


REACH = 12
"""How far before a word a denial of it may stand, in characters."""
