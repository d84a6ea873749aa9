"""One case as a line of a list.

Nothing in it is personal but the beginning of what was reported.
"""

from datetime import datetime

from chalicelib.domain.case.about import About
from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.clock_changes import expected_deadlines, held_in_time
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import kept_away
from chalicelib.domain.case.rounds import signature_of
from chalicelib.domain.community.community import Community
from chalicelib.domain.follow_up.retention import ended_at
from chalicelib.domain.intake.danger import danger_of
from chalicelib.domain.intake.masking import masked
from chalicelib.domain.intake.triage.proposal import corrected
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.domain.work.acceptance import still_waits
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.signers import waiting_result
from chalicelib.services.records import CaseLine

SUMMARY = 60
"""How many characters of the report a line shows."""

REVISIT = "revisit"
"""What is due where no clock is."""


POINT = "point"
"""What is due where a point raised at a revisit waits for its answer (D4)."""


DECISION = "malicious"
"""What is due where the malicious track waits for a decision (G14)."""


def away_from_line(line: CaseLine, community: Community) -> frozenset[str]:
    """The usernames of everybody who is kept away from the case of a line (G13)."""
    return kept_away(About(line.about, line.about_unknown), line.urgency, community)


def line_of(
    case: Case,
    context: Context,
    next_timer_at: datetime | None,
    followed_by: str | None = None,
    decides: str | None = None,
    place: str | None = None,
    waits: tuple[str, ...] | None = None,
) -> CaseLine:
    """The line of a case.

    `next_timer_at` is the earliest of all its timers, at which its workflow wakes; `followed_by` is the
        colleague who took it in, if there is one (A9). Whoever `decides` has it till then (B1).
    `place` is the key of its building, `waits` says whom it may wait for (domain/waiting.py).
    """
    planned = [
        deadline
        for clock, deadline in case.deadlines.items()
        if clock not in case.met
        and not deadline.derivation.runs_around_the_clock
        and case.state in IN_DISPATCH
    ]
    due_at, due_for = due_next(case, context)
    return CaseLine(
        community=case.community,
        number=case.number,
        state=case.state,
        round=case.round,
        kind=case.classification.kind,
        matter=case.classification.matter,
        department=case.classification.department,
        urgency=case.classification.urgency,
        severity=case.classification.severity,
        payer=case.payer.payer if case.payer else None,
        unsigned_result=waiting_result(case) is not None,
        unconfirmed_plan=waiting_plan(case) is not None,
        unaccepted=still_waits(case),
        handler=decides or case.assignment.handler,
        due_at=due_at or next_timer_at or case.clocks.solve_due_at or case.registered_at,
        overdue=Clock.SOLVE in case.overdue,
        registered_at=case.registered_at,
        next_timer_at=next_timer_at,
        summary=_beginning(masked(case.report.text or "", case.report)),
        planned_until=max((deadline.due_at for deadline in planned), default=None),
        provisional=any(deadline.provisional for deadline in planned),
        extension_asked=case.clocks.extension_request is not None and case.state in IN_DISPATCH,
        due_for=due_for,
        overdue_clocks=case.overdue,
        paused=case.clocks.pause is not None,
        danger=case.state in IN_DISPATCH and danger_of(case, context) is not None,
        held=_is_held(case, due_for, context),
        followed_by=followed_by,
        answerable=case.answerable,
        points_open=len(case.open_points),
        to_call=bool(case.telling.to_call),
        call_back=case.call_back.owed and case.state in IN_DISPATCH,
        proposed=_proposed(case),
        corrected=corrected(case),
        about=case.about.people,
        about_unknown=case.about.unknown,
        ended_at=ended_at(case),
        erased=case.erased,
        erasure_asked=case.erasure_asked_at is not None,
        place=place,
        leads=case.leads,
        waits=waits,
        **_signed(case),
    )


def _signed(case: Case) -> dict[str, datetime]:
    signature = signature_of(case)
    return dict(zip(("assigned_at", "signed_at"), signature, strict=True)) if signature else {}


def _proposed(case: Case) -> str | None:
    """The matter that the triage proposed; None where it was not sure."""
    matter = case.proposal.matter if case.proposal else UNSORTED
    return None if matter == UNSORTED else matter


def due_next(case: Case, context: Context) -> tuple[datetime, str] | tuple[None, None]:
    """The first thing due on an open case, and when (B7).

    It is a clock that is not met yet, the revisit, the answer to a point raised at one, or a decision about
    the malicious track. A clock that a pause holds is due when it is if the pause ends as planned.
    """
    clocks = expected_deadlines(case, context).values() if case.state in OPEN else ()
    due = [(deadline.due_at, str(deadline.clock)) for deadline in clocks]
    if case.state is State.CLOSED and case.report_duty.owed and case.report_duty.deadline is not None:
        due.append((case.report_duty.deadline.due_at, str(Clock.WRITTEN_REPORT)))
    due += [(point.due_at, POINT) for point in case.open_points]
    is_asked_again = case.state is State.CLOSED and case.follow_up.ask_again_after is not None
    is_revisited = case.state is State.COMPLETED or is_asked_again
    if is_revisited and case.follow_up.revisit_due_at is not None:
        due.append((case.follow_up.revisit_due_at, REVISIT))
    if case.track is not None and case.track.waits_for:
        due.append((case.track.due_at, DECISION))
    return min(due, default=(None, None))


def _is_held(case: Case, due_for: str | None, context: Context) -> bool:
    """Whether a pause holds what is due."""
    return any(deadline.clock == due_for and held_in_time(case, deadline, context) for deadline in case.open)


def _beginning(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SUMMARY else one_line[: SUMMARY - 1] + "…"
