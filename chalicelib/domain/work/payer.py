"""Who pays for a repair: found from handover and earlier repairs, or stated; and losses (B13, B16, G12)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.policies import WarrantyPolicy
from chalicelib.domain.work.free import freed_by
from chalicelib.domain.work.warranty import Payer, who_pays

DEAREST_LOSS_FEN = 100_000_000
"""A million yuan: above it a comma was forgotten (ours)."""
MAY_CHANGE_IT = frozenset(
    ev.event_type(kind) for kind in (ev.Registered, ev.Classified, ev.FilledIn, ev.Reopened, ev.TakenBack)
)
"""The events after which somebody else may pay: they say unit, kind and matter, or the case goes on again.

It is told as of the day of the report, so that nothing of other cases changes it later.
"""
REPAIRED = frozenset({State.COMPLETED, State.CLOSED, State.ARCHIVED})


class PayerForm(Struct, frozen=True):
    """The form of saying who pays, and why (G12); `payer` is one of the four parties."""

    payer: ShortText
    reason: LongText

    def __post_init__(self) -> None:
        check(self)
        if self.payer not in set(Payer):
            raise InvalidInputError(f"'payer' is one of: {', '.join(Payer)}.")


class FoundForm(Struct, frozen=True):
    """The form with which the desk itself puts down what it found."""

    found: ev.PayerFound


class LossForm(Struct, frozen=True):
    """The form of a loss (B16): `amount_fen` in fen, `what` was lost, and which `party` is liable for it.

    `agreed`: both sides have agreed to it.
    """

    amount_fen: int
    what: LongText
    party: ShortText
    agreed: bool = False

    def __post_init__(self) -> None:
        check(self)
        if not 0 < self.amount_fen <= DEAREST_LOSS_FEN:
            raise InvalidInputError(
                f"'amount_fen' is an amount in fen, 1 to {DEAREST_LOSS_FEN}.", "loss_amount"
            )


class Earlier(Struct, frozen=True):
    """An earlier repair of the matter in the unit, and who did it; `accepted_on` is None until accepted."""

    number: str
    repaired_on: date
    accepted_on: date | None
    worker: str | None = None


def earlier_repair(case: Case, context: Context) -> Earlier | None:
    """A case as an earlier repair: completed, and accepted by its signature (B13).

    Where none was asked for, in cases of earlier releases and on the spot, its closing stands for that.
    """
    if case.classification.kind != "repair" or case.state not in REPAIRED or case.work.completed_at is None:
        return None
    acceptance = case.work.acceptance
    accepted_at = acceptance.signed_at
    if acceptance.by is None and case.state is not State.COMPLETED:
        accepted_at = case.ending.closed_at
    return Earlier(
        case.number,
        context.calendar.local_date(case.work.completed_at),
        context.calendar.local_date(accepted_at) if accepted_at else None,
        case.worker,
    )


def warranty_of(
    policy: WarrantyPolicy, matter: str, on: date, handed_over_on: date | None, earlier: Earlier | None
) -> ev.PayerFound | None:
    """Who pays in a resident's place for a repair in a unit; None if nobody does.

    A return within the warranty of a repair goes before the construction's (B13, G12).
    """
    liability = who_pays(
        policy,
        matter=matter,
        reported_on=on,
        handed_over_on=handed_over_on,
        common_part=False,
        repaired_on=earlier.repaired_on if earlier else None,
        repair_accepted_on=earlier.accepted_on if earlier else None,
    )
    payer, until = liability.payer, liability.last_day
    if payer is Payer.PROPERTY_COMPANY and earlier is not None:
        because = "repair" if until else "not_accepted"
        return ev.PayerFound(matter, payer, because, earlier.number, None, until, worker=earlier.worker)
    if payer is Payer.DEVELOPER:
        return ev.PayerFound(matter, payer, "construction", None, liability.component, until)
    return None


def why_no_cost(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Who pays, and whether it costs anything, is said of repairs, by handler or desk (A7, G11, G12)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at) or why_unsorted(
        case, actor, context, at
    ):
        return refused
    if case.classification.kind != "repair":
        return CommandRefusedError("Only a repair can cost anything; there is nothing to say.", "no_price")
    return None


def state_payer(case: Case, command: Command[PayerForm], _: Context) -> Payloads:
    """The events of a person saying who pays; it stands until another says otherwise.

    Where that is not the resident, what was charged is given up (free.py).
    """
    form, known = command.form, case.payer
    same = known if known is not None and known.payer == form.payer else None
    found = ev.PayerFound(
        case.classification.matter,
        form.payer,
        "stated",
        same.of if same else None,
        reason=form.reason,
        worker=same.worker if same else None,
    )
    return (found, *freed_by(case, found))


def find_payer(case: Case, command: Command[FoundForm], _: Context) -> Payloads:
    """The events of what the desk found by itself, as in `state_payer`.

    Refused if the case was corrected meanwhile.
    """
    about = case.classification
    if (about.kind, about.matter) != ("repair", command.form.found.matter):
        raise InvalidInputError("The case is about something else by now.")
    return (command.form.found, *freed_by(case, command.form.found))


def why_not_found(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """What a person has stated, nothing that is found replaces."""
    if case.payer is not None and case.payer.because == "stated":
        return CommandRefusedError("A person has stated who pays.", "payer_stated")
    return None


def record_loss(_: Case, command: Command[LossForm], __: Context) -> Payloads:
    """The event of a loss (B16)."""
    form = command.form
    return (ev.LossRecorded(form.amount_fen, form.what, form.party, form.agreed),)
