"""The words that tests read sentences in, by the tag of a language."""

import unicodedata
from functools import cache
from typing import Any

from chalicelib.adapters.notice_texts import texts_in
from chalicelib.adapters.word_files import WordFiles
from chalicelib.domain.deadlines import explanation
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.notices.templates import Texts
from chalicelib.domain.simplified import PAIRS

WORDS = WordFiles()
LANGUAGES = WORDS.languages()
WRITTEN_IN = tuple(language for language in LANGUAGES if WORDS.notices(language))
"""The languages in which people are written to."""

ALSO_TRADITIONAL = set("修克千噪里准出制升即卷只台吃合同向回困家布才扣抵搜教既查核真系致表逾面秋板")
"""Characters that are the simplified ones of others, and right by themselves too."""


def simplified_in(said: str) -> str:
    """The letters of a text that are not of traditional Chinese, as written in Taiwan or Hong Kong.

    They are the simplified ones that the triage knows, and what neither place has a sign for: the character
    set of both has some simplified ones besides.
    """
    wrong = _simplified()
    letters = (sign for sign in said if unicodedata.category(sign) == "Lo")
    return "".join(sign for sign in letters if sign in wrong or not sign.encode("big5hkscs", "ignore"))


@cache
def _simplified() -> frozenset[str]:
    return frozenset(set(PAIRS[1::2]) - set(PAIRS[::2]) - ALSO_TRADITIONAL)


def explain(deadline: Deadline, calendar: Calendar, language: str = "en", **how: Any) -> tuple[str, ...]:
    """The reasons of a deadline in that language; `how` as in the domain's own `explain`."""
    return explanation.explain(deadline, calendar, WORDS.get(language), **how)


@cache
def texts(language: str = "zh-CN") -> Texts:
    """The texts of notices."""
    return texts_in(WORDS, language, "zh-CN")
