"""The money and the work order on paper (B9, B10): what was quoted, who agreed, what is left to fill in."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.money import costs_nothing
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.domain.work.borne import borne_by
from chalicelib.web.acceptance_lines import work_order
from chalicelib.web.case_lines import price_line
from chalicelib.web.formats import short
from chalicelib.web.words import Words

Fact = tuple[str, str]
"""What it is, and what is to be said of it."""


def price_facts(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> tuple[Fact, ...]:
    """The quote of the plan: the price, materials, and who agreed to it."""
    return tuple(_priced(case, events, context, words))


def _priced(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> Iterator[Fact]:
    plan = case.work.plan
    yield words("track.price"), price_line(plan, words)
    if plan is None or not plan.price_fen:
        return
    if plan.material_fen:
        yield words("paper.material_fee"), words("page.price", yuan=yuan(plan.material_fen))
    yield words("paper.agreement"), _agreement(case, events, context, words)


def refused_by_link(events: tuple[ev.Event, ...], zone: str, words: Words) -> tuple[Fact, ...]:
    """What the resident did not agree to by the own link: nobody has to sign that beside them (B10)."""
    return tuple(
        (
            words("order.refusal"),
            words("paper.refused_by_link", at=short(event.at, zone, words), reason=reason),
        )
        for event in events
        if isinstance(event.payload, ev.Disagreed) and event.actor.role is Role.RESIDENT
        for reason in (event.payload.reason or words("page.none"),)
    )


def _agreement(case: Case, events: tuple[ev.Event, ...], context: Context, words: Words) -> str:
    """Who agreed to the price, how and when; also that nobody has, or not to this one."""
    agreed = next((event for event in reversed(events) if isinstance(event.payload, ev.Agreed)), None)
    if not case.work.plan_agreed or agreed is None or not isinstance(agreed.payload, ev.Agreed):
        return words("paper.not_agreed")
    said, zone = agreed.payload, context.community.zone
    if agreed.actor.role is Role.RESIDENT:
        return words("paper.agreed_by_link", at=short(agreed.at, zone, words))
    drawn = said.signature is not None
    return words(
        "paper.agreed_signed" if drawn else "paper.agreed",
        name=said.spoken_to or words("page.not_known"),
        manner=words.name("manners", said.manner) if said.manner else words("page.not_known"),
        at=short(said.spoken_at or agreed.at, zone, words),
        by=name_of(agreed.actor.id, context),
    )


def rating_facts(case: Case, events: tuple[ev.Event, ...], words: Words) -> tuple[Fact, ...]:
    """How the resident has rated this round's work: the score, and what they wrote with it (B9, D1)."""
    if case.rating is None:
        return ()
    said = next((event.payload for event in reversed(events) if isinstance(event.payload, ev.Rated)), None)
    score = str(case.rating.score)
    texts = ((words(f"fields.{name}"), getattr(said, name, None)) for name in ("comment", "suggestion"))
    rated = (words("fields.score"), f"{score} · {words.name('scores', score)}")
    return (rated, *((name, text) for name, text in texts if text))


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
    is_written = any(borne.is_priced for borne in borne_by(case))
    is_free = costs_nothing(case.payer)  # the resident pays nothing: no fee to write down, and no receipt
    known = {
        "key": order.key is None and bool(order.keys),
        "actual_item": order.actual is not None,
        "materials": False,
        **dict.fromkeys(("material_fee", "labour_fee", "total"), is_free or bill is not None or is_written),
        "receipt": is_free or (bill is not None and bill.paid is not None),
        "verdict": case.rating is not None or case.work.acceptance.signed_at is not None,
    }
    return tuple(words(f"paper.{name}") for name, is_known in known.items() if not is_known)
