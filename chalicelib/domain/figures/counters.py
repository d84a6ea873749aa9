"""The figures of a month: what each case adds to them (E1, G17).

A case counts in the month of its number. Its contribution is a function of the case alone; a command changes
the counters by the difference between the case after and the case before. So the counters equal a recount of
all cases from their events, at any time (G17).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.events import ANSWERED, Channel, CloseReason
from chalicelib.domain.case.rounds import (
    ended_without_work,
    handling_time,
    is_untrue,
    paused_time,
    was_first_late,
)
from chalicelib.domain.community.roles import VISITORS
from chalicelib.domain.figures.handler_counters import of_handlers
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import SEVERITIES, VALID

COUNTERS = (
    "registered",
    "registered_in_time",
    "valid_complaints",
    "open",
    "open_overdue",
    "first_late",
    "solved",
    "solved_in_time",
    "solved_late",
    "closed",
    "closed_silent",
    "closed_satisfied",
    "closed_unsatisfied",
    "closed_answered",
    "closed_unrevisited",
    "rejected",
    "referred",
    "withdrawn",
    "merged",
    "reopened",
    "on_the_spot",
    "signed",
    "unsigned",
    "surveys",
    "ratings",
    "rating_points",
    "ratings_satisfied",
    "revisits",
    *(f"revisits_{what}_{rank}" for what in ("by", "due") for rank in VISITORS),
    *(f"{what}_{severity}" for what in ("sample_pool", "sampled", "sample_seen") for severity in SEVERITIES),
    "asked_again",
    "asked_again_differs",
    "asked_again_due",
    "promises",
    "promises_kept",
    "urged",
    "reports_owed",
    "reports_filed",
    "handling_seconds",
    "paused_seconds",
)
"""The names of all counters of a row of figures.

A row counts cases, that of a handler rounds of work (handler_counters.py). Solved late in round 1, reopened,
solved in time in round 2 → the case is `solved_late`. A case that ends without work is `rejected`,
`referred`, `withdrawn` or `merged`, and no longer `solved` or `solved_late`. `handling_seconds` and
`paused_seconds` are sums over solved cases, wall-clock.

`first_late`: in any round, somebody took the matter up, or stood at the place, after the time for that.
`valid_complaints`: nobody has found them communicative or untrue; one merged into another counts there, one
withdrawn stays (A7). `unsigned`: waits for a signature.

Of the cases closed after the work, `closed_satisfied`, `closed_unsatisfied` and `closed_silent` say how they
ended. `closed_answered`: the resident had answered in the last round, to the survey or to a revisit.
`closed_unrevisited`: the manager decided that a revisit that was owed cannot be made; they are not in
`closed_answered`.

`surveys` could be sent: where there is neither phone nor mail, none was (G8). By rank, `revisits_by_…`
reached the resident, `revisits_due_…` were drawn and not made yet. By severity, `sample_pool_…` are the cases
among which the manager's sample is drawn, `sampled_…` those in it, `sample_seen_…` those of them that the
rank has revisited. `promises_kept` were answered by their time (D8). `asked_again`: answers to a second
person (G6), `asked_again_differs`: not what the first had written, `asked_again_due`: still to come; quotas
do not count them. `reports_owed`, `reports_filed`: written reports on serious cases (B6).
"""

REGISTRATION_GOAL = timedelta(minutes=15)
"""The longest time from contact to registration that counts as in time (A2, S1)."""

NOT_TO_SOLVE = ("rejected", "referred", "withdrawn", "merged")
"""The ends without work: a registered case is open, solved, or one of these."""

UNSATISFIED = frozenset({CloseReason.DISSATISFIED, CloseReason.DECIDED})

AFTER_WORK = UNSATISFIED | {CloseReason.SATISFIED, CloseReason.SILENT}
"""The reasons to close a case whose work was done; what is untrue had none."""

Contribution = Counter[tuple[str, str]]
"""(row, counter) → amount, as one case or a month adds up to.

