"""What a deadline looks like to whoever may see it: one shape, with a case and without (C, G2)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.clock_changes import held_since
from chalicelib.domain.case.context import Setting
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock, Limit
from chalicelib.domain.regulation.regulation import Regulation


class DeadlineView(Struct, frozen=True):
    """One clock: when it ends, by which rule and why then, and how it stands.

    `due_at`, `first_due_at` and `started_at` are local with their offset, in `zone`. `begins` is what starts
    the clock. `limit` is the rule's, and `share` how much of it this case has: less in a round that came back
    and for a resident who needs care; the reasons say where a signature has less, to be ahead of the work
    that waits for it. `source` is a seed, or "ours". `provisional`: days whose holidays are
    not known yet lie before its end. `late`: it ended, or was met, after its time.
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
    provisional: bool
    reasons: tuple[str, ...]


def deadline_views(
    case: Case,
    setting: Setting,
    now: datetime,
    language: str,
    clocks: tuple[Clock, ...] = tuple(Clock),
    *,
    sourced: bool = True,
) -> tuple[DeadlineView, ...]:
    """The deadlines of those clocks of a case, in the order in which they end; `sourced` as in `explain`."""
    found = sorted(
        (one for one in case.clocks.deadlines.values() if one.clock in clocks), key=lambda one: one.due_at
    )
    end = {one.clock: held_since(case, one.clock, setting) or now for one in found}
    if case.state not in OPEN:
        end = {one.clock: one.due_at for one in found}
    return tuple(
        deadline_view(
            one,
            setting.calendar,
            setting.regulation,
            language,
            met_at=case.clocks.met.get(one.clock),
            late=case.clocks.met.get(one.clock, end[one.clock]) > one.due_at,
            sourced=sourced,
        )
        for one in found
    )


def deadline_view(
    one: Deadline,
    calendar: Calendar,
    regulation: Regulation,
    language: str,
    *,
    met_at: datetime | None = None,
    late: bool = False,
    sourced: bool = True,
) -> DeadlineView:
    """One deadline as it is shown, with its reasons in that language."""
    zone = ZoneInfo(one.zone)
    derivation = one.derivation
    care = derivation.care if sourced else 1.0  # a resident is not labelled
    return DeadlineView(
        clock=one.clock,
        due_at=one.due_at.astimezone(zone),
        due_at_utc=one.due_at.astimezone(UTC),
        first_due_at=one.first_due_at.astimezone(zone),
        started_at=one.started_at.astimezone(zone),
        begins=BEGINS[one.clock],
        zone=one.zone,
        limit=one.rule.limit.scaled(derivation.care / care),
        share=derivation.share * care,
        rule=one.rule.id,
        source=one.rule.source,
        requirement=one.rule.requirement,
        met_at=met_at,
        late=late,
        provisional=one.provisional,
        reasons=explain(one, calendar, language, sourced=sourced, regulation=regulation),
    )
