"""When a case waits for something, where that takes more than a word to say (A6, A9, A12, A13, B1, B9)."""

from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.climbed import Climb
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import rank_of_its_kind
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.signers import waiting_result
from chalicelib.domain.work.suggestion import is_decided_on
from chalicelib.domain.work.verification import is_found_untrue

S = State


def is_handed_on(case: Case, context: Context) -> bool:
    """Whether somebody has to be found for it: sorted, with nobody, and no rank has its kind."""
    ranked = rank_of_its_kind(case.classification.kind, context)
    return case.state is S.REGISTERED and case.classification.is_sorted and ranked is None


def is_suggestion(case: Case, context: Context) -> bool:
    """Whether the manager has to decide on it as a suggestion (A13)."""
    is_sorted = case.state in IN_DISPATCH and case.classification.is_sorted
    return is_sorted and is_decided_on(case.classification.kind, context)


def is_at_work(case: Case, context: Context) -> bool:
    """Whether it is for the handler to go on: nobody else decides on it first."""
    is_looked_at = waiting_result(case) is not None or waiting_plan(case) is not None
    is_decided_elsewhere = is_suggestion(case, context) or is_looked_at or is_found_untrue(case)
    checks = (case.work.sign_off, case.work.plan_check)
    came_back = any(check.returned is not None for check in checks)  # asked for by itself
    return case.clocks.pause is None and not is_decided_elsewhere and not came_back


def is_unanswered(case: Case, _: Context) -> bool:
    """Whether a letter waits for a reply that nobody has drafted (A12)."""
    return case.owes_reply and not case.reply_pending


def visit_wanted(case: Case, _: Context) -> bool:
    """Whether the resident has proposed a visit."""
    return case.work.proposed_visit is not None and case.work.proposed_visit.by_resident


def is_followed(case: Case, _: Context) -> bool:
    """Whether nobody has signed for it yet, so that who took it in follows it (A9)."""
    return case.state in {S.REGISTERED, S.ASSIGNED} and case.classification.is_sorted


def climbed_over(case: Case) -> tuple[Climb, ...]:
    """The escalations that somebody has still to see to: what they are over is not done (B6)."""
    return tuple(climb for climb in case.climbs if _is_undone(case, climb))


def _is_undone(case: Case, climb: Climb) -> bool:
    report = case.report_duty.deadline
    if report is not None and climb.clock is report.clock:
        return case.report_duty.owed
    if climb.clock is not None:
        return case.state in OPEN and climb.clock in {deadline.clock for deadline in case.open}
    return case.follow_up.revisit_due_at is not None if climb.of == "revisit" else case.state in IN_DISPATCH


def is_unbilled(case: Case) -> bool:
    """Whether the work is done and costs what nobody has written a bill of (B9)."""
    bill = case.order.bill
    is_billed = bill is not None and bill.round == case.round and not bill.free
    return case.state is S.COMPLETED and case.work.chargeable and case.work.price_agreed and not is_billed


def price_is_owed(case: Case, _: Context) -> bool:
    """Whether the head has to name a price that is on no list (C16)."""
    return case.work.unlisted and case.state in IN_DISPATCH and waiting_plan(case) is None
