"""The work order on the spot: key, item, materials (B9, B10)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import (
    why_neither_own_nor_desk,
    why_not_responsible,
    why_unsorted,
)
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.work.order_forms import ItemForm, KeyBackForm, KeyForm, MaterialForm
from chalicelib.domain.work.pricing import listed_of
from chalicelib.domain.work.signers import why_handed_in

MOST_MATERIALS = 40
"""How many materials an order lists (ours)."""


def why_no_order(case: Case) -> DomainError | None:
    """Only work on the spot has a work order: a repair, or help (B9)."""
    if case.classification.kind in OF_THE_WORK:
        return None
    return CommandRefusedError("Only a repair, or help, has a work order.", "no_order")


def why_no_key_taken(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """One key of a sorted case is at the desk at a time (B9)."""
    if refused := why_unsorted(case, actor, context, at) or why_no_order(case):
        return refused
    if case.order.key is None:
        return None
    return CommandRefusedError(
        f"The key of case {case.number} is at the desk already, receipt {case.order.key.receipt}.",
        "key_here",
        number=case.number,
        receipt=case.order.key.receipt,
    )


def take_key(_: Case, command: Command[KeyForm], __: Context) -> Payloads:
    """The event of a key that a resident left at the desk (B9)."""
    form = command.form
    return (ev.KeyTaken(form.resident_name, form.receipt, form.note),)


def why_no_key_returned(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """What the desk does not have, it does not give back (B9)."""
    if case.order.key is not None:
        return None
    return CommandRefusedError(
        f"The desk has no key of case {case.number}.", "no_key_here", number=case.number
    )


def return_key(_: Case, command: Command[KeyBackForm], __: Context) -> Payloads:
    """The event of a key that was given back (B9)."""
    return (ev.KeyReturned(command.form.resident_name, command.form.note),)


def why_not_compared(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever has the work says what it is (B10)."""
    return why_no_order(case) or why_not_responsible(case, actor, context, at) or why_handed_in(case, context)


def why_not_compared_yet(case: Case) -> DomainError | None:
    """What costs the resident money is looked at on the spot before it is done (B10)."""
    if not case.work.chargeable or case.order.compared_in == case.round:
        return None
    return CommandRefusedError(
        "This costs the resident money: look first whether it is what was reported, by 'compare_item'.",
        "not_compared",
    )


def compare_item(_: Case, command: Command[ItemForm], context: Context) -> Payloads:
    """The event of an item that was looked at; if it differs, an agreed price holds no more (B10).

    InvalidInputError for a part of the building that no warranty knows.
    """
    form, parts = command.form, [part.component for part in context.regulation.warranty.construction]
    if form.component is not None and form.component not in parts:
        raise InvalidInputError(f"'component' is one of: {', '.join(parts)}.", "no_such_component")
    return (ev.ItemCompared(form.actual, form.differs, form.component),)


def why_no_material_used(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever has the work, or the desk, lists materials while there is room (B9)."""
    if refused := why_no_order(case) or why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if len(case.order.materials) < MOST_MATERIALS:
        return None
    return CommandRefusedError(
        f"The order lists {MOST_MATERIALS} materials, which is all it can; put the others in the result.",
        "materials_full",
        most=MOST_MATERIALS,
    )


def use_material(_: Case, command: Command[MaterialForm], context: Context) -> Payloads:
    """The event of a material of the work; of one on the list with its price of that day (B9, B10)."""
    form, listed = command.form, None
    if form.price_item is not None:
        listed = listed_of(form.price_item, form.quantity, context, command.at)
    what = form.what or (listed.name if listed else "")
    amount = form.amount or (f"{listed.quantity} {listed.unit_name}" if listed else "")
    said = form.residents, form.quality, form.warning, form.spoken_to
    return (ev.MaterialUsed(what, amount, *said, listed),)
