"""The clocks of a case whose classification is corrected (A5, B7, G17)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting, facts_of, has_run_out
from chalicelib.domain.deadlines import Deadline, deadline_for
from chalicelib.domain.events import Classification
from chalicelib.domain.ledger import plan_of
from chalicelib.domain.regulation import BEGINS, Appointment, Begins, Clock
from chalicelib.domain.signing import signed_ahead


def reclassified_deadlines(
    case: Case, classification: Classification, at: datetime, setting: Setting
) -> Iterator[Deadline]:
    """Every clock as it is under another classification: from its own start, with its pauses and extension,
    and with the visit that is agreed on, for which an emergency does not wait.

    What has been met, or has run out by `at`, stays as it was: a correction makes nobody who was late in time
    (G17). A clock that the case has not had starts with the round; one that an assignment starts, now, if
    there has been one. The written report has rules of its own (reporting.py).
    """
    settled = {
        clock: known
        for clock, known in case.deadlines.items()
        if (clock in case.met or has_run_out(case, known, at, setting))
        and BEGINS[clock] is not Begins.UNRESOLVED
    }
    yield from settled.values()
    moved = _unsettled(case, classification, settled, at, setting)
    sign = case.deadlines.get(Clock.SIGN)
    yield from signed_ahead(moved, (), setting.calendar, sign.first_due_at if sign else None)


def _unsettled(
    case: Case,
    classification: Classification,
    settled: Collection[Clock],
    at: datetime,
    setting: Setting,
) -> Iterator[Deadline]:
    """The clocks that another classification can move: those that are not settled."""
    regulation = setting.regulation
    visit_at = None if classification.urgency == "emergency" else case.appointment
    facts, share = facts_of(classification), regulation.reopen.share_of_round(case.round)
    for rule in regulation.rules_for(facts):
        known = case.deadlines.get(rule.clock)
        if rule.clock in settled or BEGINS[rule.clock] is Begins.UNRESOLVED:
            continue
        if known is not None:
            started_at = known.started_at
            before = plan_of(known.ledger)
        elif BEGINS[rule.clock] is Begins.REGISTERED:
            started_at, before = case.round_started_at, None
        elif BEGINS[rule.clock] is Begins.ASSIGNED and case.handler is not None:
            started_at, before = at, None
        else:
            continue
        yield deadline_for(
            rule,
            started_at,
            setting.calendar,
            share=share,
            pauses=case.pauses if rule.clock in regulation.pause.clocks else (),
            appointment=visit_at if rule.appointment is not Appointment.IGNORED else None,
            extended_to=before.extended_to if before else None,
            extended_at=before.extended_at if before else None,
            care=regulation.care_share(rule, facts),
            promised=known.first_due_at if known else None,
        )
