"""The messages about a case, for staff only (design 6, E8)."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeChannel, NoticeKind
from chalicelib.services.records import NOT_REACHABLE, StoredNotice


class NoticeView(Struct, frozen=True):
    """One message: to whom, never to which number or address.

    `recipient` is `resident` or a username. `status` is pending, sending, sent, failed or skipped; `error` is
    the provider's code for the last failure, or why the message was skipped. `outcome` is what became of a
    mail that was sent: delivered, put_back, bounced or complained; null as long as nobody has told.
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
    outcome: str | None = None


def is_mail_returned(notices: Iterable[NoticeView]) -> bool:
    """Whether the resident's mail address takes nothing more, by how mails to it fared."""
    return any(notice.recipient == RESIDENT_ID and notice.outcome in NOT_REACHABLE for notice in notices)


def notice_views(notices: Iterable[StoredNotice], context: Context) -> tuple[NoticeView, ...]:
    """The messages about a case, oldest first."""
    return tuple(
        NoticeView(
            kind=stored.notice.kind,
            channel=stored.notice.channel,
            recipient=stored.notice.recipient,
            recipient_name=name_of(stored.notice.recipient, context),
            created_at=stored.notice.created_at,
            status=stored.status,
            attempts=stored.attempts,
            error=stored.error,
            sent_at=stored.sent_at,
            outcome=stored.outcome,
        )
        for stored in sorted(notices, key=lambda stored: (stored.notice.created_at, stored.notice.key))
    )
