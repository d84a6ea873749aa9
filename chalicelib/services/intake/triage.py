"""The triage of messages as the desk has it: by the lexicon, and by a model if one stands behind it (A8)."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from chalicelib.domain.intake.triage.answers import Triage
from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.intake.triage.reading import triage

logger = logging.getLogger(__name__)


class Model(Protocol):
    """A model that reads a message a second time."""

    def __call__(self, text: str, read: Triage) -> Triage | None:
        """The triage by the model, which may look at what the lexicon `read`; None if it has no answer."""


class Reader:
    """The triage of messages; the lexicon is loaded with the first one.

    Whatever goes wrong here, a report is taken without a proposal: a fire does not wait for a lexicon.
    """

    def __init__(self, load: Callable[[], Lexicon], model: Model | None = None) -> None:
        self._load = load
        self._lexicon: Lexicon | None = None
        self._model = model

    def __call__(self, text: str) -> Triage | None:
        """How the text was read; None if it could not be."""
        try:
            if self._lexicon is None:
                self._lexicon = self._load()
            read = triage(text, self._lexicon)
        except Exception:  # whatever it is: the report counts, not its proposal
            logger.exception("A message could not be read")
            return None
        return read if self._model is None else _second_opinion(self._model, text, read)


def _second_opinion(model: Model, text: str, read: Triage) -> Triage:
    """The model's triage; an emergency that the lexicon has found stays one, with its signs."""
    try:
        thought = model(text, read)
    except Exception:  # the model is beside the point as well
        logger.exception("The model did not answer")
        return read
    if thought is None:
        return read
    thought = replace(thought, danger=read.danger, named=read.named)
    return replace(thought, urgency=read.urgency) if read.urgency.value == "emergency" else thought
