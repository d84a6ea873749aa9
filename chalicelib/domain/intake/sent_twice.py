"""When two reports may be one that was sent twice (A4, A16)."""

import unicodedata
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.community.roles import STAFF_ROLES, Actor, Role
from chalicelib.domain.intake.new_case import NewCase

ALIKE_FOR = timedelta(minutes=10)
"""How long after a report the same words from the same place or person are asked about (ours)."""

UNIT, PHONE, EMAIL = "unit", "phone", "email"


def signs_of(new: NewCase) -> Iterator[tuple[str, str, str]]:
    """What another report must share with this one to be like it.

    Each sign is (of what, whose, the words): the same words, and the same unit, phone number or mail address.
    """
    if new.text is None:
        return
    words = said(new.text)
    for of_what in (UNIT, PHONE, EMAIL):
        whose = getattr(new, of_what)
        if whose is not None:
            yield of_what, whose.casefold(), words


def said(text: str) -> str:
    """The characters of a text that count, however it is spaced and punctuated."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded)) or folded


def is_asked(of_what: str, new: NewCase, actor: Actor) -> bool:
    """Whether the sender is asked about an earlier report that shares that sign.

    A resident is asked about the own reports only, which have the same number or address: nobody learns
    whether a neighbour has reported something. A machine cannot be asked, and has a key for each message.
    Who has said that it is another is not asked again.
    """
    if new.another:
        return False
    return actor.role in STAFF_ROLES or (actor.role is Role.RESIDENT and of_what != UNIT)
