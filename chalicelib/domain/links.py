"""Links in messages: a short opaque code for one purpose, one case, one person (G8).

A code is stored only as its hash. It expires by its date, and is revoked by the case itself: what a
link may do is worked out from the case as it stands, so nothing has to be withdrawn anywhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import OPEN, Case, State
from chalicelib.domain.errors import GoneError
from chalicelib.domain.people import RESIDENT, Actor, Role


class Purpose(StrEnum):
    TRACK = "track"
    WORK = "work"
    RATE = "rate"


COMMANDS_BY_PURPOSE = {
    Purpose.TRACK: ("agree", "disagree", "urge", "withdraw", "reopen", "object"),
    Purpose.WORK: (
        "sign",
        "decline",
        "start",
        "propose",
        "progress",
        "pause",
        "resume",
        "request_extension",
        "complete",
        "escalate",
    ),
    Purpose.RATE: ("rate",),
}
"""The commands that a link can give; the transition table still decides each."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a code stands for. `subject` is `resident` or a username; `since_version` the event that made it."""

    purpose: Purpose
    community: str
    number: str
    round: int
    subject: str
    since_version: int
    expires_at: datetime

    def actor(self) -> Actor:
        """Whoever holds the link acts as this."""
        return RESIDENT if self.purpose is not Purpose.WORK else Actor(Role.HANDLER, self.subject)


def check_link(link: Link, case: Case, now: datetime) -> None:
    """GoneError, with the reason, if the link is good no more."""
    if now >= link.expires_at:
        raise GoneError("This link has expired; ask the desk for the state of your case.")
    if link.purpose is Purpose.WORK:
        if case.round != link.round or case.handler != link.subject or case.state not in OPEN:
            raise GoneError(f"Case {case.number} is no longer yours to work on; this link has ended.")
    elif link.purpose is Purpose.RATE:
        if any(one.round == link.round for one in case.ratings):
            raise GoneError(f"Case {case.number} was rated already. Thank you; once is enough.")
        if case.round != link.round or case.state is not State.COMPLETED:
            raise GoneError(f"Case {case.number} is not waiting for a rating any more; this link has ended.")


LIFETIME = {Purpose.TRACK: timedelta(days=365), Purpose.WORK: timedelta(days=90)}
"""How long a link lives at most; a survey's life is the regulation's."""


def link_for(case: Case, purpose: Purpose, survey_days: int) -> Link:
    """The link of that purpose that belongs to the case as it stands (the present handler's, this round's survey)."""
    if purpose is Purpose.WORK:
        assert case.handler is not None, "only an assigned case has a work link"
        subject, version, begins = case.handler, case.assigned_version, case.round_started_at
    elif purpose is Purpose.RATE:
        assert case.completed_at is not None, "only a completed case has a survey"
        subject, version, begins = "resident", case.completed_version, case.completed_at
    else:
        subject, version, begins = "resident", 1, case.registered_at
    life = LIFETIME.get(purpose, timedelta(days=survey_days))
    return Link(purpose, case.community, case.number, case.round, subject, version, begins + life)


def links_due(before: Case | None, after: Case, survey_days: int) -> tuple[Link, ...]:
    """The links that come into being with a command: tracking at once, work when assigned, survey when completed."""
    found = []
    if before is None:
        found.append(link_for(after, Purpose.TRACK, survey_days))
    if after.assigned_version > (before.assigned_version if before else 0):
        found.append(link_for(after, Purpose.WORK, survey_days))
    if after.completed_version > (before.completed_version if before else 0):
        found.append(link_for(after, Purpose.RATE, survey_days))
    return tuple(found)
