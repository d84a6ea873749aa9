"""The clocks of a case whose classification is corrected (A5, B7, G17)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import awaited_arrival, following, has_run_out
from chalicelib.domain.case.clocks import Deadlines
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.events import Classification
from chalicelib.domain.case.visit_deadlines import (
    arrival_by_visit,
    is_moved_by_visits,
    work_follows,
    work_left,
)
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, derived
from chalicelib.domain.deadlines.ledger import Derivation
from chalicelib.domain.deadlines.signing_limit import with_signing_limit
from chalicelib.domain.regulation.limits import BEGINS, CLOCKS, Begins, Clock
from chalicelib.domain.regulation.rules import Appointment, Rule

KEPT_FOR_RESIDENT = frozenset(clock for clock in Clock if CLOCKS[clock].promised and clock is not Clock.SORT)
"""The promises that only the manager moves to a later time, or takes away (B7)."""


def reclassified_deadlines(
    case: Case, classification: Classification, at: datetime, context: Context, *, gives_time: bool = True
) -> Iterator[Deadline]:
    """Every deadline of the round under another classification.

    Each counts from its own start, with its pauses and extension, and with the agreed visit; an emergency
    does not wait for the visit.

    What was met, or has run out by `at`, stays as it was. A clock that would have run out under the new rules
    counts from the correction instead, but ends no later than before: a correction makes nobody late (G17),
    and gives nobody more time. Registered 09:00, due 17:00, corrected at 12:00 to a limit of 2 hours → due
    14:00, not 11:00; corrected at 16:00 → 17:00, not 18:00.

    A clock that the case has not had begins with the correction; where it sorts the report, with the
    registration (A7): nobody gains time by not having been sure. One that an earlier correction ended or
    moved goes on from when it first began (`Clocks.begun`). The written report has rules of its own
    (dispatch/written_report.py). Unless it `gives_time`, what the resident was promised ends no later than
    promised, and is not taken away: that is the manager's (B7).
    """
    settled = {
        clock: known
        for clock, known in case.clocks.deadlines.items()
        if (clock in case.clocks.met or clock is Clock.SORT or has_run_out(case, known, at, context))
        and BEGINS[clock] is not Begins.FOR_THE_SUPERIOR
    }
    yield from settled.values()
    correction = _Correction(case, classification, at, context)
    rules = [
        rule
        for rule in context.rules_for(facts_of(classification))
        if rule.clock not in settled and BEGINS[rule.clock] is not Begins.FOR_THE_SUPERIOR
    ]
    moved = [deadline for rule in rules if (deadline := correction.deadline(rule)) is not None]
    if (arrival := correction.arrival((*settled.values(), *moved))) is not None:
        moved.append(arrival)
    moved = list(correction.after_arrival(moved))
    if not gives_time:
        moved = list(correction.kept({deadline.clock: deadline for deadline in moved}, settled))
    sign = case.clocks.deadlines.get(Clock.SIGN)
    promised = sign.first_due_at if sign else None
    ahead = with_signing_limit(moved, (), context.calendar, promised)
    if any(has_run_out(case, deadline, at, context) for deadline in ahead):
        # half of a shorter promise may be over by now: then the time to sign counts from the correction
        late = [
            correction.from_now(deadline) if deadline.clock is Clock.SIGN else deadline for deadline in moved
        ]
        ahead = with_signing_limit(late, (), context.calendar, promised)
    yield from (correction.not_later(deadline) for deadline in ahead)


class _Correction(Struct, frozen=True):
    """A correction, and what it makes of the clocks that it can move.

    Those are the clocks that were neither met nor had run out.
    """

    case: Case
    classification: Classification
    at: datetime
    context: Context

    def deadline(self, rule: Rule) -> Deadline | None:
        """The deadline by this rule; None where nothing has started its clock."""
        case, regulation = self.case, self.context.regulation
        known = case.clocks.deadlines.get(rule.clock)
        began_at = case.clocks.begun.get(rule.clock, known.started_at if known else None)
        begins, is_assigned = BEGINS[rule.clock], case.assignment.handler is not None
        has_begun = begins is Begins.REGISTERED or (begins is Begins.ASSIGNED and is_assigned)
        if began_at is None and not has_begun:
            return None
        before = known.derivation if known else None
        first_at = self.at if case.classification.is_sorted else case.clocks.started_at
        started_at = began_at or first_at
        visit_at = self.visit_at if self.waits_for_visit(rule) else None
        if visit_at is not None and visit_at <= started_at:
            visit_at = None
        replaced = visit_at is not None and rule.appointment is Appointment.REPLACES
        held = rule.clock in regulation.pause.clocks or (replaced and rule.clock is Clock.ON_SITE)
        derived_anew = deadline_for(
            rule,
            started_at,
            self.context.calendar,
            share=regulation.reopen.share_of_round(case.returns + 1),
            pauses=case.clocks.pauses if held else (),
            appointment=visit_at,
            extended_to=before.extended_to if before else None,
            extended_at=before.extended_at if before else None,
            care=regulation.care_share(rule, facts_of(self.classification)),
            promised=known.first_due_at if known else None,
            work_by=self.work_by(rule, visit_at, before),
        )
        derived_anew = self.with_work(derived_anew, before)
        if not has_run_out(case, derived_anew, self.at, self.context):
            return derived_anew
        return self.not_later(self.from_now(derived_anew))

    @property
    def visit_at(self) -> datetime | None:
        """The agreed visit that the case waits for; an emergency waits for none."""
        return self.case.work.appointment if self.classification.urgency != "emergency" else None

    def waits_for_visit(self, rule: Rule) -> bool:
        """Whether the agreed visit may move the clock of this rule."""
        return is_moved_by_visits(rule.clock, rule.appointment, self.classification, self.context)

    def work_by(self, rule: Rule, visit_at: datetime | None, before: Derivation | None) -> datetime | None:
        """By when the work is done that follows the visit.

        Where no limit stays before it, as it was agreed: a correction gives no time (B7).
        """
        if visit_at is None or rule.clock is not Clock.SOLVE:
            return None
        if rule.appointment is Appointment.REPLACES:
            return before.work_by if before else None
        return work_follows(visit_at, self.context)

    def with_work(self, deadline: Deadline, before: Derivation | None) -> Deadline:
        """The deadline with the time for the work after its visit: as agreed, or as its limit leaves it."""
        derivation = deadline.derivation
        visit_at, calendar = derivation.appointment, self.context.calendar
        if visit_at is None or deadline.clock is not Clock.SOLVE:
            return deadline
        if derivation.rule.appointment is Appointment.REPLACES:
            work = before.work if before else None
        else:
            over = tuple(pause for pause in derivation.pauses if pause.ended_at <= visit_at)
            unmoved = derived(replace(derivation, pauses=over, extended_to=None, extended_at=None), calendar)
            work = work_left(visit_at, unmoved.due_at, self.context)
        return derived(replace(derivation, work=work), calendar)

    def arrival(self, deadlines: Iterable[Deadline]) -> Deadline | None:
        """The arrival that the agreed visit alone promises; None where a limit asks for one, or no visit is.

        `deadlines` are all others under the new classification.
        """
        found = {deadline.clock: deadline for deadline in deadlines}
        visit_at, solve = self.visit_at, found.get(Clock.SOLVE)
        if solve is None or visit_at is None or visit_at <= self.at or Clock.ON_SITE in found:
            return None
        return arrival_by_visit(solve.derivation, visit_at, self.context)

    def after_arrival(self, deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
        """The deadlines, of which the work follows the arrival that a pause has put off (G4, B11)."""
        found = tuple(deadlines)
        arrivals = (deadline for deadline in found if deadline.clock is Clock.ON_SITE)
        arrival = next(arrivals, awaited_arrival(self.case))
        for deadline in found:
            derivation = following(deadline.derivation, arrival)
            is_same = derivation == deadline.derivation
            yield deadline if is_same else derived(derivation, self.context.calendar)

    def from_now(self, deadline: Deadline) -> Deadline:
        """The deadline counted from the correction, without a visit that is past."""
        derivation = replace(deadline.derivation, started_at=self.at)
        if derivation.appointment is not None and derivation.appointment <= self.at:
            derivation = replace(derivation, appointment=None, work_by=None, arrival=None, work=None)
        return derived(derivation, self.context.calendar)

    def not_later(self, deadline: Deadline) -> Deadline:
        """The earlier of this deadline and that before the correction.

        Only where the correction gave the clock a new start: any other may end later, by its own rule.
        """
        known = self.case.clocks.deadlines.get(deadline.clock)
        if known is None or deadline.due_at < known.due_at:
            return deadline
        return known if deadline.started_at == self.at != known.started_at else deadline

    def kept(self, moved: Deadlines, settled: Collection[Clock]) -> Iterator[Deadline]:
        """The deadlines of which none is gone, or ends later than was promised (B7).

        But for a promise by an agreed visit that is off: danger waits for nobody (A6).
        """
        standing: dict[Clock, Deadline] = dict(moved)
        for clock, known in self.case.clocks.deadlines.items():
            is_off = known.derivation.appointment is not None and self.visit_at is None
            if clock not in KEPT_FOR_RESIDENT or clock in settled or is_off:
                continue
            if clock not in moved or known.due_at < moved[clock].due_at:
                standing[clock] = known
        yield from standing.values()
