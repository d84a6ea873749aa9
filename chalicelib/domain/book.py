"""The answer book of a community: what an inquiry is answered with at once (A14)."""

import re
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import force_setattr

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import checked_text, folded

SORTS = ("contract", "fees", "facilities", "procedures", "outside", "other")
"""What an entry is about: a contract clause, fees, facilities, other departments' ways, outside numbers."""

MOST_ENTRIES = 500
"""The most entries of a community, which are all read for one search."""

MARK = re.compile(r"[a-z0-9._-]{1,60}@[0-9]{1,6}")
"""An entry in one version, as an answer names it."""

LONGEST_TITLE, LONGEST_KEYWORDS, LONGEST_ANSWER = 100, 200, 1000
NEAR = 0.25
"""The share of a question's pairs of characters that an entry has at least, to be found by them (ours)."""

MOST_FOUND = 10
"""The most entries that one search shows; it says that there are more."""


class Entry(Struct, frozen=True):
    """One version of an entry: `answer` is what a resident is told.

    `keywords` are words by which people ask for it. `by` saved it `at` that time; `removed`: it is answered
    with no more, and its versions stay. Version 0 is made of the price list or the outside numbers.
    """

    id: str
    version: int
    sort: str
    title: str
    answer: str
    keywords: str
    by: str
    at: datetime
    removed: bool = False

    @property
    def mark(self) -> str:
        """The entry in this version, as an answer names it: `3f9a2c@2`."""
        return f"{self.id}@{self.version}"


class EntryForm(Struct, frozen=True):
    """The form of an entry; `version` is the one that its writer has seen, 0 for a new one."""

    sort: str
    title: str
    answer: str
    keywords: str = ""
    version: int = 0
    removed: bool = False

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise InvalidInputError(f"'sort' is one of: {', '.join(SORTS)}.")
        for name, longest, required in (
            ("title", LONGEST_TITLE, True),
            ("answer", LONGEST_ANSWER, True),
            ("keywords", LONGEST_KEYWORDS, False),
        ):
            text = checked_text(name, getattr(self, name), longest, required=required)
            force_setattr(self, name, text)


def found(entries: Iterable[Entry], asked: str) -> tuple[Entry, ...]:
    """The entries that fit what is asked, the best first; all of them, by title, where nothing is asked.

    The whole question in title or keywords counts most, then each two characters that they share with it:
    停车费多少 finds 停车费.
    """
    here = [entry for entry in entries if not entry.removed]
    wanted = folded(asked)
    if not wanted:
        return tuple(sorted(here, key=lambda entry: (SORTS.index(entry.sort), entry.title)))
    scored = [(_score(entry, wanted), entry) for entry in here]
    fitting = [(score, entry) for score, entry in scored if score > 0]
    return tuple(entry for _, entry in sorted(fitting, key=lambda pair: (-pair[0], pair[1].title)))


def _score(entry: Entry, wanted: str) -> float:
    title, keywords, answer = (folded(text) for text in (entry.title, entry.keywords, entry.answer))
    score = 40.0 * (wanted in title) + 30.0 * (wanted in keywords) + 10.0 * (wanted in answer)
    pairs = _pairs(wanted)
    if not pairs:
        return score
    shares = (len(pairs & _pairs(text)) / len(pairs) for text in (title, keywords, answer))
    in_title, in_keywords, in_answer = shares
    near = max(in_title, in_keywords, in_answer)
    return score + (20 * in_title + 15 * in_keywords + 5 * in_answer if near >= NEAR else 0)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
