"""What others bear, claimed from them and paid by them (B9, G12)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.costs import Claim, claimable_fen
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor, Duty
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.money import yuan
from chalicelib.domain.work.borne import borne_by
from chalicelib.domain.work.charges import why_without
from chalicelib.domain.work.cost_forms import ClaimForm, WithdrawClaimForm
from chalicelib.domain.work.order_forms import PaymentForm
from chalicelib.domain.work.warranty import Payer

CLAIMED_FROM = (Payer.DEVELOPER, Payer.MAINTENANCE_FUND)
"""From whom something is claimed: not from ourselves, and an owner gets a bill that was agreed to."""


def why_not_claimed(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Cashier or statistician claim what is done and wholly priced, once (B9, G12)."""
    if refused := _why_no_money(actor, context):
        return refused
    if case.order.costs.claim is not None:
        return CommandRefusedError(
            f"It is claimed already, under {case.order.costs.claim.document}.",
            "claimed_already",
            document=case.order.costs.claim.document,
        )
    if _claimable(case) is None:
        return CommandRefusedError(
            "Nothing is to be claimed: the work is not done, its cost is not written or priced, or nobody "
            "else pays for it.",
            "nothing_to_claim",
        )
    return None


def claim_cost(case: Case, command: Command[ClaimForm], _: Context) -> Payloads:
    """The event of a claim; InvalidInputError unless it is just what the party bears (G12)."""
    form, claimable = command.form, _claimable(case)
    if claimable is None:
        raise ValueError(f"Nothing of case {case.number} is to be claimed.")
    party, fen = claimable
    if form.claimed_fen != fen:
        raise InvalidInputError(
            f"It cost {fen} fen; just that is claimed. If that is wrong, correct its lines first.",
            "not_the_cost",
            total=yuan(fen),
        )
    return (ev.CostClaimed(party, fen, form.document),)


def why_claim_not_paid(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """A cashier records what was paid of a claim, never for own work (B9, B10)."""
    if refused := why_without(Duty.CASHIER, actor, context):
        return refused
    claim = case.order.costs.claim
    if claim is None or claim.paid_fen >= claim.claimed_fen:
        return _no_claim(case)
    if actor.id in case.assignment.everybody:
        return NotAllowedError("Whoever did the work takes no money for it.", "own_money")
    return None


def record_claim_payment(case: Case, command: Command[PaymentForm], _: Context) -> Payloads:
    """The event of a payment of a claim, or of part of it (B9)."""
    form, claim = command.form, case.order.costs.claim
    left = claim.claimed_fen - claim.paid_fen if claim else 0
    if form.paid_fen > left:
        raise InvalidInputError(
            f"{left} fen of the claim are not paid yet; a payment is at most that.",
            "more_than_claimed",
            left=yuan(left),
        )
    known = [payment.receipt for of in case.order.costs.claims for payment in of.payments]
    if form.receipt in known:
        raise InvalidInputError(
            f"Receipt {form.receipt} is that of another payment of this case; give the number of this one.",
            "receipt_used",
            receipt=form.receipt,
        )
    return (ev.ClaimPaid(form.paid_fen, form.receipt),)


def why_no_claim_withdrawn(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Cashier or statistician take a claim back (G12)."""
    if refused := _why_no_money(actor, context):
        return refused
    return None if case.order.costs.claim is not None else _no_claim(case)


def withdraw_claim(case: Case, command: Command[WithdrawClaimForm], _: Context) -> Payloads:
    """The event of a claim taken back; InvalidInputError where what was paid has no receipt of going back."""
    form, claim = command.form, case.order.costs.claim
    if claim is not None and claim.paid_fen and form.receipt is None:
        raise InvalidInputError(
            f"{claim.paid_fen} fen of it were paid and go back: give their receipt in 'receipt'.",
            "paid_goes_back",
            paid=yuan(claim.paid_fen),
        )
    return (ev.ClaimWithdrawn(form.reason, form.receipt),)


def claim_to_take_back(case: Case) -> Claim | None:
    """The claim of which more is claimed than the party bears by now; None where it is right."""
    costs = case.order.costs
    claim = costs.claim
    if claim is None:
        return None
    bears = claimable_fen(costs, claim.party, case.payer, case.order.charged)
    return claim if claim.claimed_fen > bears else None


def _claimable(case: Case) -> tuple[str, int] | None:
    """The party and the amount that can be claimed now; None for nothing."""
    found = (borne for borne in borne_by(case) if borne.party in CLAIMED_FROM and borne.done)
    return next(
        ((borne.party, borne.total_fen) for borne in found if borne.is_priced and borne.total_fen), None
    )


def _why_no_money(actor: Actor, context: Context) -> DomainError | None:
    if why_without(Duty.CASHIER, actor, context) is None:
        return None
    return why_without(Duty.STATISTICIAN, actor, context)


def _no_claim(case: Case) -> CommandRefusedError:
    return CommandRefusedError(
        f"No claim for case {case.number} waits for its payment.", "no_claim", number=case.number
    )
