"""The resident hears what the desk put on record as the resident's word (A8).

So whoever did not say it can object: by the link, or by calling the desk.
"""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.notices.kinds import BY_WORD, RESIDENT_ID, NoticeKind

IN_THEIR_NAME = ev.Agreed | ev.Disagreed | ev.PriceAsked | ev.Objected | ev.Withdrawn | ev.Urged | ev.Appealed
"""What a resident does, or the desk by the resident's word, and no other message tells."""


def by_word(payload: ev.Reopened | ev.AppointmentAgreed) -> str | None:
    """The detail of the event's own message: it says that the desk did it by the resident's word."""
    return BY_WORD if payload.spoken_to else None


def told_in_their_name(event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of what the desk did in the resident's name; the detail is the event."""
    if isinstance(event.payload, IN_THEIR_NAME) and event.payload.spoken_to:
        yield NoticeKind.IN_YOUR_NAME, RESIDENT_ID, event.type
