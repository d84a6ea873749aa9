"""The figures of each handler, who answers for rounds of work (E4, G17).

A round of work counts for its handler, whatever becomes of the case. Whoever gets a case that came back
begins with a clean sheet; what the round before left is its worker's. So these rows count rounds, and do not
add up to the total, which counts cases: Li solves late, the case comes back, Wang solves in time → Li has 1
`solved_late`, Wang 1 `solved_in_time`, the total 1 `solved_late`. Within a round the case is whose it is now:
whoever takes over takes over its clock.
"""

from collections import Counter
from collections.abc import Mapping

from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.case.rounds import ended_without_work, was_first_late
from chalicelib.domain.regulation.limits import Clock

OF_A_ROUND = frozenset(
    {
        "registered",
        "registered_in_time",
        "contact_unknown",
        "open_overdue",
        "first_late",
        "solved",
        "solved_in_time",
        "solved_late",
        "handling_seconds",
        "paused_seconds",
        "surveys",
        "ratings",
        "rating_points",
        "ratings_satisfied",
        "reopened",
        "rejected",
        "referred",
        "withdrawn",
        "merged",
    }
)
"""The counters that count rounds; the rest stands with the case's last handler."""

OF_THE_FIRST = "warranty_returns"
"""The counter of what came back within its warranty: of whoever did the first repair, not of who mends it."""


def of_handlers(case: Case, amounts: Mapping[str, int]) -> Counter[tuple[Row, str]]:
    """(row, counter) → amount of the handlers' rows.

    `amounts` are those of the case as a whole.
    """
    found: Counter[tuple[Row, str]] = Counter()
    for ended in case.rounds:
        if ended.completed and ended.handler is not None:  # by an incident: once, for whoever did the work
            found.update(_of_row(ended.handler, _completed(ended, amounts)))
    is_done = case.work.completed_at is not None
    present = case.rounds[-1].handler if is_done else case.assignment.handler
    if present is not None:
        of_others = {*OF_A_ROUND, OF_THE_FIRST}
        of_the_case = {name: amount for name, amount in amounts.items() if name not in of_others}
        found.update(_of_row(present, of_the_case))
        if not is_done:
            found.update(_of_row(present, _to_do(case, amounts)))
    first = case.payer.worker if case.payer else None
    if first is not None:
        found.update(_of_row(first, {OF_THE_FIRST: amounts.get(OF_THE_FIRST, 0)}))
    found.update((Row("handler", worker), "reopened") for worker in case.tally.returned_from)
    for rating in case.tally.ratings:
        points = {"ratings": 1, "rating_points": rating.score, "ratings_satisfied": int(rating.satisfied)}
        found.update(_of_row(rating.handler, points))
    return found


def _completed(ended: RoundRecord, amounts: Mapping[str, int]) -> Mapping[str, int]:
    return {
        **_begun(amounts),
        "solved": 1,
        "solved_late" if ended.late else "solved_in_time": 1,
        "first_late": int(ended.first_late),
        "handling_seconds": int(ended.took.total_seconds()),
        "paused_seconds": int(ended.paused.total_seconds()),
        "surveys": int(bool(amounts.get("surveys"))),
    }


def _to_do(case: Case, amounts: Mapping[str, int]) -> Mapping[str, int]:
    """The present round, if it has not been completed. Late is what is late in it, not what was before."""
    late = case.state in IN_DISPATCH and Clock.SOLVE in case.clocks.overdue
    return {
        **_begun(amounts),
        **ended_without_work(case),
        "open_overdue": int(late),
        "first_late": int(was_first_late(case)),
    }


def _begun(amounts: Mapping[str, int]) -> Mapping[str, int]:
    return {
        "registered": 1,
        **{name: amounts.get(name, 0) for name in ("registered_in_time", "contact_unknown")},
    }


def _of_row(handler: str | None, amounts: Mapping[str, int]) -> Counter[tuple[Row, str]]:
    return Counter({(Row("handler", handler), name): amount for name, amount in amounts.items()})
