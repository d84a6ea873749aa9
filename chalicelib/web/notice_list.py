"""The messages about a case as the desk sees them: to whom, by which way, and what became of them (G8)."""

from collections.abc import Iterable

from chalicelib.domain.notices.kinds import RESIDENT_ID
from chalicelib.services.views.notice_view import NoticeView
from chalicelib.web.formats import short
from chalicelib.web.history import Entry
from chalicelib.web.words import Words


def messages(views: Iterable[NoticeView], zone: str, words: Words) -> tuple[Entry, ...]:
    """What was sent about a case, to whom, and what became of it."""
    return tuple(
        Entry(
            at=short(one.created_at, zone, words),
            title=words.name("notices", one.kind),
            by=words.role(one.recipient) if one.recipient == RESIDENT_ID else one.recipient_name,
            details=((words.name("notice_channels", one.channel), _how_far(one, zone, words)),),
            late=one.status == "failed",
        )
        for one in views
    )


def _how_far(one: NoticeView, zone: str, words: Words) -> str:
    state = words.name("notice_states", one.status)
    more = short(one.sent_at, zone, words) if one.sent_at else _why_not(one, words)
    return state + (words("page.colon") + more if more else "")


def _why_not(one: NoticeView, words: Words) -> str:
    """Why it did not leave; a provider's own code, which only its manual explains, as it is."""
    return words.name("why_not_sent", one.error) if one.error else ""
