"""The triage of messages as the desk has it: by the lexicon, and by a model if one stands behind it (A8)."""

import logging
from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Proposal, Report
from chalicelib.domain.intake.impersonal import impersonal
from chalicelib.domain.intake.triage.answers import Triage
from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.intake.triage.proposal import proposal_of
from chalicelib.domain.intake.triage.reading import triage
from chalicelib.services.desk import Desk

logger = logging.getLogger(__name__)


class Model(Protocol):
    """A model that reads a message a second time."""

    def __call__(self, text: str, read: Triage) -> Triage | None:
        """The triage by the model, which may look at what the lexicon `read`; None if it has no answer.

        The text is without whom it is from or about (domain/intake/impersonal.py).
        """


class Reader:
    """The triage of messages; the lexicon is loaded with the first one.

    Whatever goes wrong here, a report is taken without a proposal: a fire does not wait for a lexicon.
    """

    def __init__(self, load: Callable[[], Lexicon], model: Model | None = None) -> None:
        self._load = load
        self._lexicon: Lexicon | None = None
        self._model = model

    def __call__(self, text: str, report: Report | None = None) -> Triage | None:
        """How the text was read; None if it could not be.

        The model is asked of reports alone, and not of what the lexicon takes for an emergency: whoever must
        know of that waits for no network.
        """
        try:
            if self._lexicon is None:
                self._lexicon = self._load()
            read = triage(text, self._lexicon)
        except Exception:  # whatever it is: the report counts, not its proposal
            logger.exception("A message could not be read")
            return None
        if self._model is None or report is None or read.urgency.value == "emergency":
            return read
        try:
            thought = self._model(impersonal(text, report, self._lexicon.persons), read)
        except Exception:  # the model is beside the point as well
            logger.exception("The model did not answer")
            return read
        return read if thought is None else replace(thought, danger=read.danger, named=read.named)


def proposed(desk: Desk, context: Context, text: str, report: Report | None = None) -> Proposal | None:
    """What the triage proposes for the words of a message under the community's regulation (A8).

    The one place to ask, for pages, API and whatever takes messages in. None where there is nothing to read,
    or nothing reads. Nothing is stored, and a person decides. `register` asks by itself, with the `report`.
    """
    read = desk.reads(text, report) if text.strip() else None
    return None if read is None else proposal_of(read, context.regulation)
