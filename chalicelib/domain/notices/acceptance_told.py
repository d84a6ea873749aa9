"""Who is asked for a missing acceptance, or hears of its date (B9, B13)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import NEXT_RAIN
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.notices.details import COMMON, MISSED, RAIN
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind

OF_THE_ACCEPTANCE = frozenset({NoticeKind.ACCEPT, NoticeKind.UNACCEPTED})


def of_acceptance(case: Case, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about the acceptance.

    Of a common part, whoever reported it has nothing to sign, and is asked for nothing.
    """
    is_common = case.work.acceptance.common
    match event.payload:
        case ev.AcceptanceChased(person=str() as leader):
            yield NoticeKind.UNACCEPTED, leader, COMMON if is_common else None
        case ev.AcceptanceChased(told="resident"):
            yield NoticeKind.ACCEPT, RESIDENT_ID, None
        case ev.NobodyHome():
            yield NoticeKind.ACCEPT, RESIDENT_ID, MISSED
        case ev.AcceptanceDaySet() if not is_common:
            yield NoticeKind.ACCEPT, RESIDENT_ID, RAIN


def why_not_asked(case: Case) -> str | None:
    """Nobody is asked for what is accepted, refused, or over; the rain may come after the closing."""
    acceptance = case.work.acceptance
    is_followed = case.state is State.COMPLETED or (case.state is State.CLOSED and acceptance.by == NEXT_RAIN)
    return None if is_followed and acceptance.waits else "answered"
