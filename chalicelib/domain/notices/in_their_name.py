"""The resident hears what the desk put on record as the resident's word (A8).

So whoever did not say it can object: by the link, or by calling the desk.
"""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import BY_LINK, ON_PAPER
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.notices.details import AGREED_SIGNED, BY_WORD, WORK_ON_PAPER
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind

IN_THEIR_NAME = ev.Agreed | ev.Disagreed | ev.PriceAsked | ev.Objected | ev.Withdrawn | ev.Urged | ev.Appealed
"""What a resident does, or the desk by the resident's word, and no other message tells."""


def by_word(payload: ev.Reopened | ev.AppointmentAgreed) -> str | None:
    """The detail of the event's own message: it says that the desk did it by the resident's word."""
    return BY_WORD if payload.spoken_to else None


def ends_as_said(event: ev.Event) -> bool:
    """Whether a case ends with what a resident is said to have answered: one message tells both."""
    match event.payload:
        case ev.Closed(reason=ev.CloseReason.SATISFIED | ev.CloseReason.NEUTRAL):
            return event.command == "record_revisit"
    return False


def told_in_their_name(outcome: Outcome, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of what the desk did in the resident's name; the detail is the event.

    An answer that somebody of staff has put down counts as the resident's: the detail is what it was, and
    whether the case has ended with it (`said_satisfied_closed`). What the resident signed, on paper or on a
    colleague's telephone, nobody did for them: it is told as their signature.
    """
    match event.payload:
        case ev.RevisitRecorded(outcome=verdict) | ev.AskedAgain(outcome=verdict) if verdict in ev.ANSWERED:
            ended = "_closed" if any(ends_as_said(later) for later in outcome.events) else ""
            yield NoticeKind.IN_YOUR_NAME, RESIDENT_ID, f"said_{verdict}{ended}"
        case ev.WorkAccepted(how=how) if how != BY_LINK:
            yield NoticeKind.IN_YOUR_NAME, RESIDENT_ID, WORK_ON_PAPER if how == ON_PAPER else event.type
        case ev.Agreed() if event.command == "sign_agreement":
            yield NoticeKind.IN_YOUR_NAME, RESIDENT_ID, AGREED_SIGNED
        case payload if isinstance(payload, IN_THEIR_NAME) and payload.spoken_to:
            yield NoticeKind.IN_YOUR_NAME, RESIDENT_ID, event.type
