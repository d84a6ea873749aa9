"""A case does not close before the reply to its letter has left (A12, S0)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.errors import CommandRefusedError, DomainError

SETTLES = ev.ReplyPosted | ev.ReplyWaived | ev.ResidentTold
"""What can settle the reply; its decider lets the closing go on that was held back."""


def why_reply_owed(case: Case) -> DomainError | None:
    """The refusal to close a case whose letter nobody has answered in writing."""
    if not case.owes_reply:
        return None
    return CommandRefusedError(
        f"Case {case.number} came in writing, and no reply has left; send one, or say with 'waive_reply' why "
        "there is none.",
        "reply_owed",
        number=case.number,
    )


def held_back(case: Case, payloads: ev.Payloads) -> ev.Payloads:
    """The payloads of a command, its closing held back while a reply is owed."""
    if not case.owes_reply or any(isinstance(payload, SETTLES) for payload in payloads):
        return payloads
    return tuple(_held(payload) if isinstance(payload, ev.Closed) else payload for payload in payloads)


def _held(closed: ev.Closed) -> ev.ClosingHeld:
    return ev.ClosingHeld(closed.reason, closed.note, closed.report_owed, closed.worker)


def let_close(case: Case) -> ev.Payloads:
    """The closing that has waited for the reply, once that is settled; none if none has."""
    held = case.reply_duty.held
    if held is None:
        return ()
    return (ev.Closed(held.reason, held.note, report_owed=held.report_owed, worker=held.worker),)
