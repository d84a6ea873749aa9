"""How a case came to its end: closed, found untrue, referred, withdrawn or merged."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal
from chalicelib.domain.community.roles import Role


class Ending(Struct, frozen=True):
    """How the case came to its end.

    `revisit_left_out`: it was closed without a revisit that was owed. `findings` say why it was found untrue
    (B1); they stay on record when the case is taken up again. `objection` is what the resident said against
    them. `shared` is what was told last to the resident of a merged case, of the one that goes on (A16);
    `freed_from` what a case was merged into that goes on by itself again.
    `referred_to` is who has to solve it instead, and `explanation` what the resident was told of that.
    `by_incident`: it was not merged, but joined to the incident that the other case leads; `news` is the last
    broadcast of it that its resident was told of, `left` the incident that it was joined to by mistake (A16).
    `withdrawn_in_their_name`: it was staff who withdrew it, so the resident can say that it was not so (A8).
    """

    closed_at: datetime | None = None
    close_reason: ev.CloseReason | None = None
    revisit_left_out: bool = False
    findings: str | None = None
    objection: Personal[str | None] = None
    merged_into: str | None = None
    freed_from: str | None = None
    shared: ev.ResultShared | None = None
    referred_to: str | None = None
    explanation: str | None = None
    withdrawn_in_their_name: bool = False
    by_incident: bool = False
    news: int = 0
    left: str | None = None


def after(ending: Ending, event: ev.Event) -> Ending:
    """The ending after one more event."""
    match event.payload:
        case ev.Closed(reason=reason, revisit_left_out=left_out):
            return replace(ending, closed_at=event.at, close_reason=reason, revisit_left_out=left_out)
        case ev.Rejected(findings=findings):
            return replace(ending, findings=findings)
        case ev.Objected(reason=objection):
            return replace(ending, objection=objection)
        case ev.Referred(to=to, explanation=explanation):
            return replace(ending, closed_at=event.at, referred_to=to, explanation=explanation)
        case ev.Withdrawn():
            by_staff = event.actor.role is not Role.RESIDENT
            return replace(ending, closed_at=event.at, withdrawn_in_their_name=by_staff)
        case ev.Merged(into=into, incident=incident):
            return replace(ending, closed_at=event.at, merged_into=into, by_incident=incident)
        case ev.ResultShared(news=news) if news:
            return replace(ending, news=news)
        case ev.ResultShared() as shared:
            return replace(ending, shared=shared)
        case ev.Completed(incident=incident) if incident:
            return replace(ending, closed_at=None)
        case ev.Reopened(cause=cause):
            left = ending.merged_into if cause == ev.LEFT else ending.left
            return Ending(findings=ending.findings, freed_from=ending.merged_into, left=left)
        case _:
            return ending
