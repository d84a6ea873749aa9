"""What the triage of a message answers (A7, A8)."""

from msgspec import Struct

SURE = 0.5
"""From how likely on an item is proposed; below, the message stays unsorted."""


class Answer(Struct, frozen=True):
    """One answer of the triage: how likely it is (0 to 1), and the words of the message that led to it."""

    value: str
    confidence: float
    words: tuple[str, ...] = ()


class Triage(Struct, frozen=True):
    """What a message seems to be: a proposal, on which a person decides.

    `second` is the item of another matter in the same message; `named` are the concepts of the lexicon that
    it has, by which regulations divide some items further (matters.py). `danger` are the cues of an
    emergency as the lexicon has them: nothing that the resident wrote, so they may stand in an SMS.
    """

    kind: Answer
    category: Answer
    item: Answer
    urgency: Answer
    severity: Answer
    second: Answer | None = None
    danger: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()

    @property
    def is_sure(self) -> bool:
        """Whether the item is likely enough to be proposed."""
        return self.item.confidence >= SURE
