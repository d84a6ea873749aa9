"""The figures of a month: what each case adds to them (E1, G17).

A case counts in the month of its number. Its contribution is a function of the case alone; a command changes
the counters by the difference between the case after and the case before. So the counters equal a recount of
all cases from their events, at any time (G17).
"""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.events import Channel, CloseReason
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.incident import has_led
from chalicelib.domain.case.money import has_come_back
from chalicelib.domain.case.rounds import (
    ended_without_work,
    handling_time,
    is_untrue,
    paused_time,
    signature_of,
    was_first_late,
)
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.community.roles import VISITORS
from chalicelib.domain.figures.revisit_counters import UNSATISFIED, awaited, revisits_counted, sampled
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import SEVERITIES, VALID

COUNTERS = (
    "registered",
    "registered_in_time",
    "contact_unknown",
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
    "closed_neutral",
    "closed_unrevisited",
    "rejected",
    "referred",
    "withdrawn",
    "merged",
    "unreached",
    "incidents",
    "incident_reports",
    "reopened",
    "warranty_returns",
    "on_the_spot",
    "accepted",
    "unaccepted",
    "acceptance_given_up",
    "nobody_home",
    "signed",
    "unsigned",
    "signings",
    "signing_seconds",
    "surveys",
    "ratings",
    "rating_points",
    "ratings_satisfied",
    "revisits",
    "revisits_wanted",
    "revisits_made",
    *(f"{what}_{rank}" for what in ("revisited_by", "revisit_due") for rank in VISITORS),
    *(f"{what}_{severity}" for what in ("sample_pool", "sampled", "sample_seen") for severity in SEVERITIES),
    "audited",
    "audited_right",
    "asked_again",
    "asked_again_differs",
    "asked_again_due",
    "promises",
    "promises_kept",
    "points_raised",
    "points_dealt_with",
    "urged",
    "reports_owed",
    "reports_filed",
    "handling_seconds",
    "paused_seconds",
)
"""The names of all counters of a row of figures.

A row counts cases, that of a handler rounds of work (handler_counters.py). Solved late in round 1, reopened,
solved in time in round 2 → the case is `solved_late`. A case that ends without work is `rejected`,
`referred`, `withdrawn`, `merged` or `unreached` (A1), and no longer `solved` or `solved_late`.
`handling_seconds` and `paused_seconds` are sums over solved cases, wall-clock.

`contact_unknown`: nobody said when the resident got in touch, so it is not known whether it was registered in
time (A2). `first_late`: in any round, somebody took the matter up, or stood at the place, after its time.
`valid_complaints`: nobody has found them communicative or untrue; one merged into another counts there, one
withdrawn stays (A7). `unsigned`: waits for a signature. `signings` were signed for in their last round,
whatever became of them since; `signing_seconds` is how long that took from the assignment, in sum.

`accepted` were signed for by the resident in their last round, or seen by a colleague at a common part (B13);
`unaccepted` are done, closed or not, and nobody has; of `acceptance_given_up` a leader has put on record that
nobody will. `nobody_home` are visits for it in vain (B9).

Of the cases closed after the work, `closed_satisfied`, `closed_neutral`, `closed_unsatisfied` and
`closed_silent` say how they ended. `closed_unrevisited`: the manager decided that a revisit that was owed
cannot be made.

`incidents` led one; `incident_reports` are those and all joined to them, each registered and solved (A16).

`surveys` could be sent: without a phone for SMS and without mail none was (G8), and of an incident's reports
to a sample. `revisits` are all that were
made or tried. `revisits_wanted` were due in the last round of a case that has closed after its work, or is
late with one; `revisits_made` are those of them at which a person heard the resident (D2): a survey is none.
By rank, `revisited_by_…` are the cases in which it heard the resident, `revisit_due_…` those in which it has
still to do so for the first time (D5). `points_raised` were heard at revisits, `points_dealt_with` of them
answered (D4). By severity, `sample_pool_…` are the cases
among which the manager's sample is drawn, `sampled_…` those in it, `sample_seen_…` those of them that the
rank has revisited. `promises_kept` were answered by their time (D8). `asked_again`: answers to a second
person (G6), `asked_again_differs`: not what the first had written, `asked_again_due`: still to come; quotas
do not count them. `reports_owed`, `reports_filed`: written reports on serious cases (B6).
`audited`: somebody else has judged the classification, `audited_right` of them right in all (A8).
"""

