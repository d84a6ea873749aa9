"""The clocks of a case under its regulation and calendar: starting them, and moving them (G1, G2)."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.events import Classification
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, derived, replanned
from chalicelib.domain.deadlines.intervals import utc
from chalicelib.domain.deadlines.ledger import Derivation
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock
from chalicelib.domain.regulation.rules import Appointment


def starting_deadlines(
    begins: Begins, classification: Classification, started_at: datetime, context: Context, round_number: int
) -> tuple[Deadline, ...]:
    """Every clock that this starts: the registration of a round, or an assignment.

    In a round that came back again the limits are the shorter ones of the regulation (G9).
    """
    regulation, facts = context.regulation, facts_of(classification)
    share = regulation.reopen.share_of_round(round_number)
    return tuple(
        deadline_for(rule, started_at, context.calendar, share=share, care=regulation.care_share(rule, facts))
        for rule in regulation.rules_for(facts)
        if BEGINS[rule.clock] is begins
    )


def next_news(case: Case, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """When the resident of a long case must hear of it again (B8), counted from this report on.

    Nothing if the present deadline is later: who reports early need not report the sooner for it.
    """
    present = case.clocks.deadlines.get(Clock.PROGRESS)
    if present is None:
        return ()
    last = present.derivation
    following = derived(Derivation(last.rule, utc(at), last.share, last.care), context.calendar)
    return (following,) if following.due_at > present.due_at else ()


def held_since(case: Case, clock: Clock, context: Context) -> datetime | None:
    """Since when a pause holds this clock; None if none does, or the regulation lets it run on (G4)."""
    pause = case.clocks.pause
    return pause.since if pause is not None and clock in context.regulation.pause.clocks else None


def has_run_out(case: Case, deadline: Deadline, at: datetime, context: Context) -> bool:
    """Whether a clock's time is over at `at`; one that a pause holds is where it was when the pause began."""
    return deadline.due_at <= (held_since(case, deadline.clock, context) or at)


def replanned_deadlines(case: Case, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The open clocks that the calendar, as it is now, gives another end, or makes sure (G1, G2).

    What has run out by `at` stands as it was promised, and nothing is moved to before `at`: a change of the
    calendar makes nobody late.
    """
    found = []
    for deadline in case.open:
        if deadline.limit.around_the_clock or deadline.due_at <= at:
            continue
        anew = replanned(deadline, context.calendar)
        is_other = (anew.due_at, anew.provisional) != (deadline.due_at, deadline.provisional)
        if is_other and anew.due_at > at:
            found.append(anew)
    return tuple(found)


def appointed_deadlines(
    case: Case, visit_at: datetime, at: datetime, context: Context
) -> tuple[Deadline, ...]:
    """The open clocks that wait for the visit, now that its time is agreed on (B11)."""
    moved = []
    for deadline in awaiting_a_visit(case, at):
        derivation = replace(deadline.derivation, appointment=utc(visit_at))
        anew = replanned(deadline, context.calendar, derivation)
        if anew.due_at > at:
            moved.append(anew)
    return tuple(moved)


def awaiting_a_visit(case: Case, at: datetime) -> tuple[Deadline, ...]:
    """The open clocks whose rule lets an agreed time move them; one that has run out stays as it is."""
    return tuple(
        deadline
        for clock, deadline in case.clocks.deadlines.items()
        if clock not in case.clocks.met
        and deadline.due_at > at
        and deadline.rule.appointment is not Appointment.IGNORED
    )


def latest_visit(case: Case, at: datetime, context: Context) -> datetime:
    """How late a visit can be agreed on: till the limit, or till `[appointments] within` is over.

    That counts as the limit does: from the start of the round, with its share, pauses and extension. So no
    number of appointments moves a deadline without end (B7, C7). If no clock waits for the visit any more,
    none can be moved, and it counts from now.
    """
    within, waiting = context.regulation.appointments_within, awaiting_a_visit(case, at)
    if not waiting:
        return period_of(within, at, context.calendar)[1]
    solving = (deadline for deadline in waiting if deadline.clock is Clock.SOLVE)
    deadline = next(solving, waiting[0])
    derivation = replace(deadline.derivation, appointment=None)
    rules = [derivation.rule]
    if derivation.rule.appointment is Appointment.REPLACES:
        rules.append(replace(derivation.rule, limit=within))
    ends = (replanned(deadline, context.calendar, replace(derivation, rule=rule)).due_at for rule in rules)
    return max(deadline.due_at, *ends)


def solve_due_at(case: Case, at: datetime, context: Context) -> datetime:
    """When the case must be solved if a pause, should there be one, ended at `at`."""
    moved = moved_deadlines(case, context, ended_at=at)
    ends = (deadline.due_at for deadline in moved if deadline.clock is Clock.SOLVE)
    return next(ends, case.clocks.solve_due_at)


def moved_deadlines(
    case: Case,
    context: Context,
    *,
    ended_at: datetime | None = None,
    extended_to: datetime | None = None,
    extended_at: datetime | None = None,
) -> tuple[Deadline, ...]:
    """The open clocks that a pause ended at `ended_at`, or more time to solve, puts off.

    Everything else comes from each deadline's own ledger, so the limits are those that the case began
    under (G2). Only the clocks that the regulation lets pause stand still (G4). None ends earlier than
    before, also where the calendar has been amended since: that moves a deadline by `replan` alone.
    """
    moved = []
    for clock, deadline in case.clocks.deadlines.items():
        stood_still = ended_at is not None and clock in context.regulation.pause.clocks
        granted = extended_to if clock is Clock.SOLVE else None
        if clock in case.clocks.met or not (stood_still or granted):
            continue
        derivation = deadline.derivation
        pauses = derivation.pauses
        if ended_at is not None and stood_still and case.clocks.pause is not None:
            pauses = (*pauses, case.clocks.pause.ended(ended_at))
        derivation = replace(derivation, pauses=pauses)
        if granted:
            derivation = replace(derivation, extended_to=utc(granted), extended_at=extended_at)
        anew = replanned(deadline, context.calendar, derivation)
        if anew.due_at >= deadline.due_at:
            moved.append(anew)
    return tuple(moved)
