"""The events of the malicious track: proposed, decided, appealed against (A15, G14)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal, Who


class MaliciousProposed(Struct, frozen=True):
    """A supervisor proposed the malicious track for whoever reported the case, until an instant (A15).

    `evidence` says what proves the reason. The manager decides by `due_at`.
    """

    reason: Personal[str]
    evidence: Personal[str]
    until: datetime
    due_at: datetime


class MaliciousConfirmed(Struct, frozen=True):
    """The manager decided that the track stands until an instant (G14); the resident reads why."""

    reason: Personal[str]
    until: datetime


class MaliciousDismissed(Struct, frozen=True):
    """The manager decided that there is no malicious track (G14)."""

    reason: Personal[str]


class Appealed(Struct, frozen=True):
    """The resident appealed against the malicious track (G14); the company head decides by `due_at`.

    Where the desk recorded it, `spoken_to` is who said so, `spoken_at` when, and `manner` how.
    """

    reason: Personal[str]
    due_at: datetime
    spoken_to: Who[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class AppealDecided(Struct, frozen=True):
    """The company head decided on the appeal (G14): the track was `lifted`, or stays."""

    lifted: bool
    reason: Personal[str]


class DecisionChased(Struct, frozen=True):
    """A decision about the malicious track is late; `person` was reminded, for the `nth` time."""

    rank: str
    person: str | None
    nth: int


MaliciousEvent = (
    MaliciousProposed | MaliciousConfirmed | MaliciousDismissed | Appealed | AppealDecided | DecisionChased
)
"""Every event of the malicious track; a new payload belongs here."""