A row is `total` or `dimension#value`: (`department#engineering`, `solved`) → 1.
"""


def contribution(case: Case | None) -> Contribution:
    """What one case adds to the figures of its month.

    Nothing before the case exists.
    """
    if case is None:
        return Counter()
    amounts = {name: amount for name, amount in _amounts(case).items() if amount}
    found = Counter({(row, name): amount for row in _rows(case) for name, amount in amounts.items()})
    found.update(of_handlers(case, amounts))
    return found


def _rows(case: Case) -> tuple[str, ...]:
    about = case.classification
    return (
        "total",
        f"kind#{about.kind}",
        f"category#{about.category}",
        f"matter#{about.matter}",
        f"department#{about.department}",
        f"channel#{Channel(case.report.channel)}",
    )


def _amounts(case: Case) -> Mapping[str, int]:
    solved = case.state not in IN_DISPATCH and case.work.completed_at is not None
    in_time = case.registered_at - case.report.contacted_at <= REGISTRATION_GOAL
    open_now, late = case.state in IN_DISPATCH, any(ended.late for ended in case.rounds)
    first_late = was_first_late(case) or any(ended.first_late for ended in case.rounds)
    completed = sum(ended.completed for ended in case.rounds)
    reachable = case.report.phone is not None or case.report.email is not None  # empty: erased since
    return {
        "registered": 1,
        "registered_in_time": int(in_time),
        "valid_complaints": int(_is_valid_complaint(case)),
        "open": int(open_now),
        "open_overdue": int(open_now and (late or Clock.SOLVE in case.clocks.overdue)),
        "first_late": int(first_late),
        "solved": int(solved),
        "solved_in_time": int(solved and not late),
        "solved_late": int(solved and late),
        "closed": int(case.state in {State.CLOSED, State.ARCHIVED}),
        "closed_silent": int(case.ending.close_reason is CloseReason.SILENT),
        "closed_satisfied": int(case.ending.close_reason is CloseReason.SATISFIED),
        "closed_unsatisfied": int(case.ending.close_reason in UNSATISFIED),
        "closed_answered": int(case.ending.close_reason in AFTER_WORK and _has_answered(case)),
        "closed_unrevisited": int(case.ending.revisit_left_out),
        **ended_without_work(case),
        "reopened": case.round - 1,
        "on_the_spot": int(case.work.on_the_spot),
        "signed": int(case.assignment.signed_by is not None),
        "unsigned": int(open_now and case.assignment.signed_by is None),
        "surveys": completed if reachable else 0,
        "ratings": len(case.tally.ratings),
        "rating_points": sum(rating.score for rating in case.tally.ratings),
        "ratings_satisfied": sum(rating.satisfied for rating in case.tally.ratings),
        "revisits": case.tally.revisits_recorded,
        **{f"revisits_by_{rank}": amount for rank, amount in case.tally.revisited_by.items()},
        **_awaited(case),
        **_sampled(case),
        "asked_again": case.tally.asked_again,
        "asked_again_differs": case.tally.asked_again_differs,
        "promises": case.tally.promises,
        "promises_kept": case.tally.promises_kept,
        "urged": case.tally.urged,
        "reports_owed": int(_owes_report(case)),
        "reports_filed": case.report_duty.filed,
        "handling_seconds": int(handling_time(case).total_seconds()),
        "paused_seconds": int(paused_time(case).total_seconds()),
    }


def _owes_report(case: Case) -> bool:
    """A case found untrue owes what it owed before; the rest waits for the resident's objection."""
    if case.state in {State.REJECTED, State.OBJECTED}:
        return case.report_duty.is_from_before(case.clocks.started_at)
    return case.report_duty.owed


def _is_valid_complaint(case: Case) -> bool:
    """Not found to be communicative or untrue (S4). A withdrawal says nothing of whether it was right."""
    about = case.classification
    counts = case.state is not State.MERGED and not is_untrue(case)
    return about.kind == "complaint" and about.nature == VALID and counts


def _has_answered(case: Case) -> bool:
    """Whether the resident has answered in this round, to the survey or to whoever had to revisit."""
    if case.ending.revisit_left_out:
        return False
    return case.rating is not None or any(visit.outcome in ANSWERED for visit in case.follow_up.revisits)


def _awaited(case: Case) -> Mapping[str, int]:
    """The revisit that somebody was asked to make and has not made yet; one to ask again is no rank's."""
    if case.follow_up.ask_again_after is not None:
        return {"asked_again_due": 1}
    rank = case.follow_up.revisit_rank
    return {f"revisits_due_{rank}": 1} if case.state is State.COMPLETED and rank is not None else {}


def _sampled(case: Case) -> Mapping[str, int]:
    """Where the case stands in the manager's sample, as it was drawn (D6)."""
    lot = case.tally.sample
    if lot is None:
        return {}
    seen = lot.taken and case.tally.revisited_by.get(lot.rank, 0) > 0
    return {
        f"sample_pool_{lot.severity}": 1,
        f"sampled_{lot.severity}": int(lot.taken),
        f"sample_seen_{lot.severity}": int(seen),
    }


def changes(before: Case | None, after: Case) -> Mapping[str, Mapping[str, int]]:
    """Row → counter → signed change by one command.

    Only what changes, so few rows are written: solved → {`total`: {`open`: -1, `solved`: 1}, …}.
    """
    difference = contribution(after)
    difference.subtract(contribution(before))
    rows: dict[str, dict[str, int]] = {}
    for (row, name), amount in difference.items():
        if amount:
            rows.setdefault(row, {})[name] = amount
    return rows


def recount(cases: Iterable[Case]) -> Contribution:
    """The figures of a month counted again from its cases (G17)."""
    total: Contribution = Counter()
    for case in cases:
        total.update(contribution(case))
    return Counter({key: amount for key, amount in total.items() if amount})
