"""What work costs the resident: bill, payment, refusals, the statistician's signature (B9, B10, G11).

The price before the work is a plan's (plan.py, pricing.py).
"""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.own_signature import way_of
from chalicelib.domain.community.roles import Actor, Duty
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.work.free import why_not_charged
from chalicelib.domain.work.order_forms import BillForm, PaymentForm, RefusedForm, SignedForm


def why_not_billed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A bill follows an agreed price and its work, and stays as it was paid (B10, G11).

    Work that ended otherwise, or was done under another case, was not what was agreed to.
    """
    if refused := why_not_charged(case, actor, context, at):
        return refused
    if case.work.completed_at is None or case.work.solved_with is not None:
        return CommandRefusedError("No work was done for a price here; there is nothing to bill.", "not_done")
    if not (case.work.chargeable and case.work.price_agreed):
        return CommandRefusedError(
            "Nobody has agreed to a price, so there is nothing to bill; propose the price first.", "no_quote"
        )
    bill = case.order.bill
    if bill is not None and bill.round == case.round and not (bill.is_owed or bill.free):
        return CommandRefusedError("The bill of this work is settled; it is not changed any more.", "settled")
    return None


def bill(case: Case, command: Command[BillForm], context: Context) -> Payloads:
    """The event of a bill; InvalidInputError above the agreed price by more than is allowed (G11)."""
    form, plan = command.form, case.work.plan
    agreed = (plan.price_fen if plan else None) or 0
    most = agreed + round(agreed * context.regulation.charges.above_quote)
    total = form.labour_fen + form.material_fen
    if total > most:
        raise InvalidInputError(
            f"The bill of {total} fen is above the {agreed} that were agreed to: {most} at most; the work is "
            "done, so a new price is proposed only once the case is taken up again.",
            "above_quote",
            total=_yuan(total),
            most=_yuan(most),
        )
    return (ev.Billed(form.labour_fen, form.material_fen, agreed, form.note),)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def why_without(duty: Duty, actor: Actor, context: Context) -> DomainError | None:
    """Only whoever has that duty does this (B9)."""
    member = context.community.member(actor.id)
    if member is not None and duty in member.duties:
        return None
    return NotAllowedError(f"Only a {duty} can do this.", f"not_{duty}")


def _why_no_bill(case: Case) -> DomainError | None:
    if case.order.owed is not None:
        return None
    return CommandRefusedError(f"No bill of case {case.number} is owed.", "no_bill", number=case.number)


def why_not_paid(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Only a cashier takes money, for what is owed, never for own work (B10)."""
    if refused := why_without(Duty.CASHIER, actor, context):
        return refused
    if refused := _why_no_bill(case):
        return refused
    return _why_own_money(case, actor)


def _why_own_money(case: Case, actor: Actor) -> DomainError | None:
    """Whoever did the work neither takes nor returns money for it (B10)."""
    if actor.id in case.assignment.everybody:
        return NotAllowedError(
            "Whoever did the work takes no money for it, and gives none back.", "own_money"
        )
    return None


def record_payment(case: Case, command: Command[PaymentForm], _: Context) -> Payloads:
    """The event of a payment (B9).

    InvalidInputError unless it is the amount of the bill, with a receipt of its own.
    """
    form, owed = command.form, case.order.owed
    if owed is not None and form.paid_fen != owed.total_fen:
        raise InvalidInputError(
            f"The bill is {owed.total_fen} fen; a payment is of just that amount.",
            "not_the_bill",
            total=_yuan(owed.total_fen),
        )
    if any(known.paid and known.paid.receipt == form.receipt for known in case.order.bills):
        raise InvalidInputError(
            f"Receipt {form.receipt} is that of another payment of this case; give the number of this one.",
            "receipt_used",
            receipt=form.receipt,
        )
    return (ev.Paid(form.paid_fen, form.receipt),)


def why_not_given_back(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Only a cashier gives back what was paid for something free, once (B9, B13).

    Never for own work (B10).
    """
    if refused := why_without(Duty.CASHIER, actor, context):
        return refused
    if case.order.to_give_back is not None:
        return _why_own_money(case, actor)
    return CommandRefusedError(
        f"Nothing that was paid for case {case.number} is to be given back.",
        "nothing_to_give_back",
        number=case.number,
    )


def give_back(case: Case, command: Command[PaymentForm], _: Context) -> Payloads:
    """The event of money given back; InvalidInputError unless it is just what was paid (B9)."""
    form, bill = command.form, case.order.to_give_back
    if bill is not None and form.paid_fen != bill.total_fen:
        raise InvalidInputError(
            f"{bill.total_fen} fen were paid; just that amount is given back.",
            "not_what_was_paid",
            total=_yuan(bill.total_fen),
        )
    return (ev.GivenBack(form.paid_fen, form.receipt),)


def why_account_not_signed(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Only a statistician signs, what was paid, and never to themselves (B9)."""
    if refused := why_without(Duty.STATISTICIAN, actor, context):
        return refused
    paid = case.order.unsigned_bill
    if paid is None or paid.paid is None:
        return CommandRefusedError(
            f"Nothing that was paid for case {case.number} waits for a signature.",
            "nothing_paid",
            number=case.number,
        )
    if paid.paid.by == actor.id:
        return NotAllowedError("Whoever took the money does not sign the account of it.", "own_account")
    return None


def sign_account(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of an account that was signed (B9)."""
    return (ev.AccountSigned(command.form.note),)


def refuse_on_site(_: Case, command: Command[RefusedForm], __: Context) -> Payloads:
    """The event of a plan refused on the spot; a leader signs it as well (B10)."""
    form = command.form
    return (ev.Disagreed(form.reason, form.spoken_to, command.at, "in_person"),)


def sign_agreement(case: Case, command: Command[SignedForm], _: Context) -> Payloads:
    """The event of a plan agreed to by signature, in front of the worker (B10, G11).

    InvalidInputError where nothing was drawn and no signed paper handed in since the plan was put to them.
    """
    form = command.form
    way_of(case, form.signature, case.work.planned_at)
    return (ev.Agreed(None, form.spoken_to, command.at, "in_person", form.signature, form.device),)


def why_no_payment_refused(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A bill that is owed can be refused, once (B10)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if refused := _why_no_bill(case):
        return refused
    waiting = (refusal for refusal in case.order.refusals if refusal.signed_by is None)
    if any(case.order.refused(refusal) == case.order.owed for refusal in waiting):
        return CommandRefusedError("This refusal is on record and waits for a leader.", "refusal_waits")
    return None


def refuse_payment(_: Case, command: Command[RefusedForm], __: Context) -> Payloads:
    """The event of a bill that a resident would not pay (B10)."""
    return (ev.PaymentRefused(command.form.reason, command.form.spoken_to),)


def why_refusal_not_signed(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """A refusal is signed by a second person, of the leaders (B10)."""
    refusal = case.order.unsigned_refusal
    if refusal is None:
        return CommandRefusedError(
            f"No refusal of case {case.number} waits for a signature.", "no_refusal", number=case.number
        )
    if refusal.by == actor.id:
        return NotAllowedError("Whoever recorded a refusal does not sign it as well.", "own_refusal")
    return None


def sign_refusal(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of a refusal that a leader signed as well (B10)."""
    return (ev.RefusalSigned(command.form.note),)
