"""The price of a plan: from the price list of the day, else the department head's (B10, C16)."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Listed
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.heads import heads_of, speaks_for
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.work.forms import ProposeForm

OF_NO_WORK = "Only a repair, or help for which somebody comes, can cost anything; there is no price."


def why_no_price(case: Case) -> DomainError | None:
    """The refusal of a price where nobody comes to do anything (B9, G11)."""
    if case.classification.kind in OF_THE_WORK:
        return None
    return CommandRefusedError(OF_NO_WORK, "no_price")


def price_of(
    case: Case, form: ProposeForm, actor: Actor, context: Context, at: datetime
) -> tuple[int | None, Listed | None]:
    """The price in fen and the line of the list that it comes from; None for what costs nothing.

    InvalidInputError for an item that the list of that day has not. A price that is on no list is the
    department head's to name, where there is a list and such a head.
    """
    if form.price_item is None:
        if form.price_fen is not None and is_the_heads(case, actor, context, at):
            raise InvalidInputError(
                "What is on no price list is priced by the head of the department; say that it costs money "
                "and is not on the list, and the head is asked.",
                "heads_price",
            )
        return form.price_fen, None
    listed = listed_of(form.price_item, form.quantity, context, at)
    return listed.fee_fen * listed.quantity + (form.material_fen or 0), listed


def listed_of(price_item: str, quantity: int | None, context: Context, at: datetime) -> Listed:
    """The line of the price list of that day; InvalidInputError for an item that it has not."""
    items = {item.id: item for item in context.community.prices_at(at)}
    item = items.get(price_item)
    if item is None:
        raise InvalidInputError(
            f"The price list of today has no item {price_item!r}; it has: {', '.join(items) or 'none'}.",
            "unknown_price",
        )
    return Listed(
        item.id, item.name, item.fee_fen, item.unit_name, quantity or 1, item.valid_from, item.version
    )


def is_the_heads(case: Case, actor: Actor, context: Context, at: datetime) -> bool:
    """Whether somebody else has to name what is on no list."""
    return bool(context.community.prices_at(at)) and why_no_pricer(case, actor, context, at) is not None


def why_no_pricer(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whether work can be done, and its price without a list, the head says (C16).

    So does whoever speaks for the department in the head's place. Where nobody could, whoever has the work.
    """
    department, community = case.classification.department, context.community
    if not heads_of(department, community) or speaks_for(actor.id, department, community, at):
        return None
    return NotAllowedError("Only the head of the department can say this.", "heads_word")
