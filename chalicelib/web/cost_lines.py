"""What a repair cost whoever pays in the resident's place, in words, for staff alone (B9, G12)."""

from collections.abc import Iterator

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.costs import Claim, CostLine
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.domain.work.borne import Borne, borne_by
from chalicelib.domain.work.warranty import Payer
from chalicelib.web.formats import short
from chalicelib.web.order_lines import OrderLine, listed_line
from chalicelib.web.words import Words


def cost_lines(case: Case, context: Context, words: Words) -> tuple[OrderLine, ...]:
    """Its lines by their numbers, what each party bears, and what was claimed; none where nothing is."""
    return tuple((words(f"cost.{what}"), said) for what, said in _lines(case, context, words))


def _lines(case: Case, context: Context, words: Words) -> Iterator[OrderLine]:
    for nth, line in enumerate(case.order.costs.lines, 1):
        yield "line", _line(nth, line, context, words)
    for borne in borne_by(case):
        yield "borne", borne_line(borne, words)
    for claim in case.order.costs.claims:
        yield "claim", _claim(claim, case.zone, words)


def _line(nth: int, line: CostLine, context: Context, words: Words) -> str:
    what = line.what
    if line.listed is not None:
        listed = listed_line(line.listed, words)
        what = listed if line.listed.name == what else f"{what} · {listed}"
    if line.labour_fen is None:
        said = words("cost.waits", nth=nth, what=what)
    else:
        amounts = yuan(line.total_fen), yuan(line.labour_fen), yuan(line.material_fen or 0)
        total, labour, material = amounts
        said = words("cost.priced", nth=nth, what=what, total=total, labour=labour, material=material)
    if line.again:
        said = words("cost.again", line=said)
    if line.struck is None:
        return said
    return words("cost.struck", line=said, person=name_of(line.struck.by, context), reason=line.struck.reason)


def borne_line(borne: Borne, words: Words) -> str:
    """What a party bears, or that nobody has written what it is; that the resident pays nothing of it."""
    payer = words.name("payers", borne.party)
    if not borne.lines and not borne.claimed_fen:
        return words("cost.unwritten", payer=payer)
    amounts = yuan(borne.total_fen), yuan(borne.labour_fen), yuan(borne.material_fen)
    total, labour, material = amounts
    key = "cost.of_owner" if borne.party == Payer.OWNER else "cost.of_party"
    said = words(key, payer=payer, total=total, labour=labour, material=material)
    return words("cost.partly", said=said, waits=borne.waits) if borne.waits else said


def how_priced(borne: Borne, words: Words) -> str:
    """Whether what it cost is written and priced, in a word or two."""
    if not borne.done:
        return words("cost.work_goes_on")
    if not borne.lines:
        return words("cost.not_priced")
    return words("cost.some_priced", waits=borne.waits) if borne.waits else words("cost.all_priced")


def _claim(claim: Claim, zone: str, words: Words) -> str:
    payer, paid = words.name("payers", claim.party), sum(payment.paid_fen for payment in claim.payments)
    said = words(
        "cost.claimed",
        payer=payer,
        yuan=yuan(claim.claimed_fen),
        at=short(claim.at, zone, words),
        document=claim.document,
        paid=yuan(paid),
    )
    return words("cost.withdrawn", claim=said, reason=claim.withdrawn) if claim.withdrawn else said
