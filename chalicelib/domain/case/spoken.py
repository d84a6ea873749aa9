"""The resident's word, as a person of the desk records it: who said so, when and how (A8, B10, B11, G11).

Whoever acts in a resident's name fills in one of these forms, and the resident is told of it
(notices/in_their_name.py).
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import DomainError, InvalidInputError, NotAllowedError

MANNERS = ("phone", "in_person", "in_writing")
"""The ways in which people speak with a resident."""

DELIVERED = ("posted", "in_person")
"""How the desk delivers what it has written on paper (A12)."""

A_MINUTE = timedelta(minutes=1)
"""People write times to the minute."""


class WordForm(Struct, frozen=True):
    """The form of what a resident wanted by word.

    `spoken_to` is who said so in the resident's name, `spoken_at` when, and `manner` how (`MANNERS`).
    """

    spoken_at: datetime
    spoken_to: ShortText
    manner: ShortText
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)
        check_manner(self.manner)


class ReasonedWordForm(Struct, frozen=True):
    """The form of what a resident wanted by word, and why; the fields are those of `WordForm`."""

    spoken_at: datetime
    spoken_to: ShortText
    manner: ShortText
    reason: LongText

    def __post_init__(self) -> None:
        check(self)
        check_manner(self.manner)


def check_manner(manner: str) -> None:
    """Raise InvalidInputError unless people speak with residents in this way."""
    if manner not in MANNERS:
        raise InvalidInputError(f"'manner' is one of: {', '.join(MANNERS)}.")


def check_spoken_at(spoken_at: datetime, earliest: datetime, at: datetime) -> None:
    """Raise InvalidInputError unless the resident was spoken to between `earliest` and now."""
    if spoken_at >= at + A_MINUTE:
        raise InvalidInputError(
            "'spoken_at' lies in the future; give the time at which the resident said so.",
            "spoken_in_future",
        )
    if spoken_at <= earliest - A_MINUTE:
        raise InvalidInputError(
            "'spoken_at' lies before there was anything to say so about; give the time of the answer to it.",
            "spoken_before",
            earliest=earliest,
        )


def why_own_work(case: Case, actor: Actor) -> DomainError | None:
    """Whoever has the work does not record alone what the resident agreed to (A8, G7, G11)."""
    if actor.id != case.assignment.handler:
        return None
    return NotAllowedError(
        "Whoever has the work cannot record the resident's word; the resident answers by their link, or a "
        "colleague of the desk records it.",
        "own_word_for_resident",
    )
