"""The triage of the desk, as tests use it: one lexicon for all of them."""

from functools import cache

from chalicelib.adapters.lexicon_file import lexicon_from_file
from chalicelib.domain.case.events import Report
from chalicelib.domain.intake.triage.answers import Triage
from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.intake.triage.reading import triage


@cache
def lexicon() -> Lexicon:
    """The lexicon that is deployed."""
    return lexicon_from_file()


def read(text: str, report: Report | None = None) -> Triage:
    """How the desk reads a message, without a model."""
    return triage(text, lexicon())
