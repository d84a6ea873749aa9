"""A report's text without whom it is about or from: what may be read outside of the desk (A8, G24)."""

import re
import unicodedata
from collections.abc import Iterable

from chalicelib.domain.case.events import Report
from chalicelib.domain.intake.masking import MASK, masked


def impersonal(text: str, report: Report, hidden: Iterable[str]) -> str:
    """The text with `…` for the names, numbers and units in it.

    Those of its report are taken out, and whatever looks like any. `hidden` are the lexicon's patterns for
    that (infra/lexicon/persons.toml): 3号楼, 李师傅, 沪A12345. What stays are amounts of one or two digits,
    floors, and the numbers that everybody calls. The plain name of somebody else, with nothing before or
    behind it, no pattern finds.
    """
    rest = masked(unicodedata.normalize("NFKC", text), report)
    for pattern in hidden:
        rest = re.sub(pattern, MASK, rest)
    return rest