REGISTRATION_GOAL = timedelta(minutes=15)
"""The longest time from contact to registration that counts as in time (A2, S1)."""

NOT_TO_SOLVE = ("rejected", "referred", "withdrawn", "merged", "unreached")
"""The ends without work: a registered case is open, solved, or one of these."""


def rows_of(case: Case) -> tuple[Row, ...]:
    """The rows of figures that a case counts in, but those of handlers."""
    about = case.classification
    return (
        TOTAL,
        Row("kind", about.kind),
        Row("category", about.category),
        Row("matter", about.matter),
        Row("department", about.department),
        Row("channel", Channel(case.report.channel).value),
    )


def amounts_of(case: Case) -> Mapping[str, int]:
    """What a case adds to each counter of the month, nothing included."""
    solved = case.state not in IN_DISPATCH and case.work.completed_at is not None
    contacted_at = case.report.contacted_at
    in_time = contacted_at is not None and case.registered_at - contacted_at <= REGISTRATION_GOAL
    open_now, late = case.state in IN_DISPATCH, any(ended.late for ended in case.rounds)
    first_late = was_first_late(case) or any(ended.first_late for ended in case.rounds)
    surveyed = sum(ended.completed and ended.surveyed for ended in case.rounds)
    phone, email = case.report.phone, case.report.email
    reachable = can_be_written_to(phone, email) or "" in (phone, email)  # empty: erased since
    return {
        "registered": 1,
        "registered_in_time": int(in_time),
        "contact_unknown": int(contacted_at is None),
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
        "closed_neutral": int(case.ending.close_reason is CloseReason.NEUTRAL),
        "closed_unrevisited": int(case.ending.revisit_left_out),
        **ended_without_work(case),
        "incidents": int(has_led(case.incident)),
        "incident_reports": int(
            has_led(case.incident) or case.is_joined or case.work.solved_with is not None
        ),
        "reopened": case.returns,
        "warranty_returns": int(has_come_back(case.payer, case.number)),
        "on_the_spot": int(case.work.on_the_spot),
        "accepted": int(case.work.acceptance.signed_at is not None),
        "unaccepted": int(case.work.acceptance.waits),
        "acceptance_given_up": int(_is_given_up(case)),
        "nobody_home": len(case.work.acceptance.missed),
        "signed": int(case.assignment.signed_by is not None),
        "unsigned": int(open_now and case.assignment.signed_by is None),
        **_signing(case),
        "surveys": surveyed if reachable else 0,
        "ratings": len(case.tally.ratings),
        "rating_points": sum(rating.score for rating in case.tally.ratings),
        "ratings_satisfied": sum(rating.satisfied for rating in case.tally.ratings),
        "revisits": case.tally.revisits_recorded,
        **revisits_counted(case),
        **{f"revisited_by_{rank}": int(amount > 0) for rank, amount in case.tally.revisited_by.items()},
        **awaited(case),
        **sampled(case),
        **_audited(case),
        "asked_again": case.tally.asked_again,
        "asked_again_differs": case.tally.asked_again_differs,
        "promises": case.tally.promises,
        "promises_kept": case.tally.promises_kept,
        "points_raised": len(case.points),
        "points_dealt_with": sum(point.dealt_with for point in case.points),
        "urged": case.tally.urged,
        "reports_owed": int(_owes_report(case)),
        "reports_filed": case.report_duty.filed,
        "handling_seconds": int(handling_time(case).total_seconds()),
        "paused_seconds": int(paused_time(case).total_seconds()),
    }


def _signing(case: Case) -> Mapping[str, int]:
    signature = signature_of(case)
    took = signature[1] - signature[0] if signature else timedelta()
    return {"signings": int(signature is not None), "signing_seconds": int(took.total_seconds())}


def _is_given_up(case: Case) -> bool:
    acceptance = case.work.acceptance
    return acceptance.given_up is not None and acceptance.signed_at is None


def _audited(case: Case) -> Mapping[str, int]:
    judgement = case.sorting.judgement
    return {
        "audited": int(judgement is not None),
        "audited_right": int(judgement is not None and judgement.right),
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
