"""The words that tests read sentences in, by the tag of a language."""

from functools import cache
from typing import Any

from chalicelib.adapters.notice_texts import texts_in
from chalicelib.adapters.word_files import WordFiles
from chalicelib.domain.deadlines import explanation
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.notices.templates import Texts

WORDS = WordFiles()
LANGUAGES = WORDS.languages()
WRITTEN_IN = tuple(language for language in LANGUAGES if WORDS.notices(language))
"""The languages in which people are written to."""


def explain(deadline: Deadline, calendar: Calendar, language: str = "en", **how: Any) -> tuple[str, ...]:
    """The reasons of a deadline in that language; `how` as in the domain's own `explain`."""
    return explanation.explain(deadline, calendar, WORDS.get(language), **how)


@cache
def texts(language: str = "zh-CN") -> Texts:
    """The texts of notices."""
    return texts_in(WORDS, language, "zh-CN")
