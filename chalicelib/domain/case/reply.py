"""The reply to a letter: a draft until the supervisor approves it, and sent once it has left (A12, S0)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import DataKind, Personal

REPLY = ev.event_type(ev.ReplyApproved)
"""What a message to the resident tells that has the reply: the stored type of its event."""


class Stand(StrEnum):
    """How far a reply has come."""

    DRAFTED = "drafted"
    RETURNED = "returned"
    APPROVED = "approved"
    TO_POST = "to_post"
    SENT = "sent"


UNDER_WAY = frozenset({Stand.APPROVED, Stand.TO_POST})
"""Approved, and not gone yet: nobody changes it any more."""


class Reply(Struct, frozen=True):
    """The newest reply of a case.

    `version` is that of its draft; once approved, of its approval. `since` is when it came to stand so;
    `returned_because` what the drafter is to change. `asked` are to post it; `by` is how it has left: a
    channel, or how the desk has delivered it.
    """

    text: Personal[str]
    stand: Stand
    drafted_by: str
    version: int
    since: datetime
    returned_because: str = ""
    asked: tuple[str, ...] = ()
    by: str = ""


class ReplyDuty(Struct, frozen=True):
    """Whether somebody waits for an answer in writing, and what became of it (A12).

    It belongs to the case and not to a round. `settled_at` is when a reply had left, or somebody said why
    there is none; a mail that came back unsettles it. `sent` is the last that has left. `held` is what would
    have closed the case meanwhile.
    """

    wanted: bool = False
    reply: Reply | None = None
    settled_at: datetime | None = None
    sent: Reply | None = None
    held: ev.ClosingHeld | None = None

    @property
    def readable(self) -> Reply | None:
        """The newest reply that its reader may see: approved, whatever was drafted since."""
        return self.stands(Stand.APPROVED, Stand.TO_POST, Stand.SENT) or self.sent

    @property
    def owed(self) -> bool:
        """Whether an answer in writing is still waited for."""
        return self.wanted and self.settled_at is None

    def stands(self, *at: Stand) -> Reply | None:
        """The reply, if it has come so far and no further."""
        return self.reply if self.reply is not None and self.reply.stand in at else None


def after(duty: ReplyDuty, event: ev.Event) -> ReplyDuty:
    """The duty to reply after one more event."""
    reply = duty.reply
    match event.payload:
        case ev.ReplyDrafted(text=text):
            drafted = Reply(text, Stand.DRAFTED, event.actor.id, event.version, event.at)
            return replace(duty, reply=drafted)
        case ev.ReplyApproved(text=text, drafted_by=drafter):
            return replace(duty, reply=Reply(text, Stand.APPROVED, drafter, event.version, event.at))
        case ev.ReplyReturned(reason=reason) if reply:
            returned = replace(reply, stand=Stand.RETURNED, since=event.at, returned_because=reason)
            return replace(duty, reply=returned)
        case ev.ResidentTold(told=told, channel=by, heard_at=at) if reply and reply.version == told:
            return _sent(duty, reply, by, at)
        case ev.ReplyPosted(manner=by, heard_at=at) if reply:
            return _sent(duty, reply, by, at)
        case ev.ResidentNotTold(told=told, asked=asked) if reply and reply.version == told:
            to_post = replace(reply, stand=Stand.TO_POST, since=event.at, asked=asked)
            return replace(duty, reply=to_post, settled_at=None)
        case ev.ReplyWaived():
            return replace(duty, reply=_unless_written(reply), settled_at=event.at)
        case ev.Withdrawn():
            is_draft = duty.stands(Stand.DRAFTED, Stand.RETURNED)
            return replace(duty, reply=None if is_draft else reply, held=None)
        case ev.ClosingHeld() as held:
            return replace(duty, held=held)
        case ev.Closed() | ev.Reopened():
            return replace(duty, held=None)
        case ev.Erased(kinds=kinds) if DataKind.WORDS in kinds:
            return replace(duty, reply=_unless_written(reply), settled_at=duty.settled_at or event.at)
        case _:
            return duty


def _sent(duty: ReplyDuty, reply: Reply, by: str, at: datetime) -> ReplyDuty:
    sent = replace(reply, stand=Stand.SENT, since=at, by=by)
    return replace(duty, reply=sent, sent=sent, settled_at=at)


def _unless_written(reply: Reply | None) -> Reply | None:
    """The reply if it has left; what was only written is dropped."""
    return reply if reply is not None and reply.stand is Stand.SENT else None
