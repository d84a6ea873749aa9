"""The malicious track of a case: proposed by whom, standing until when, appealed against or not (G14)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal
from chalicelib.domain.community.roles import Role


class Track(Struct, frozen=True):
    """The malicious track of whoever reported the case; it outlasts the rounds.

    `because` is the manager's reason, which the resident reads; `appeal` the resident's. `due_at` is by when
    the decision that is waited for is made, and `chased` how often somebody was reminded of it.
    """

    proposed_by: str
    reason: Personal[str]
    evidence: Personal[str]
    until: datetime
    due_at: datetime
    decided_at: datetime | None = None
    confirmed: bool = False
    because: Personal[str | None] = None
    appeal: Personal[str | None] = None
    appealed_at: datetime | None = None
    appeal_decided_at: datetime | None = None
    lifted: bool = False
    chased: int = 0

    def stands(self, at: datetime) -> bool:
        """Whether the resident is on the track at an instant: it ends by itself, at its end date."""
        return self.confirmed and not self.lifted and at < self.until

    @property
    def waits_for(self) -> Role | None:
        """The rank whose decision is waited for; None if none is."""
        if self.decided_at is None:
            return Role.MANAGER
        return Role.COMPANY_HEAD if self.appealed_at and self.appeal_decided_at is None else None


def after(track: Track | None, event: ev.Event) -> Track | None:
    """The malicious track after one more event."""
    if isinstance(event.payload, ev.MaliciousProposed):
        given = event.payload
        return Track(event.actor.id, given.reason, given.evidence, given.until, given.due_at)
    if track is None:
        return None
    match event.payload:
        case ev.MaliciousConfirmed(reason=because, until=until):
            return replace(track, decided_at=event.at, confirmed=True, because=because, until=until, chased=0)
        case ev.MaliciousDismissed(reason=because):
            return replace(track, decided_at=event.at, because=because, chased=0)
        case ev.Appealed(reason=appeal, due_at=due_at):
            return replace(track, appeal=appeal, appealed_at=event.at, due_at=due_at, chased=0)
        case ev.AppealDecided(lifted=lifted):
            return replace(track, appeal_decided_at=event.at, lifted=lifted)
        case ev.DecisionChased():
            return replace(track, chased=track.chased + 1)
        case _:
            return track
