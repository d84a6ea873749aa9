"""The money and the work order on paper (B9, B10): what was quoted, who agreed, what is left to fill in."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.web.acceptance_lines import work_order
from chalicelib.web.case_lines import price_line
from chalicelib.web.formats import short
from chalicelib.web.order_lines import listed_line
from chalicelib.web.words import Words

Fact = tuple[str, str]
"""What it is, and what is to be said of it."""


def price_facts(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> tuple[Fact, ...]:
    """The quote of the plan: the price, its line of the price list, materials, and who agreed to it."""
    return tuple(_priced(case, events, context, words))


def _priced(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> Iterator[Fact]:
    plan = case.work.plan
    yield words("track.price"), price_line(plan, words)
    if plan is None or not plan.price_fen:
        return
    if plan.listed is not None:
        yield words("paper.listed"), listed_line(plan.listed, words)
    if plan.material_fen:
        yield words("paper.material_fee"), words("page.price", yuan=yuan(plan.material_fen))
    yield words("paper.agreement"), _agreement(case, events, context, words)


def _agreement(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> str:
    """Who agreed to the price, how and when; also that nobody has, or not to this one."""
    agreed = next((event for event in reversed(events) if isinstance(event.payload, ev.Agreed)), None)
    if not case.work.plan_agreed or agreed is None or not isinstance(agreed.payload, ev.Agreed):
        return words("paper.not_agreed")
    said, zone = agreed.payload, context.community.zone
    if agreed.actor.role is Role.RESIDENT:
        return words("paper.agreed_by_link", at=short(agreed.at, zone, words))
    return words(
        "paper.agreed",
        name=said.spoken_to or words("page.not_known"),
        manner=words.name("manners", said.manner) if said.manner else words("page.not_known"),
        at=short(said.spoken_at or agreed.at, zone, words),
        by=name_of(agreed.actor.id, context),
    )


def order_facts(case: Case, context: Context, words: Words, *, to_resident: bool) -> tuple[Fact, ...]:
    """The lines of the work order, and the warnings that were given."""
    lines = work_order(case, context, words, to_resident=to_resident)
    warned = (
        words("paper.warned", what=used.what, warning=used.warning, name=used.spoken_to or "–")
        for used in case.order.materials
        if used.warning
    )
    return (*lines, *((words("paper.warning"), said) for said in warned))


def unknown_of(case: Case, words: Words) -> tuple[str, ...]:
    """The lines of a work order that are left to be filled in by hand."""
    order = case.order
    bill = order.bill if order.bill and order.bill.round == case.round else None
    known = {
        "key": order.key is None and bool(order.keys),
        "actual_item": order.actual is not None,
        "materials": False,
        **dict.fromkeys(("material_fee", "labour_fee", "total"), bill is not None),
        "receipt": bill is not None and bill.paid is not None,
        "verdict": case.rating is not None or case.work.acceptance.signed_at is not None,
    }
    return tuple(words(f"paper.{name}") for name, is_known in known.items() if not is_known)
