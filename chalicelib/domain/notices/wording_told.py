"""The texts of a command that its resident reads: the one place where their words are looked at (A14)."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.notices.history_rules import rule_of
from chalicelib.domain.wording import UnwantedWord, check_wording

OF_THE_RESIDENT = frozenset({"points", "spoken_to"})
"""Facts that a resident reads and has said."""


def check_told(events: Iterable[ev.Event], unwanted: Iterable[UnwantedWord]) -> None:
    """InvalidInputError where staff wrote an unwanted word that the resident would read.

    Which texts those are, the readers of the history say (history_readers.py), so a new event is looked at
    without a line here.
    """
    words = tuple(unwanted)
    for event in events:
        if event.actor.role in STAFF_ROLES:
            for text in texts_told(event.payload):
                check_wording(text, words)


def texts_told(payload: ev.Payload) -> Iterator[str]:
    """The texts of an event that staff wrote and its resident reads."""
    if getattr(payload, "spoken_to", None) and not isinstance(payload, ev.AnswerGiven):
        return  # the resident's word, put on record by the desk
    if isinstance(payload, ev.Closed) and not payload.note_told:
        return
    if isinstance(payload, ev.Reopened | ev.FilledIn):
        return  # the resident's own words, or they stay inside
    if isinstance(payload, ev.ReplyDrafted):
        yield payload.text  # its drafter is told, not only who approves it
    for name in rule_of(payload).resident or ():
        text = getattr(payload, name, None)
        if type(text) is str and name not in OF_THE_RESIDENT:
            yield text
