"""The receipt of a report (A11).

It has the number, what happens next, by when, and a link.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.fold import apply
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.domain.dispatch.responsibility import rank_of_its_kind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.desk import Desk
from chalicelib.services.intake.register import Receipt


class Promise(Struct, frozen=True):
    """A time by which something is to be done, with the reasons for it.

    The time is local with its offset; the zone's name stands beside it.
    """

    due_at: datetime
    zone: str
    provisional: bool
    reasons: tuple[str, ...]


class ReceiptView(Struct, frozen=True):
    """`next` is a sentence for the person who reported; `tracking_url` shows how the case goes.

    `left_out` is what a machine sent and could not be taken, each as `field: value`. `deadline` is when the
    case is solved, null before it is sorted (A7); `arrival` when somebody is there, if that is promised (C5,
    C8).
    """

    community: str
    number: str
    state: str
    registered_at: datetime
    next: str
    deadline: Promise | None
    arrival: Promise | None
    tracking_url: str
    left_out: tuple[str, ...]


def receipt_view(desk: Desk, receipt: Receipt, base_url: str, words: Catalogue) -> ReceiptView:
    """The receipt as the caller reads it.

    A repeated report gets the same receipt as the first.
    """
    case = _as_registered(desk, receipt.case) if receipt.repeated else receipt.case
    context = desk.context_of(case)
    # what is promised to a report that was joined to an incident is promised for that (A16)
    promised = case
    if case.is_joined:
        promised = receipt.leader or desk.cases.get(case.community, case.ending.merged_into or "")
    solve = _promise(promised, Clock.SOLVE, context, words)
    arrival = _promise(promised, Clock.ON_SITE, context, words) if promised.clocks.arrival_due_at else None
    return ReceiptView(
        community=case.community,
        number=case.number,
        state=case.state,
        registered_at=case.registered_at.astimezone(context.zone),
        next=_next(case, solve, arrival, context, words),
        deadline=solve,
        arrival=arrival,
        tracking_url=f"{base_url}/l/{receipt.track_code}",
        left_out=case.report.left_out,
    )


def _promise(case: Case, clock: Clock, context: Context, words: Catalogue) -> Promise | None:
    deadline = case.clocks.deadlines.get(clock)
    if deadline is None:
        return None
    reasons = explain(deadline, context.calendar, words, sourced=False)
    return Promise(deadline.due_at.astimezone(context.zone), deadline.zone, deadline.provisional, reasons)


def _as_registered(desk: Desk, case: Case) -> Case:
    """The case as its registration left it, folded from its first events."""
    then: Case | None = None
    for event in desk.cases.events(case.community, case.number):
        if event.command == "register":
            then = apply(then, event, case.community, case.number)
    return then or case


def _next(
    case: Case, solve: Promise | None, arrival: Promise | None, context: Context, words: Catalogue
) -> str:
    """What happens next, for the person who reported."""
    if case.is_joined:
        return words("receipt.joined", number=case.ending.merged_into or "")
    if case.work.on_the_spot:
        return words("receipt.on_the_spot")
    if solve is None:
        return _until_sorted(case, context, words)
    rank = rank_of_its_kind(case.classification.kind, context)
    if rank is not None:
        solved = _moment(solve.due_at, words)
        return words("receipt.for_a_rank", who=words(f"roles.{rank}"), solve=solved, zone=solve.zone)
    department, community = case.classification.department, context.community
    known = department in community.departments
    return words(
        "receipt.registered_with_arrival" if arrival else "receipt.registered",
        department=department_name(department, community, words) if known else words("receipt.department"),
        arrival=_moment(arrival.due_at, words) if arrival else "",
        solve=_moment(solve.due_at, words),
        zone=solve.zone,
    )


def _until_sorted(case: Case, context: Context, words: Catalogue) -> str:
    """What is true of a report that nobody has sorted: when the desk looks at it, and answers (A7)."""
    found = (_promise(case, clock, context, words) for clock in (Clock.SORT, Clock.RESPOND))
    sort, respond = (_moment(promise.due_at, words) if promise else "" for promise in found)
    said = "receipt.unsorted" if sort and respond else "receipt.unsorted_without_times"
    return words(said, sort=sort, respond=respond, zone=case.zone)


def _moment(at: datetime, words: Catalogue) -> str:
    return words.dated("receipt.moment", at.date(), f"{at:%H:%M}")
