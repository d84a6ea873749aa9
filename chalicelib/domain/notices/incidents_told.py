"""What residents are told of the incident that they reported: news, and what became of it (A16)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.notices.details import JOINED, NEWS
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind


def of_incidents(event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of one event.

    Whoever is asked how the work was hears of the result by that.
    """
    match event.payload:
        case ev.Merged(incident=incident) if event.command != "register":  # else the receipt says it
            yield NoticeKind.MERGED, RESIDENT_ID, JOINED if incident else None
        case ev.IncidentOpened() | ev.IncidentTold():
            yield NoticeKind.INCIDENT, RESIDENT_ID, NEWS
        case ev.ResultShared(outcome=outcome, twice=False):
            yield NoticeKind.INCIDENT, RESIDENT_ID, outcome
        case ev.Completed(surveyed=False, twice=False):
            yield NoticeKind.INCIDENT, RESIDENT_ID, "completed"
        case _:
            return
