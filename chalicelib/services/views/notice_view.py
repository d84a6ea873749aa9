"""What was sent about a case, and how far each message got: for staff only (design 6, E8)."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.services.records import StoredNotice


class NoticeView(Struct, frozen=True):
    """One message: to whom, never to which number or address.

    `recipient` is `resident` or a username. `status` is pending, sending, sent, failed or skipped; `error` is
    the provider's code for the last failure, or why the message was skipped.
    """

    kind: NoticeKind
    channel: NoticeChannel
    recipient: str
    recipient_name: str
    created_at: datetime
    status: str
    attempts: int
    error: str | None
    sent_at: datetime | None


def notice_views(stored: Iterable[StoredNotice], context: Context) -> tuple[NoticeView, ...]:
    """The messages about a case, oldest first."""
    return tuple(
        NoticeView(
            kind=one.notice.kind,
            channel=one.notice.channel,
            recipient=one.notice.recipient,
            recipient_name=name_of(one.notice.recipient, context),
            created_at=one.notice.created_at,
            status=one.status,
            attempts=one.attempts,
            error=one.error,
            sent_at=one.sent_at,
        )
        for one in sorted(stored, key=lambda one: (one.notice.created_at, one.notice.key))
    )
