"""Words of danger in a report that nobody has sorted yet (A6, A7)."""

import re
import unicodedata
from collections.abc import Iterable

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context


def word_of_danger(text: str, words: Iterable[str]) -> str | None:
    """The first of the words that the text has, whatever its width and case; None if it has none.

    A word of Latin letters counts as a whole word only: `gas` is not in `Vegas`. What a sentence does with a
    word is not looked at: 没有着火 has one too. To wake somebody in vain does less harm than to let a fire
    wait until the desk opens.
    """
    said = unicodedata.normalize("NFKC", text).casefold()
    return next((word for word in words if _has(said, word.casefold())), None)


def _has(said: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", said) is not None
    return word in said


def danger_of(case: Case, context: Context) -> str | None:
    """The word for which somebody on duty is told of an unsorted case at once; None for any other case."""
    if case.classification.is_sorted:
        return None
    return word_of_danger(case.report.text, context.regulation.danger_words)
