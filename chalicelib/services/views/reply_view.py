"""The view of the reply to a letter: whole for staff, and once it is approved for its resident (A12)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.reply import Stand


class ReplyView(Struct, frozen=True):
    """The newest reply of a case; `since` is when it came to stand so, `by` how it has left."""

    text: str
    stand: Stand
    drafted_by: str
    since: datetime
    returned_because: str
    by: str


class ReplyRead(Struct, frozen=True):
    """A reply as its resident reads it: never a draft. `sent_at` is empty until it has left."""

    text: str
    sent_at: datetime | None


def reply_view(case: Case) -> ReplyView | None:
    """The newest reply as staff see it; None if nobody has drafted one."""
    reply = case.reply_duty.reply
    if reply is None:
        return None
    return ReplyView(reply.text, reply.stand, reply.drafted_by, reply.since, reply.returned_because, reply.by)


def reply_read(case: Case) -> ReplyRead | None:
    """The newest reply that was approved; None if none was."""
    reply = case.reply_duty.readable
    if reply is None:
        return None
    return ReplyRead(reply.text, reply.since if reply.stand is Stand.SENT else None)
