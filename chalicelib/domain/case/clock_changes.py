"""How the clocks of a case start and move (G1, G2).

They follow the case's regulation and the community's calendar.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.events import Classification
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, derived, replanned
from chalicelib.domain.deadlines.intervals import utc
from chalicelib.domain.deadlines.ledger import Derivation
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock


def starting_deadlines(
    begins: Begins, classification: Classification, started_at: datetime, context: Context, round_number: int
) -> tuple[Deadline, ...]:
    """The deadlines of every clock that an event starts.

    `begins` says which event: the registration of a round, an assignment. In a round that came back again the
    limits are the shorter ones of the regulation (G9): 24 hours with a share of a half → 12 hours.
    """
    regulation, facts = context.regulation, facts_of(classification)
    share = regulation.reopen.share_of_round(round_number)
    return tuple(
        deadline_for(rule, started_at, context.calendar, share=share, care=regulation.care_share(rule, facts))
        for rule in context.rules_for(facts)
        if BEGINS[rule.clock] is begins
    )


def next_news(case: Case, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """By when the resident of a long case must next hear of it (B8).

    It is counted from when the resident heard something, `at`. Empty if the present deadline is no earlier:
    whoever reports early keeps it. News every 3 days and due on Thursday: told on Tuesday → due on Friday;
    told on Monday → Thursday stays.
    """
    present = case.clocks.deadlines.get(Clock.PROGRESS)
    if present is None:
        return ()
    last = present.derivation
    following = derived(Derivation(last.rule, utc(at), last.share, last.care), context.calendar)
    return (following,) if following.due_at > present.due_at else ()


def held_since(case: Case, clock: Clock, context: Context) -> datetime | None:
    """Since when a pause holds this clock (G4).

    None if no pause does, or if the regulation lets this clock run on.
    """
    pause = case.clocks.pause
    return pause.since if pause is not None and stands_still(case, clock, context) else None


def held_in_time(case: Case, deadline: Deadline, context: Context) -> datetime | None:
    """Since when a pause holds this clock; None too where its time was over before that: it runs on (G3)."""
    since = held_since(case, deadline.clock, context)
    return since if since is not None and since < deadline.due_at else None


def stands_still(case: Case, clock: Clock, context: Context) -> bool:
    """Whether a pause holds this clock: one that the regulation names, or an arrival agreed on (G4, B11).

    The way to the place has no pause, but where a visit has taken the place of its limit nobody comes while
    the case stands still.
    """
    deadline = case.clocks.deadlines.get(clock)
    agreed = clock is Clock.ON_SITE and deadline is not None and deadline.is_a_visit
    return clock in context.regulation.pause.clocks or agreed


def expected_deadlines(case: Case, context: Context) -> Mapping[Clock, Deadline]:
    """The open deadlines as they will stand if nothing more moves them (G4).

    What a pause holds stands as if that ended as planned: due Monday 14:30, paused from Friday 18:00 to
    Wednesday 09:00 → Wednesday 15:30. So nobody reads a time that is past when the work goes on.
    """
    found = {deadline.clock: deadline for deadline in case.open}
    pause = case.clocks.pause
    if pause is None:
        return found
    moved = moved_deadlines(case, context, ended_at=pause.until)
    return found | {deadline.clock: deadline for deadline in moved if deadline.clock in found}


def has_run_out(case: Case, deadline: Deadline, at: datetime, context: Context) -> bool:
    """Whether a clock's time is over at `at`.

    A paused clock stands where it was when the pause began: due 12:00, paused since 11:00 → not over at
    13:00.
    """
    return deadline.due_at <= (held_since(case, deadline.clock, context) or at)


def awaited_arrival(case: Case) -> Deadline | None:
    """The arrival that an agreed visit promises and that nobody has met yet."""
    arrival = case.clocks.deadlines.get(Clock.ON_SITE)
    is_awaited = arrival is not None and Clock.ON_SITE not in case.clocks.met and arrival.is_a_visit
    return arrival if is_awaited else None


def following(derivation: Derivation, arrival: Deadline | None) -> Derivation:
    """The derivation of the work, which follows an arrival that was put off (B11, G4).

    Each of the two clocks counts in its own time; the work keeps its time after whoever is there later.
    """
    visit = derivation.appointment
    if derivation.rule.clock is not Clock.SOLVE or arrival is None or visit is None:
        return derivation
    put_off = arrival.is_a_visit and arrival.derivation.appointment == visit < arrival.due_at
    return replace(derivation, arrival=arrival.due_at) if put_off else derivation


def _arrival_first(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """The deadlines in their order, but what the work follows before it."""
    return sorted(deadlines, key=lambda deadline: deadline.clock is not Clock.ON_SITE)


def replanned_deadlines(case: Case, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The open deadlines that the amended calendar changes (G1, G2).

    They end at another time, or are sure now. What has run out by `at` stands as it was promised, and nothing
    is moved to before `at`: a change of the calendar makes nobody late.
    """
    found, arrival = [], awaited_arrival(case)
    for deadline in _arrival_first(case.open):
        derivation = following(deadline.derivation, arrival)
        is_fixed = derivation.runs_around_the_clock and derivation == deadline.derivation
        if is_fixed or deadline.due_at <= at:
            continue
        anew = replanned(deadline, context.calendar, derivation)
        is_other = (anew.due_at, anew.provisional) != (deadline.due_at, deadline.provisional)
        if is_other and anew.due_at > at:
            found.append(anew)
            arrival = anew if anew.clock is Clock.ON_SITE else arrival
    return tuple(found)


def solve_due_at(case: Case, at: datetime, context: Context) -> datetime:
    """When the case must be solved, with a pause taken to end at `at`."""
    moved = moved_deadlines(case, context, ended_at=at)
    ends = (deadline.due_at for deadline in moved if deadline.clock is Clock.SOLVE)
    return next(ends, case.clocks.deadlines[Clock.SOLVE].due_at)


def moved_deadlines(
    case: Case,
    context: Context,
    *,
    ended_at: datetime | None = None,
    extended_to: datetime | None = None,
    extended_at: datetime | None = None,
) -> tuple[Deadline, ...]:
    """The open deadlines that the end of a pause, or more time, puts off.

    `ended_at` is when the pause ended; `extended_to` until when there is more time to solve, granted at
    `extended_at`. Paused for 2 hours, solving due 18:00 → 20:00. Everything else comes from each deadline's
    own ledger, so the limits are those that the case began under (G2). Only the clocks that the regulation
    lets pause stand still (G4). None ends earlier than before, also where the calendar has been amended
    since: that moves a deadline by `replan` alone.
    """
    moved, arrival = [], awaited_arrival(case)
    for deadline in _arrival_first(case.clocks.deadlines.values()):
        clock = deadline.clock
        stood_still = ended_at is not None and stands_still(case, clock, context)
        granted = extended_to if clock is Clock.SOLVE else None
        if clock in case.clocks.met or not (stood_still or granted):
            continue
        derivation = deadline.derivation
        pauses = derivation.pauses
        if ended_at is not None and stood_still and case.clocks.pause is not None:
            pauses = (*pauses, case.clocks.pause.ended(ended_at))
        derivation = replace(following(derivation, arrival), pauses=pauses)
        if granted:
            derivation = replace(derivation, extended_to=utc(granted), extended_at=extended_at)
        anew = replanned(deadline, context.calendar, derivation)
        if anew.due_at >= deadline.due_at:
            moved.append(anew)
            arrival = anew if clock is Clock.ON_SITE else arrival
    return tuple(moved)
