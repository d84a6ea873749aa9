"""The work order on pages: key, item, materials, bills, refusals, a line each (B9, B10)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.order import Bill, Key, Material, Order
from chalicelib.domain.community.prices import PriceItem
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.web.formats import short
from chalicelib.web.payer_lines import component_name
from chalicelib.web.words import Words

OrderLine = tuple[str, str]
"""What it is, and what is to be said of it."""


def order_lines(order: Order, context: Context, words: Words, *, to_resident: bool) -> tuple[OrderLine, ...]:
    """The lines of a work order, none while there is nothing in it; refusals are not the resident's."""
    lines = _lines(order, context, words, to_resident=to_resident)
    return tuple((words(f"order.{what}"), said) for what, said in lines)


def _lines(order: Order, context: Context, words: Words, *, to_resident: bool) -> Iterator[OrderLine]:
    zone = context.community.zone
    for key in order.keys:
        yield "key", _key(key, zone, words)
    if order.actual is not None:
        differs = words("order.other_than_reported", actual=order.actual)
        yield "actual", differs if order.differs else order.actual
    if order.component is not None:
        yield "component", component_name(order.component, context, words)
    if order.infeasible is not None:
        yield "infeasible", order.infeasible
    for material in order.materials:
        yield "material", _material(material, words)
    for bill in order.bills:
        yield "bill", _bill(bill, zone, words, to_resident=to_resident)
        if used := _what_was_used(order, bill, words):
            yield "material", used
    for refusal in () if to_resident else order.refusals:
        said = {"at": short(refusal.at, zone, words), "reason": refusal.reason or words("page.none")}
        if refusal.signed_by is None:
            yield "refusal", words("order.refusal_waits", **said)
        else:
            yield "refusal", words("order.refusal_signed", **said, person=name_of(refusal.signed_by, context))


def _key(key: Key, zone: str, words: Words) -> str:
    if key.returned is None:
        return words("order.key_held", at=short(key.taken.at, zone, words), receipt=key.receipt)
    return words("order.key_back", at=short(key.returned.at, zone, words), receipt=key.receipt)


def _material(material: Material, words: Words) -> str:
    said = {"what": material.what, "amount": material.amount}
    if material.price_fen is not None and material.listed is not None:
        return words("order.of_list", what=listed_line(material.listed, words), yuan=yuan(material.price_fen))
    if material.quality is None:
        return words("order.of_company", **said)
    return words("order.of_residents", **said, quality=words.name("qualities", material.quality))


def _bill(bill: Bill, zone: str, words: Words, *, to_resident: bool) -> str:
    labour, material = yuan(bill.labour_fen), yuan(bill.material_fen)
    said = words("order.bill_of", total=yuan(bill.total_fen), labour=labour, material=material)
    if bill.free:
        return _free_bill(bill, said, zone, words)
    if bill.given_up:
        return words("order.given_up", bill=said)
    if bill.paid is None:
        return words("order.to_pay", bill=said)
    said = words("order.paid", bill=said, at=short(bill.paid.at, zone, words), receipt=bill.paid.receipt)
    return said if to_resident or bill.signed_by is None else words("order.signed", bill=said)


def _what_was_used(order: Order, bill: Bill, words: Words) -> str:
    """What the materials of the bill's round come to, and where it says otherwise (B10)."""
    own = [used for used in order.materials if used.round == bill.round and not used.residents]
    billed, listed = yuan(bill.material_fen), order.listed_fen(bill.round)
    if not own:
        return words("order.nothing_used", billed=billed) if bill.material_fen else ""
    if listed is None:
        return ""
    key = "order.used" if listed == bill.material_fen else "order.used_otherwise"
    return words(key, used=yuan(listed), billed=billed)


def _free_bill(bill: Bill, said: str, zone: str, words: Words) -> str:
    """A bill of what is under a warranty: not to be paid, or to be given back (B13)."""
    if bill.paid is None:
        return words("order.free", bill=said)
    said = words("order.paid", bill=said, at=short(bill.paid.at, zone, words), receipt=bill.paid.receipt)
    if bill.given_back is None:
        return words("order.to_give_back", bill=said)
    back = bill.given_back
    return words("order.given_back", bill=said, at=short(back.at, zone, words), receipt=back.receipt)


def listed_line(listed: ev.Listed, words: Words) -> str:
    """A line of the price list in words, with its day and version (B10)."""
    fee = yuan(listed.fee_fen)
    said = words("order.listed", name=listed.name, quantity=listed.quantity, fee=fee, unit=listed.unit_name)
    if listed.valid_from:
        said = words("order.listed_since", listed=said, day=listed.valid_from)
    return words("order.listed_in", listed=said, version=listed.version) if listed.version else said


def item_line(item: PriceItem, words: Words) -> str:
    """An item of the price list, to be chosen from."""
    return words("order.item", name=item.name, fee=yuan(item.fee_fen), unit=item.unit_name)
