"""Who is told of prices, of what is said to them, and of bills (B5, B10, C16, G11)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.regulation.limits import Clock


def of_the_order(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about what the work costs.

    The head of the department is asked for a price that is on no list, a leader to sign a refusal as well.
    Nobody hears of what they did themselves.
    """
    case = outcome.after
    handler = case.assignment.handler
    match event.payload:
        case ev.ChargeDeclared() | ev.Assigned() if _asks_the_head(outcome, event.payload):
            yield from _to_rank(
                Role.DEPARTMENT_HEAD, NoticeKind.PRICE_OWED, Clock.QUOTE, case, event, context
            )
        case ev.Proposed():
            yield NoticeKind.PROPOSED, RESIDENT_ID, None
        case ev.PriceAsked() if handler:
            yield NoticeKind.PRICE_ASKED, handler, Clock.QUOTE
        case ev.Agreed() if handler and handler != event.actor.id:
            yield NoticeKind.AGREED, handler, None
        case ev.Disagreed():
            if handler and handler != event.actor.id:
                yield NoticeKind.DISAGREED, handler, None
            if case.order.unsigned_refusal:
                yield from _to_rank(Role.SUPERVISOR, NoticeKind.REFUSED, None, case, event, context)
        case ev.PaymentRefused():
            yield from _to_rank(Role.SUPERVISOR, NoticeKind.REFUSED, None, case, event, context)
        case ev.Billed():
            yield NoticeKind.BILLED, RESIDENT_ID, None
        case ev.NotFeasible():
            yield NoticeKind.INFEASIBLE, RESIDENT_ID, None
        case ev.ChargeGivenUp():
            yield NoticeKind.FREED, RESIDENT_ID, None


def _asks_the_head(outcome: Outcome, payload: ev.Payload) -> bool:
    """Whether a price on no list begins to be owed: its clock runs, whoever started that (C16).

    The resident may have asked before it was known to be on no list; before anybody has the order, the head
    is asked with its assignment.
    """
    case, before = outcome.after, outcome.before
    if not case.work.unlisted or Clock.QUOTE not in {deadline.clock for deadline in case.clocks.open}:
        return False
    if isinstance(payload, ev.Assigned):
        return any(deadline.clock is Clock.QUOTE for deadline in payload.deadlines)
    return before is None or not before.work.unlisted


def _to_rank(
    rank: Role, kind: NoticeKind, detail: str | None, case: Case, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    person = person_of_rank(context.community, rank, case.classification.department, event.at)
    if person is not None and person.username != event.actor.id:
        yield kind, person.username, detail
