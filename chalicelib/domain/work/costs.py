"""What a repair cost whoever pays in the resident's place: written, priced, struck out (B9, C16, G12)."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.costs import CostLine, bearer_of, is_unwritten
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.events.money import UNCLEAR
from chalicelib.domain.case.money import COMPANY
from chalicelib.domain.case.order import Bill
from chalicelib.domain.case.rounds import repaired_before
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.money import check_fen
from chalicelib.domain.work.cost_forms import CostForm, PriceCostForm, StrikeCostForm
from chalicelib.domain.work.pricing import is_the_heads, listed_of, why_no_price, why_no_pricer

MOST_LINES = 40
"""How many lines the cost of a case has, with those struck out (ours)."""


def why_no_cost_recorded(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Handler, head or desk write what a repair costs others than the resident (B9, G12).

    Who pays is known, and the resident is charged nothing. Once it is claimed, what has come back since can
    still be written.
    """
    if refused := _why_not_theirs(case, actor, context, at):
        return refused
    if free_kind := why_no_price(case):
        return free_kind
    if case.payer is None or case.payer.payer == UNCLEAR:
        return CommandRefusedError(
            "Nobody has said who pays; say so first, by 'state_payer', then what it cost them.",
            "payer_unsaid",
        )
    if case.work.chargeable or case.round in case.order.charged:
        return CommandRefusedError(
            "The resident pays for this work: what it costs stands in price and bill.", "resident_pays"
        )
    if case.order.costs.claim is not None and not _comes_again(case):
        return _claimed(case)
    if len(case.order.costs.lines) < MOST_LINES:
        return None
    return CommandRefusedError(
        f"The cost has {MOST_LINES} lines, which is all it can.", "costs_full", most=MOST_LINES
    )


def record_cost(case: Case, command: Command[CostForm], context: Context) -> Payloads:
    """The event of a line of the cost; InvalidInputError for a price that the head has to name (C16)."""
    form = command.form
    again, of_round = _comes_again(case), case.round
    if form.price_item is not None:
        listed = listed_of(form.price_item, form.quantity, context, command.at)
        fee, beside = listed.fee_fen * listed.quantity, form.material_fen or 0
        check_fen("quantity", fee + beside)
        labour, material = (0, fee + beside) if form.of_material else (fee, beside)
        what = form.what or listed.name
        return (ev.CostRecorded(what, labour, material, listed, of_round, again, form.note),)
    amounts = form.labour_fen, form.material_fen
    if is_the_heads(case, command.actor, context, command.at):
        if amounts != (None, None):
            raise InvalidInputError(
                "What is on no price list is priced by the head of the department: leave the amounts out, "
                "and the head is asked.",
                "heads_cost",
            )
        return (ev.CostRecorded(form.what or "", None, None, None, of_round, again, form.note),)
    if amounts == (None, None):
        raise InvalidInputError("Say what it cost: 'labour_fen', 'material_fen' or both.", "cost_missing")
    labour, material = (amount or 0 for amount in amounts)
    return (ev.CostRecorded(form.what or "", labour, material, None, of_round, again, form.note),)


def why_no_cost_priced(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever prices what is on no list does so here, until it is claimed (C16)."""
    if refused := why_unsorted(case, actor, context, at):
        return refused
    unlisted = [line for line in case.order.costs.standing if line.listed is None]
    if not unlisted:
        return CommandRefusedError("No line of the cost waits for a price.", "no_cost_to_price")
    return _why_all_claimed(case, unlisted) or why_no_pricer(case, actor, context, at)


def price_cost(case: Case, command: Command[PriceCostForm], _: Context) -> Payloads:
    """The event of a price for a line; InvalidInputError where it is not clear, or of the list."""
    form, lines = command.form, case.order.costs.lines
    waiting = [nth for nth, line in enumerate(lines, 1) if line.waits]
    nth = form.line if form.line is not None else waiting[0] if len(waiting) == 1 else None
    if nth is None:
        raise InvalidInputError("Say in 'line' which line it is.", "which_line")
    if _open(case, nth).listed is not None:
        raise InvalidInputError(
            f"Line {nth} has the price of the list; strike it out if it is wrong.", "line_of_list", line=nth
        )
    return (ev.CostPriced(nth, form.labour_fen, form.material_fen, form.note),)


def why_no_cost_struck(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever writes the cost corrects it, until it is claimed (B9)."""
    if refused := _why_not_theirs(case, actor, context, at):
        return refused
    if not case.order.costs.standing:
        return CommandRefusedError("No cost is written down.", "no_cost_written")
    return _why_all_claimed(case, case.order.costs.standing)


def strike_cost(case: Case, command: Command[StrikeCostForm], _: Context) -> Payloads:
    """The event of a line that was wrong; the line stays, struck out."""
    _open(case, command.form.line)
    return (ev.CostStruck(command.form.line, command.form.reason),)


def cost_of_bill(case: Case, found: ev.PayerFound, bill: Bill | None) -> Payloads:
    """The cost that a bill becomes once somebody else pays: the same amount, by the same line of the list.

    Empty where the cost was written before.
    """
    if bill is None or any(line.round == bill.round for line in case.order.costs.standing):
        return ()
    plan = case.work.plan
    listed = plan.listed if plan else None
    what = listed.name if listed else (plan.plan if plan else "")[:MOST_SHOWN]
    again = found.payer != COMPANY and _comes_again(case)
    return (ev.CostRecorded(what, bill.labour_fen, bill.material_fen, listed, bill.round, again),)


MOST_SHOWN = 100
"""So much of a plan is the name of a line."""


def cost_is_due(case: Case) -> bool:
    """Whether the developer pays for what is done, and nobody has written what it cost (G12)."""
    return is_unwritten(case.order.costs, case.payer, case.order.charged, case.rounds)


def _comes_again(case: Case) -> bool:
    """Whether the work came back after work of ours whose cost is written: it is ours then (B13)."""
    return repaired_before(case) is not None and not cost_is_due(case)


def _why_not_theirs(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    if refused := why_unsorted(case, actor, context, at):
        return refused
    refused = why_neither_own_nor_desk(case, actor, context, at)
    return refused if refused and why_no_pricer(case, actor, context, at) else None


def _is_claimed(case: Case, line: CostLine) -> bool:
    claim = case.order.costs.claim
    return claim is not None and bearer_of(line, case.payer, case.order.charged) == claim.party


def _why_all_claimed(case: Case, lines: Iterable[CostLine]) -> DomainError | None:
    return _claimed(case) if all(_is_claimed(case, line) for line in lines) else None


def _claimed(case: Case) -> CommandRefusedError:
    document = case.order.costs.claim.document if case.order.costs.claim else ""
    return CommandRefusedError(
        f"It is claimed under {document}; withdraw the claim first, by 'withdraw_claim'.",
        "claimed",
        document=document,
    )


def _open(case: Case, nth: int) -> CostLine:
    """The line of that number; InvalidInputError for none, CommandRefusedError for one that is claimed."""
    lines = case.order.costs.lines
    if not 0 < nth <= len(lines) or lines[nth - 1].struck is not None:
        raise InvalidInputError(f"There is no line {nth}.", "no_such_line", line=nth)
    if _is_claimed(case, lines[nth - 1]):
        raise _claimed(case)
    return lines[nth - 1]
