"""Plan and price: proposed, asked for, agreed to or not (B4, B5, B10, C16, G11)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.limits import Begins
from chalicelib.domain.work.forms import ProposeForm


def propose(_: Case, command: Command[ProposeForm], __: Context) -> Payloads:
    """The event of a proposed plan (B4); InvalidInputError for a price below 1 fen."""
    form = command.form
    if form.price_fen is not None and form.price_fen < 1:
        raise InvalidInputError("'price_fen' is a price in fen, 1 or more; leave it out if it costs nothing.")
    return (ev.Proposed(form.cause, form.plan, form.price_fen, unheard=True),)


def why_no_price_asked(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The price is asked once, and only of a repair (C16)."""
    if unsorted := why_unsorted(case, actor, context, at):
        return unsorted
    if case.classification.kind != "repair":
        return CommandRefusedError("Only a repair can cost anything; there is no price to ask.", "no_price")
    if case.work.price_asked:
        return CommandRefusedError("The price was asked for already; the answer comes soon.", "price_asked")
    return None


def ask_price(case: Case, command: Command[NoteForm], context: Context) -> Payloads:
    """The event of asking what a repair would cost, before any work (B10, C16).

    The answer is a plan with its price. The clock of the quote runs from the receipt of the order: it starts
    now if somebody has the case, else with the assignment.
    """
    begins = Begins.QUOTE_ASKED
    has_the_order = case.assignment.handler is not None
    started = starting_deadlines(begins, case.classification, command.at, context, case.round)
    return (ev.PriceAsked(command.form.note, started if has_the_order else ()),)


def why_price_unsettled(case: Case) -> DomainError | None:
    """Work with a price starts once the resident has agreed to it (C16, G11)."""
    plan = case.work.plan
    if case.work.price_asked:
        return CommandRefusedError("The resident asked for the price; propose it first.", "price_owed")
    if plan is not None and plan.price_fen and not case.work.plan_agreed:
        return CommandRefusedError(
            "The resident has not agreed to the price; propose it and wait for the answer.",
            "price_not_agreed",
        )
    return None


def agree(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of agreeing to the plan."""
    return (ev.Agreed(command.form.note),)


def disagree(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of not agreeing to the plan."""
    return (ev.Disagreed(command.form.reason),)
