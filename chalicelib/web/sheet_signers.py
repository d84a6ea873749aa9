"""The signers at the foot of a sheet; some have signed in the system already (B9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import SEEN
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.work.acceptance import proof_wanted
from chalicelib.domain.work.common_parts import is_common
from chalicelib.web.formats import short
from chalicelib.web.words import Words

SIGNED_BY = {
    "contact": ("department", "desk"),
    "order": ("worker", "resident", "cashier", "statistician", "department"),
    "original": ("desk", "resident"),
    "file": ("filed_by",),
}
"""Each sheet → who signs at its foot."""


class Signer(Struct, frozen=True):
    """A line to sign on: of whom. `name` and `at` are empty where it is to be signed by hand."""

    who: str
    name: str = ""
    at: str = ""


def signers_of(
    name: str, case: Case, events: Iterable[ev.Event], context: Context, words: Words
) -> tuple[Signer, ...]:
    """The lines to sign on at the foot of a sheet, the oldest duty first.

    Of an order at a common part nobody who lives there signs for the work: a colleague accepts it (B13).
    """
    known, signers = _signed_already(case, events, context), SIGNED_BY[name]
    if name == "order" and is_common(case) and proof_wanted(case, context):
        signers = tuple("acceptor" if who == "resident" else who for who in signers)
    return tuple(_line(who, known.get(who), case.zone, words) for who in signers)


def _line(who: str, signed: tuple[str, datetime] | None, zone: str, words: Words) -> Signer:
    label = words(f"paper.by_{who}")
    if signed is None:
        return Signer(label)
    return Signer(label, words("paper.signed_here", name=signed[0]), short(signed[1], zone, words))


def _signed_already(
    case: Case, events: Iterable[ev.Event], context: Context
) -> Mapping[str, tuple[str, datetime]]:
    """Who → (name, when) of this round: handed in, signed off, accepted, paid for, accounted, filed."""
    known: dict[str, tuple[str, datetime]] = {}
    for event in events:
        if isinstance(event.payload, ev.Reopened):
            known.clear()
        if isinstance(event.payload, ev.Archived):
            known["filed_by"] = name_of(event.actor.id, context), event.at
        if isinstance(event.payload, ev.Completed):
            done_by, done_at = event.payload.done_by, event.payload.done_at
            known["worker"] = name_of(done_by or event.actor.id, context), done_at or event.at
    acceptance, bill, sign_off = case.work.acceptance, case.order.bill, case.work.sign_off
    if sign_off.signed_by and sign_off.signed_at:
        known["department"] = name_of(sign_off.signed_by, context), sign_off.signed_at
    if acceptance.signed_at and acceptance.how == SEEN:
        known["acceptor"] = name_of(acceptance.taken_by, context), acceptance.signed_at
    if acceptance.signed_at and acceptance.resident_name:
        known["resident"] = acceptance.resident_name, acceptance.signed_at
    if bill and bill.round == case.round and bill.paid:
        known["cashier"] = name_of(bill.paid.by, context), bill.paid.at
        if bill.signed_by and bill.signed_at:
            known["statistician"] = name_of(bill.signed_by, context), bill.signed_at
    return known
