"""Plan and price: proposed, asked for, agreed to or not (B4, B5, B10, C16, G11)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.dispatch.responsibility import only_who_answers
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.regulation.limits import Begins
from chalicelib.domain.work.forms import ProposeForm


def propose(case: Case, command: Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    form: ProposeForm = command.form
    if form.price_fen is not None and form.price_fen < 1:
        raise InvalidInputError("'price_fen' is a price in fen, 1 or more; leave it out if it costs nothing.")
    return (ev.Proposed(form.cause, form.plan, form.price_fen),)


def ask_price(case: Case, command: Command, setting: Setting) -> Payloads:
    """What a repair would cost is asked before any work (B10, C16); the answer is a plan with its price."""
    if case.classification.kind != "repair":
        raise CommandRefusedError("Only a repair can cost anything; there is no price to ask.", "no_price")
    if case.work.price_asked:
        raise CommandRefusedError("The price was asked for already; the answer comes soon.", "price_asked")
    deadlines = starting_deadlines(Begins.QUOTE_ASKED, case.classification, command.at, setting, case.round)
    return (ev.PriceAsked(command.form.note, deadlines),)


def _price_is_settled(case: Case) -> None:
    """Work that costs money does not start before the resident knows the price and has agreed (C16, G11)."""
    if case.work.price_asked:
        raise CommandRefusedError("The resident asked for the price; propose it first.", "price_owed")
    if case.work.plan is not None and case.work.plan.price_fen and not case.work.plan_agreed:
        raise CommandRefusedError(
            "The resident has not agreed to the price; propose it and wait for the answer.",
            "price_not_agreed",
        )


def agree(_: Case, command: Command, __: Setting) -> Payloads:
    return (ev.Agreed(command.form.note),)


def disagree(_: Case, command: Command, __: Setting) -> Payloads:
    return (ev.Disagreed(command.form.reason),)
