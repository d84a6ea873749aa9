"""What is under a warranty costs the resident nothing, also where a price came first (B13, G11, G12)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.money import OF_THE_WORK, costs_nothing
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_not_responsible
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.work.consent import why_not_recorded
from chalicelib.domain.work.costs import cost_of_bill
from chalicelib.domain.work.pricing import OF_NO_WORK

SENTENCE = (
    "A warranty or the maintenance fund pays for this, and it costs the resident nothing; leave the price "
    "out, or say who pays and why. If it is in a home and no unit is named, name it."
)


def check_free(case: Case, *, costs: bool) -> None:
    """Nothing is charged for what others pay, or for no work (B13, G12): InvalidInputError."""
    if costs and case.classification.kind not in OF_THE_WORK:
        raise InvalidInputError(OF_NO_WORK, "no_price")
    if costs and costs_nothing(case.payer):
        raise InvalidInputError(SENTENCE, "in_warranty")


def why_free(case: Case) -> DomainError | None:
    """The refusal to charge for what somebody else pays; what is written before may still say a price."""
    return CommandRefusedError(SENTENCE, "in_warranty") if costs_nothing(case.payer) else None


def why_not_agreed_to(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Nobody agrees to a price for what somebody else pays; to a plan without one they do (G11, G12)."""
    plan = case.work.plan
    return why_free(case) if plan is not None and plan.price_fen else None


def why_no_agreement_recorded(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """As `why_not_agreed_to`, recorded by a colleague of whoever has the work (G11)."""
    return why_not_recorded(case, actor, context, at) or why_not_agreed_to(case, actor, context, at)


def why_no_agreement_signed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """As `why_not_agreed_to`, on the telephone of whoever has the work (B10)."""
    return why_not_responsible(case, actor, context, at) or why_not_agreed_to(case, actor, context, at)


def why_not_charged(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Handler or desk charge for their work, if nobody else pays for it (B2, G12)."""
    return why_neither_own_nor_desk(case, actor, context, at) or why_free(case)


def freed_by(case: Case, found: ev.PayerFound) -> Payloads:
    """The events that give up what this round has charged, once `found` makes it free.

    What was billed becomes the cost of whoever pays instead. Empty where nothing was charged, asked or
    billed, or the resident goes on paying.
    """
    work = case.work
    bills = [bill for bill in case.order.bills if bill.round == case.round and not bill.free]
    owed = sum(bill.total_fen for bill in bills if bill.is_owed)
    paid = sum(bill.total_fen for bill in bills if bill.paid)
    price = work.plan.price_fen if work.plan else None
    charged = price or work.chargeable or work.price_asked or owed or paid
    if not (charged and costs_nothing(found)):
        return ()
    given_up = ev.ChargeGivenUp(found.payer, price, owed or None, paid or None)
    return (given_up, *cost_of_bill(case, found, bills[-1] if bills else None))
