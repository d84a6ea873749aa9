"""What an agreed visit does to the clocks of a case (B7, B11).

Its time is that of the arrival, and the work follows it. It never moves the arrival at what is urgent, and
puts off nothing beyond what the regulation allows: only the manager gives more time (work/extension.py).
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Classification
from chalicelib.domain.deadlines.deadline import Deadline, derived, replanned
from chalicelib.domain.deadlines.intervals import utc
from chalicelib.domain.deadlines.ledger import Derivation, RecordedRule
from chalicelib.domain.deadlines.periods import period_of, run_between
from chalicelib.domain.regulation.limits import Clock, Limit, limit_of
from chalicelib.domain.regulation.rules import Appointment

BY_VISIT = "visit"
"""The rule of an arrival that no limit of the pack asks for, but an agreed visit."""

A_MINUTE = timedelta(minutes=1)
"""The time for the work is kept in whole minutes, as people are told it."""


def standing_visit(case: Case) -> datetime | None:
    """The agreed visit, if somebody will come for it, or came; None without one."""
    return None if visit_put_off(case) else case.work.appointment


def visit_put_off(case: Case) -> datetime | None:
    """The agreed visit for which nobody comes, because a pause lies over it; None if none does (B11, G4).

    A pause that ends before the visit leaves it as it was. Until somebody is there or another time is agreed
    on, the resident waits for one.
    """
    visit, clocks = case.work.appointment, case.clocks
    if visit is None:
        return None
    spans = [(pause.started_at, pause.ended_at) for pause in clocks.pauses]
    spans += [(clocks.pause.since, clocks.pause.until)] if clocks.pause else []
    came = case.work.arrived_at
    over = (began for began, ended in spans if began < visit < ended and (came is None or began < came))
    return visit if any(over) else None


def is_urgent(about: Classification, context: Context) -> bool:
    """Whether a case is urgent, or its matter is by nature: a power cut, whatever somebody has called it."""
    return {about.urgency, context.regulation.matter(about.matter).urgency} != {"normal"}


def is_moved_by_visits(
    clock: Clock, appointment: Appointment, about: Classification, context: Context
) -> bool:
    """Whether an agreed visit may move this clock of such a case (B11).

    `appointment` is what the clock's rule says of it. The arrival at what is urgent waits for no visit.
    """
    waits = clock is not Clock.ON_SITE or not is_urgent(about, context)
    return waits and appointment is not Appointment.IGNORED


def visited_deadlines(case: Case, visit_at: datetime, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The deadlines that an agreed visit begins or moves (B11).

    `visit_at` is the time agreed on, `at` now. What has run out stays as it was promised, and nothing is
    moved to before `at`.
    """
    solve, found = case.clocks.deadlines[Clock.SOLVE], []
    arrival = _arrival(case, visit_at, at, context)
    if arrival is not None:
        found.append(arrival)
    if _waits_for_visit(case, at, context):
        latest = latest_visit(case, at, context)
        work_by = min(work_follows(visit_at, context), latest)
        derivation = replace(
            solve.derivation, appointment=utc(visit_at), work_by=utc(work_by), arrival=None, work=None
        )
        agreed = replanned(solve, context.calendar, derivation)
        work = work_left(visit_at, agreed.due_at, context)
        found.append(replanned(solve, context.calendar, replace(derivation, work=work)))
    return tuple(deadline for deadline in found if deadline.due_at > at)


def work_follows(visit_at: datetime, context: Context) -> datetime:
    """By when the work is done that an agreed visit begins: its time and that of an ordinary job."""
    job = context.regulation.work_after_visit
    return visit_at if job is None else period_of(job, visit_at, context.calendar)[1]


def work_left(visit_at: datetime, due_at: datetime, context: Context) -> Limit | None:
    """The time that a visit leaves for the work, at most an ordinary job's (B11).

    None if it leaves none. It stays the work's own, whatever pauses and the calendar do to the visit.
    """
    job, calendar = context.regulation.work_after_visit, context.calendar
    if job is None:
        return None
    if period_of(job, visit_at, calendar)[1] <= due_at:
        return job
    left = run_between(job, calendar, visit_at, due_at) // A_MINUTE * A_MINUTE
    return replace(limit_of(left), around_the_clock=job.around_the_clock) if left > timedelta() else None


def arrival_by_visit(solve: Derivation, visit_at: datetime, context: Context) -> Deadline:
    """The arrival that an agreed visit promises, where no limit asks for one.

    Its ledger has the limit of solving, before which somebody has to be there.
    """
    whole = solve.rule
    rule = RecordedRule(BY_VISIT, Clock.ON_SITE, whole.limit, whole.source, "B11", Appointment.REPLACES)
    visit = Derivation(
        rule, solve.started_at, solve.share, solve.care, appointment=utc(visit_at), promised=utc(visit_at)
    )
    return derived(visit, context.calendar)


def _arrival(case: Case, visit_at: datetime, at: datetime, context: Context) -> Deadline | None:
    """The arrival as the visit has it; None if it was met, is late, or waits for no visit."""
    known = case.clocks.deadlines.get(Clock.ON_SITE)
    if Clock.ON_SITE in case.clocks.met:
        return None
    if known is None:
        return arrival_by_visit(case.clocks.deadlines[Clock.SOLVE].derivation, visit_at, context)
    moves = is_moved_by_visits(Clock.ON_SITE, known.rule.appointment, case.classification, context)
    if known.due_at <= at or not (moves or known.rule.id == BY_VISIT):
        return None
    derivation = replace(known.derivation, appointment=utc(visit_at))
    return replanned(known, context.calendar, derivation)


def _waits_for_visit(case: Case, at: datetime, context: Context) -> bool:
    """Whether the time to solve is still to come, and can follow a visit."""
    solve = case.clocks.deadlines[Clock.SOLVE]
    follows = is_moved_by_visits(Clock.SOLVE, solve.rule.appointment, case.classification, context)
    return follows and Clock.SOLVE not in case.clocks.met and solve.due_at > at


def is_late(case: Case, at: datetime) -> bool:
    """Whether the time to solve is over, so that no visit can keep it."""
    return case.clocks.deadlines[Clock.SOLVE].due_at <= at


def latest_visit(case: Case, at: datetime, context: Context) -> datetime:
    """The latest time for which a visit can be agreed on (B7, B11).

    It is the end of the time to solve, with the round's share, its pauses and what the manager has granted.
    Only where the regulation puts what is agreed in the place of its limit (`replaces`), and nothing is
    urgent, it is the end of `[appointments] within` if that is later, counted from the start of the round as
    well: begun on the 2nd, within 7 days → the 9th at the latest, also if it is agreed on only on the 8th.
    Where the time to solve is over, nothing can be moved, and it counts from now.
    """
    within, solve = context.regulation.appointments_within, case.clocks.deadlines[Clock.SOLVE]
    if is_late(case, at):
        return period_of(within, at, context.calendar)[1]
    derivation = replace(solve.derivation, appointment=None, work_by=None, arrival=None, work=None)
    rules = [derivation.rule]
    if derivation.rule.appointment is Appointment.REPLACES and not is_urgent(case.classification, context):
        rules.append(replace(derivation.rule, limit=within))
    ends = (replanned(solve, context.calendar, replace(derivation, rule=rule)).due_at for rule in rules)
    return max(solve.due_at, *ends)
