"""The view of a deadline, with a case and without (C, G2).

It is the same for everybody who may see it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.clock_changes import expected_deadlines, held_in_time
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.met_by import NOT_DONE_WITH_THE_WORK
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock, Limit
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.work.signers import waiting_result


class DeadlineView(Struct, frozen=True):
    """One clock: when it ends, by which rule and why then, and how it stands.

    `due_at`, `first_due_at` and `started_at` are local with their offset, in `zone`. `begins` is what starts
    the clock. `limit` is the rule's, and `share` how much of it this case has: less in a round that came back
    and for a resident who needs care; the reasons say where a signature has less, to be ahead of the work
    that waits for it. `source` is a seed, or "ours". `provisional`: days whose holidays are not known yet
    lie before its end. `held_since`: a pause holds the clock since then, and `due_at` is when it ends if that
    ends as planned, at the latest. `late`: it ended, or was met, after its time. `reasons` are given to
    whoever asks for a case or a deadline; the answer to a command leaves them out.
    """

    clock: Clock
    due_at: datetime
    due_at_utc: datetime
    first_due_at: datetime
    started_at: datetime
    begins: Begins
    zone: str
    limit: Limit
    share: float
    rule: str
    source: str
    requirement: str
    met_at: datetime | None
    late: bool
    held_since: datetime | None
    provisional: bool
    reasons: tuple[str, ...] | None


def promised_views(
    case: Case, context: Context, now: datetime, words: Catalogue, *, reasons: bool
) -> tuple[DeadlineView, ...]:
    """The deadlines that were promised to the resident, as the resident reads them."""
    views = deadline_views(case, context, now, words, PROMISED_TO_RESIDENT, sourced=False, reasons=reasons)
    if waiting_result(case) is None:
        return views
    # that the work is done they learn with its result, once that is signed off (B9)
    return tuple(
        replace(view, met_at=None, late=False) if view.clock is Clock.SOLVE else view for view in views
    )


def deadline_views(
    case: Case,
    context: Context,
    now: datetime,
    words: Catalogue,
    clocks: tuple[Clock, ...] = tuple(Clock),
    *,
    sourced: bool = True,
    reasons: bool = True,
) -> tuple[DeadlineView, ...]:
    """The deadlines of a case, the earliest first, with their reasons or without.

    `sourced` as in `explain`.
    """
    expected = expected_deadlines(case, context) if case.state in OPEN else {}
    asked = ({**case.deadlines, **expected}[clock] for clock in case.deadlines if clock in clocks)
    noted = case.classification.care
    of_care = {rule.id for rule in context.regulation.rules if rule.when.care}
    told = (deadline for deadline in asked if noted or deadline.rule.id not in of_care)  # it tells the note
    found = sorted(told, key=lambda deadline: deadline.due_at)
    held = {
        clock: since
        for clock, deadline in expected.items()
        if (since := held_in_time(case, deadline, context)) is not None
    }
    end = {deadline.clock: deadline.due_at for deadline in found}
    end |= {clock: held.get(clock, now) for clock in expected}
    return tuple(
        deadline_view(
            deadline,
            context.calendar,
            context.regulation,
            words,
            met_at=case.met.get(deadline.clock),
            late=case.met.get(deadline.clock, end[deadline.clock]) > deadline.due_at,
            held_since=held.get(deadline.clock),
            sourced=sourced,
            tells_care=noted,
            reasons=reasons,
        )
        for deadline in found
    )


def deadline_view(
    deadline: Deadline,
    calendar: Calendar,
    regulation: Regulation,
    words: Catalogue,
    *,
    met_at: datetime | None = None,
    late: bool = False,
    held_since: datetime | None = None,
    sourced: bool = True,
    tells_care: bool = True,
    reasons: bool = True,
) -> DeadlineView:
    """One deadline as it is shown, with its reasons in those words or without."""
    zone = ZoneInfo(deadline.zone)
    derivation = deadline.derivation
    care = derivation.care if sourced and tells_care else 1.0  # a resident is not labelled
    return DeadlineView(
        clock=deadline.clock,
        due_at=deadline.due_at.astimezone(zone),
        due_at_utc=deadline.due_at.astimezone(UTC),
        first_due_at=deadline.first_due_at.astimezone(zone),
        started_at=deadline.started_at.astimezone(zone),
        begins=BEGINS[deadline.clock],
        zone=deadline.zone,
        limit=deadline.rule.limit.scaled(derivation.care / care),
        share=derivation.share * care,
        rule=deadline.rule.id,
        source=deadline.rule.source,
        requirement=deadline.rule.requirement,
        met_at=met_at,
        late=late,
        held_since=held_since,
        provisional=deadline.provisional,
        reasons=explain(
            deadline, calendar, words, sourced=sourced, tells_care=tells_care, regulation=regulation
        )
        if reasons
        else None,
    )


def that_matter(deadlines: Iterable[DeadlineView]) -> tuple[DeadlineView, ...]:
    """The deadlines that still ask for something, those first that nothing has met.

    What is due after the solution and met with it asks for nothing until the solution is late.
    """
    shown = tuple(deadlines)
    solving = (deadline for deadline in shown if deadline.clock is Clock.SOLVE)
    solved_by = next((clock.due_at for clock in solving if clock.met_at is None and not clock.late), None)
    running = (deadline for deadline in shown if deadline.met_at is None)
    return (
        *(
            deadline
            for deadline in running
            if solved_by is None or deadline.due_at <= solved_by or deadline.clock in NOT_DONE_WITH_THE_WORK
        ),
        *(deadline for deadline in shown if deadline.met_at is not None),
    )
