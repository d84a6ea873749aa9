"""The messages about a case on the staff's page (G8).

To whom, by which way, and what became of them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.services.records import RETURNED, StoredNotice
from chalicelib.services.views.notice_view import NoticeView
from chalicelib.web.formats import short
from chalicelib.web.history import Entry
from chalicelib.web.words import Words


def messages(views: Iterable[NoticeView], zone: str, words: Words) -> tuple[Entry, ...]:
    """The messages about a case: to whom, and what became of each."""
    return tuple(
        Entry(
            at=short(notice.created_at, zone, words),
            title=words.name("notices", notice.kind),
            by=words.role(notice.recipient) if notice.recipient == RESIDENT_ID else notice.recipient_name,
            details=(("", _how_far(notice, zone, words)),),
            late=notice.status == "failed" or notice.outcome in RETURNED,
        )
        for notice in views
    )


def how_told(
    stored: Iterable[StoredNotice], kind: NoticeKind, since: datetime, never: Collection[str] = ()
) -> str:
    """How far the resident's message of that kind got: `sms_sent`, `mail_pending` …, or `not_sent`.

    That of the way on which it got furthest. No page says of a message that it was sent before it was, or
    that it is on its way where it will `never` leave: those channels are left out while it has not.
    """
    reached = {
        f"{message.notice.channel}_{'sent' if message.status == 'sent' else 'pending'}"
        for message in stored
        if (message.notice.kind, message.notice.recipient) == (kind, RESIDENT_ID)
        and message.notice.created_at >= since
        and (message.has_reached or message.status == "sending" or _may_leave(message, never))
    }
    ways = ("sms_sent", "mail_sent", "sms_pending", "mail_pending")
    return next((way for way in ways if way in reached), "not_sent")


def _may_leave(message: StoredNotice, never: Collection[str]) -> bool:
    return message.status == "pending" and message.notice.channel not in never


def _how_far(notice: NoticeView, zone: str, words: Words) -> str:
    way = words.name("notice_channels", notice.channel)
    state = f"{way} · {words.name('notice_states', notice.outcome or notice.status)}"
    begun, sent = (short(at, zone, words) if at else "" for at in (notice.created_at, notice.sent_at))
    more = (sent if sent != begun else "") if sent else _why_not(notice, words)
    return state + (words("page.colon") + more if more else "")


def _why_not(notice: NoticeView, words: Words) -> str:
    """Why it did not leave; a provider's own code, which only its manual explains, as it is."""
    return words.name("why_not_sent", notice.error) if notice.error else ""
