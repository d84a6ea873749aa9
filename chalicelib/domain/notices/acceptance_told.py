"""Who is asked for a missing signature, or hears of its date (B9, B13)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.notices.details import MISSED, RAIN
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind

OF_THE_ACCEPTANCE = frozenset({NoticeKind.ACCEPT, NoticeKind.UNACCEPTED})


def of_acceptance(event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about the acceptance."""
    match event.payload:
        case ev.AcceptanceChased(person=str() as leader):
            yield NoticeKind.UNACCEPTED, leader, None
        case ev.AcceptanceChased(told="resident"):
            yield NoticeKind.ACCEPT, RESIDENT_ID, None
        case ev.NobodyHome():
            yield NoticeKind.ACCEPT, RESIDENT_ID, MISSED
        case ev.AcceptanceDaySet():
            yield NoticeKind.ACCEPT, RESIDENT_ID, RAIN


def why_not_asked(case: Case) -> str | None:
    """Nobody is asked for what is signed, refused, or over."""
    return None if case.state is State.COMPLETED and case.work.acceptance.waits else "answered"
