"""A mail as the desk reads it: whose it is, what it answers, and why it may have to wait (A1, G20)."""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.texts import cleaned

LONGEST_TEXT = 20_000
"""So much of a mail's text goes into the register, in characters; the whole is kept beside it (ours)."""

NUMBERS = re.compile(r"(?<![0-9-])20[0-9]{2}(?:0[1-9]|1[0-2])-[0-9]{4,7}(?![0-9])")
"""Numbers of cases, wherever they stand."""


class Held(StrEnum):
    """Why a mail waits for somebody to look at it before it becomes a case."""

    VIRUS = "virus"
    SPAM = "spam"
    FORGED = "forged"
    MACHINE = "machine"
    MANY = "many"
    LARGE = "large"
    UNREADABLE = "unreadable"
    CLOSED = "closed"


class Checks(Struct, frozen=True):
    """What the provider has found out about a mail.

    `genuine`: the domain of its sender speaks for it (DMARC, or SPF of that domain); where that is not so,
    whoever is named as its sender may be anybody.
    """

    virus: bool = False
    spam: bool = False
    forged: bool = False
    genuine: bool = True


class Letter(Struct, frozen=True, kw_only=True):
    """A mail. `id` is a hash of its Message-ID and sender: the same however often it arrives.

    `text` is all of its text, `own` that without what it answers. `sender` is an address that can be
    answered, empty if it has none. `by_machine`: no person wrote it.
    `attachments` are named with type and size, `answers` the numbers of cases in its subject and references.
    """

    id: str
    sender: str = ""
    name: str = ""
    subject: str = ""
    text: str = ""
    own: str = ""
    sent_at: datetime | None = None
    by_machine: bool = False
    answers: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What it says: its own words below its subject; of one without words what comes with it."""
        whole = cleaned("\n".join((self.subject, self.own)))
        return whole or cleaned("\n".join(self.attachments))


def why_held(letter: Letter, checks: Checks) -> Held | None:
    """Why a mail waits for the desk; None if it is taken at once. Nothing of it is thrown away."""
    reasons = (
        (checks.virus, Held.VIRUS),
        (checks.spam, Held.SPAM),
        (checks.forged, Held.FORGED),
        (letter.by_machine, Held.MACHINE),
        (not letter.sender or not letter.said, Held.UNREADABLE),
    )
    return next((why for holds, why in reasons if holds), None)
