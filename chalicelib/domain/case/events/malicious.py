"""The events of the malicious track: proposed, decided, appealed against (A15, G14)."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.case.personal import PERSONAL, WHO


@dataclass(frozen=True, slots=True)
class MaliciousProposed:
    """A supervisor proposed the malicious track for whoever reported the case, until an instant (A15).

    `evidence` says what proves the reason. The manager decides by `due_at`.
    """

    reason: str = field(metadata=PERSONAL)
    evidence: str = field(metadata=PERSONAL)
    until: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MaliciousConfirmed:
    """The manager decided that the track stands until an instant (G14); the resident reads why."""

    reason: str = field(metadata=PERSONAL)
    until: datetime


@dataclass(frozen=True, slots=True)
class MaliciousDismissed:
    """The manager decided that there is no malicious track (G14)."""

    reason: str = field(metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class Appealed:
    """The resident appealed against the malicious track (G14); the company head decides by `due_at`.

    Where the desk recorded it, `spoken_to` is who said so, `spoken_at` when, and `manner` how.
    """

    reason: str = field(metadata=PERSONAL)
    due_at: datetime
    spoken_to: str | None = field(default=None, metadata=WHO)
    spoken_at: datetime | None = None
    manner: str | None = None


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """The company head decided on the appeal (G14): the track was `lifted`, or stays."""

    lifted: bool
    reason: str = field(metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class DecisionChased:
    """A decision about the malicious track is late; `person` was reminded, for the `nth` time."""

    rank: str
    person: str | None
    nth: int


MaliciousEvent = (
    MaliciousProposed | MaliciousConfirmed | MaliciousDismissed | Appealed | AppealDecided | DecisionChased
)
"""Every event of the malicious track; a new payload belongs here."""
