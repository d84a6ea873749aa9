"""Who pays for a repair, and what was lost: of the case, whatever its round (B13, B16, G12)."""

from chalicelib.domain.case import events as ev

OF_THE_WORK = frozenset({"repair", "help"})
"""The kinds of cases for which somebody comes and does something; nothing else costs anything."""

RETURNED = frozenset({"repair", "not_accepted"})
"""Why a repair costs nothing: it came back."""

COMPANY = "property_company"
"""Ourselves."""

DEVELOPER = "developer"
"""Whoever has built it."""

FREE = frozenset({DEVELOPER, COMPANY})
"""The parties that pay in a resident's place."""


def payer_after(payer: ev.PayerFound | None, event: ev.Event) -> ev.PayerFound | None:
    """Who pays, after one more event; what was found of one matter says nothing of another."""
    match event.payload:
        case ev.PayerFound() as found:
            return found
        case ev.Classified(classification=about) if payer is not None and payer.because != "stated":
            return payer if about.kind in OF_THE_WORK and about.matter == payer.matter else None
        case _:
            return payer


def loss_after(loss: ev.LossRecorded | None, event: ev.Event) -> ev.LossRecorded | None:
    """The loss after one more event: what was recorded last."""
    return event.payload if isinstance(event.payload, ev.LossRecorded) else loss


def costs_nothing(payer: ev.PayerFound | None) -> bool:
    """Whether the resident pays nothing: it is under a warranty, or somebody else pays (B13, G12)."""
    return payer is not None and payer.payer in FREE


def has_come_back(payer: ev.PayerFound | None) -> bool:
    """Whether an earlier repair has come back within its warranty (B13).

    Also where a person has said since that the company pays for that: it stays the return of that repair.
    """
    if payer is None:
        return False
    return payer.because in RETURNED or (payer.payer == COMPANY and payer.of is not None)
