"""Plan and price: proposed, asked for, agreed to or not by the resident (B4, B5, B10, C16, G11).

What the desk records in a resident's name is in consent.py.
"""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.money import costs_nothing
from chalicelib.domain.case.spoken import WordForm, check_spoken_at
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.dispatch.responsibility import why_not_responsible, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.limits import Begins
from chalicelib.domain.work.common_parts import is_nobodys_own
from chalicelib.domain.work.confirmers import is_confirmed_first, looked_at_by
from chalicelib.domain.work.forms import CauseForm, ChargeForm, ProposeForm
from chalicelib.domain.work.free import check_free
from chalicelib.domain.work.pricing import price_of, why_no_price, why_no_pricer
from chalicelib.domain.work.signers import why_handed_in


def propose(case: Case, command: Command[ProposeForm], context: Context) -> Payloads:
    """The event of a proposed plan, with its price (B4, B10); InvalidInputError where nothing can cost.

    Where the regulation wants the desk's word first, it is handed in and the resident is told nothing (B5).
    """
    form, by = command.form, command.actor
    price, listed = price_of(case, form, by, context, command.at)
    check_free(case, costs=price is not None)
    if is_confirmed_first(case, by, context):
        asked = looked_at_by(case, by.id, context, command.at)
        return (ev.PlanHandedIn(form.cause, form.plan, price, listed, form.material_fen, asked),)
    return (ev.Proposed(form.cause, form.plan, price, True, listed, form.material_fen),)


def why_not_proposed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever has the work proposes a plan; so does who names a price that is on no list (B4, C16).

    Nobody does once the result has been handed in (B9).
    """
    if handed_in := why_handed_in(case, context):
        return handed_in
    refused = why_not_responsible(case, actor, context, at)
    if refused is None or not case.work.unlisted:
        return refused
    return refused if why_no_pricer(case, actor, context, at) else None


def why_no_price_asked(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The price is asked once, of repair or help, where the resident may pay (C16, G12)."""
    if unsorted := why_unsorted(case, actor, context, at):
        return unsorted
    if free_kind := why_no_price(case):
        return free_kind
    if costs_nothing(case.payer):
        return CommandRefusedError(
            "This costs the resident nothing; there is no price to ask for.", "nothing_to_price"
        )
    if case.work.price_asked:
        return CommandRefusedError("The price was asked for already; the answer comes soon.", "price_asked")
    return None


def ask_price(case: Case, command: Command[NoteForm], context: Context) -> Payloads:
    """The event of asking what a repair would cost, before any work (B10, C16).

    The answer is a plan with its price. The clock of the quote runs from the receipt of the order: it starts
    now if somebody has the case, else with the assignment.
    """
    return (ev.PriceAsked(command.form.note, _quote_due(case, command, context)),)


def record_price_request(case: Case, command: Command[WordForm], context: Context) -> Payloads:
    """The event of asking for the price as the resident told the desk by word (A8, C16)."""
    form = command.form
    check_spoken_at(form.spoken_at, case.clocks.started_at, command.at)
    due = _quote_due(case, command, context)
    return (ev.PriceAsked(form.note, due, form.spoken_to, form.spoken_at, form.manner),)


def _quote_due(case: Case, command: Command[object], context: Context) -> tuple[Deadline, ...]:
    """The clock of the quote; none before somebody has the order."""
    if case.assignment.handler is None:
        return ()
    return starting_deadlines(Begins.QUOTE_ASKED, case.classification, command.at, context, case.returns + 1)


def report_cause(_: Case, command: Command[CauseForm], __: Context) -> Payloads:
    """The event of the department's answer: the cause and the plan (B4).

    It asks the resident for nothing, unlike a plan that is proposed.
    """
    return (ev.CauseReported(command.form.cause, command.form.plan),)


def declare_charge(case: Case, command: Command[ChargeForm], context: Context) -> Payloads:
    """The event of saying that work is chargeable, or is not: under warranty, of common parts (G11).

    Where no list has the price, the clock of the quote starts as if the resident had asked (C16).
    InvalidInputError where the resident has asked for the price: a plan with or without one answers that.
    """
    form = command.form
    check_free(case, costs=form.chargeable)
    if case.work.price_asked and not form.chargeable:
        raise InvalidInputError("The resident asked for the price; answer it with a plan.", "price_owed")
    work = case.work
    owes_price = form.chargeable and not form.on_list and not (work.plan and work.plan.price_fen)
    is_owed_already = work.price_asked or work.unlisted
    due = _quote_due(case, command, context) if owes_price and not is_owed_already else ()
    return (ev.ChargeDeclared(form.chargeable, form.reason, form.on_list, due),)


def why_not_infeasible(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Of repair or help, by whoever prices what is on no list, the department's head (C16)."""
    if refused := why_unsorted(case, actor, context, at):
        return refused
    if free_kind := why_no_price(case):
        return free_kind
    if case.order.infeasible is not None:
        return CommandRefusedError("This is on record already.", "infeasible_already")
    return why_no_pricer(case, actor, context, at)


def find_infeasible(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of finding that a repair cannot be done: that answers what it would cost (B10, C16)."""
    return (ev.NotFeasible(command.form.reason, unheard=True),)


def why_price_unsettled(case: Case) -> DomainError | None:
    """Work that costs money starts, and is completed, once a price is agreed to (B10, C16, G11)."""
    if case.work.price_asked:
        return CommandRefusedError("The resident asked for the price; propose it first.", "price_owed")
    if case.work.chargeable and not case.work.price_agreed:
        return CommandRefusedError(
            "This costs the resident money, and no price is agreed to; propose one and wait for the answer.",
            "price_not_agreed",
        )
    return None


def may_still_cost(case: Case, context: Context) -> bool:
    """Whether a repair that has not begun may cost its resident something (B10).

    A plan would say so; once there is one, or work has begun, a quote is a second one.
    """
    is_of_a_home = case.classification.kind == "repair" and not is_nobodys_own(
        case, context.regulation.warranty
    )
    return (
        is_of_a_home
        and case.state is State.SIGNED
        and case.work.plan is None
        and not costs_nothing(case.payer)
    )


def agree(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of the resident agreeing to the plan (B5, G11)."""
    return (ev.Agreed(command.form.note),)


def disagree(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of the resident not agreeing to the plan (B5)."""
    return (ev.Disagreed(command.form.reason),)
