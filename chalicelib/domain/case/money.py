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

OWNER = "owner"
"""Whose home it is; the resident is asked in their place."""

FUND = "maintenance_fund"
"""What all owners have put aside for the common parts."""

FREE = frozenset({DEVELOPER, COMPANY, FUND})
"""The parties that pay in a resident's place."""


def payer_after(payer: ev.PayerFound | None, event: ev.Event) -> ev.PayerFound | None:
    """Who pays, after one more event; what was found of one matter says nothing of another."""
    match event.payload:
        case ev.PayerFound() as found:
            return found
        case ev.Reopened(cause=cause) if _owner_was_stated(payer) and cause not in ev.NO_RETURN:
            return None  # it was said of what is done: whether that has come back is found anew
        case ev.Classified(classification=about) if payer is not None and payer.because != "stated":
            return payer if about.kind in OF_THE_WORK and about.matter == payer.matter else None
        case _:
            return payer


def _owner_was_stated(payer: ev.PayerFound | None) -> bool:
    return payer is not None and (payer.because, payer.payer) == ("stated", OWNER)


def loss_after(loss: ev.LossRecorded | None, event: ev.Event) -> ev.LossRecorded | None:
    """The loss after one more event: what was recorded last."""
    return event.payload if isinstance(event.payload, ev.LossRecorded) else loss


def costs_nothing(payer: ev.PayerFound | None) -> bool:
    """Whether the resident pays nothing: a warranty, or the fund, does (B13, G12)."""
    return payer is not None and payer.payer in FREE


def has_come_back(payer: ev.PayerFound | None, number: str) -> bool:
    """Whether an earlier repair has come back within its warranty (B13).

    Not a case of that `number` itself, which goes on again: that counts as reopened. Also where a person has
    said since that the company pays for that: it stays the return of that repair.
    """
    if payer is None or payer.of == number:
        return False
    return payer.because in RETURNED or (payer.payer == COMPANY and payer.of is not None)
