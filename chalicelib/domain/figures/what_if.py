"""Past cases run again under another regulation (G23).

What would be late, and how much there would be to do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.clocks import RESTARTED_BY, STARTED_BY
from chalicelib.domain.case.context import facts_of
from chalicelib.domain.case.met_by import NEWS, happened_at, met_by
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for
from chalicelib.domain.deadlines.signing_limit import with_signing_limit
from chalicelib.domain.regulation.limits import BEGINS, HEARD, Clock
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Facts


class PastCase(Struct, frozen=True):
    """What happened in a case, as moments that any regulation can judge.

    `began` says when each clock begins, should the regulation have it; `met` when it stopped.
    """

    facts: Facts
    began: Mapping[Clock, datetime]
    met: Mapping[Clock, datetime]
    department: str = ""
    solved: bool = True


class Verdict(Struct, frozen=True):
    """One deadline that a case would have had, and whether it was missed."""

    clock: Clock
    due_on: date
    missed: bool


class Judged(Struct, frozen=True):
    """One case under one regulation: its deadlines, and the revisits asked for."""

    verdicts: tuple[Verdict, ...]
    revisits: int


class ClockFigures(Struct, frozen=True):
    """How many deadlines of one clock there were, and how many were missed (G17).

    `overdue` counts also those that are open and past.
    """

    clock: Clock
    deadlines: int
    overdue: int

    @property
    def overdue_rate(self) -> float:
        """The share of the deadlines that were missed: 1 of 4 → 0.25."""
        return self.overdue / self.deadlines


class WhatIf(Struct, frozen=True):
    """What the cases come to under one regulation.

    The load is how many deadlines fall on the busiest day, and how many revisits the solved cases ask for.
    """

    regulation_id: str
    version: int
    clocks: tuple[ClockFigures, ...]
    busiest_day: date | None
    due_on_busiest_day: int
    revisits: int


_ENDS = (ev.Completed, ev.Rejected, ev.Referred, ev.Withdrawn, ev.Merged)


def past_case(history: Iterable[ev.Event]) -> PastCase:
    """What happened in the first round of a case, by its events.

    Classified as it was in the end, until the round ended. ValueError without a registration.
    """
    facts, department, solved = None, "", False
    began: dict[Clock, datetime] = {}
    met: dict[Clock, datetime] = {}
    events = iter(history)
    for event in events:
        payload = event.payload
        if isinstance(payload, ev.Registered | ev.Classified):
            facts, department = facts_of(payload.classification), payload.classification.department
        elif isinstance(payload, ev.ChargeDeclared) and not payload.chargeable:
            began.pop(Clock.QUOTE, None)
        if isinstance(payload, ev.Assigned):
            department = payload.department
        owed = payload.deadlines if isinstance(payload, ev.Assigned | ev.ChargeDeclared) else ()
        if any(deadline.clock is Clock.QUOTE for deadline in owed):
            began[Clock.QUOTE] = event.at  # asked before, and counted from the receipt of the order
        for clock in _started_by(payload):
            if clock in RESTARTED_BY.get(type(payload), ()):
                began[clock] = event.at
                met.pop(clock, None)
            began.setdefault(clock, event.at)
        for clock in _met_by(payload):
            met.setdefault(clock, happened_at(event))
        if isinstance(payload, _ENDS):
            solved = isinstance(payload, ev.Completed)
            met = {**_met_with_the_end(event, events), **met}
            break
    if facts is None:
        raise ValueError("The history of a case begins with its registration.")
    return PastCase(facts, began, met, department, solved)


def _met_with_the_end(end: ev.Event, later: Iterable[ev.Event]) -> Mapping[Clock, datetime]:
    """When each clock was met with the end of the round; what is heard, with its message."""
    told = (event.payload for event in later if isinstance(event.payload, ev.ResidentTold))
    heard_at = next((message.heard_at for message in told if message.told == end.version), end.at)
    return {clock: heard_at if clock in HEARD else end.at for clock in Clock}


def _met_by(payload: ev.Payload) -> tuple[Clock, ...]:
    """The clocks that an event meets, with that of the news.

    News to the resident puts the next off in a history; here only the first news is judged.
    """
    is_news = isinstance(payload, NEWS) and not getattr(payload, "unheard", False)
    return (*met_by(payload), Clock.PROGRESS) if is_news else met_by(payload)


def _started_by(payload: ev.Payload) -> Iterator[Clock]:
    begins = STARTED_BY.get(type(payload))
    return (clock for clock in Clock if BEGINS[clock] is begins)


def judged(regulation: Regulation, calendar: Calendar, case: PastCase, as_of: datetime) -> Judged:
    """The case as it went, with the deadlines that this regulation gives it.

    The time that pauses, extensions and appointments give is left out: nobody knows which another regulation
    would have seen. So is the written report, which is owed only where the other one finds a serious case
    late. Met at 16:00 and due at 15:00 by this regulation → missed.
    """
    counted = [
        deadline_for(rule, case.began[rule.clock], calendar, care=regulation.care_share(rule, case.facts))
        for rule in regulation.rules_for(case.facts, staffed=calendar.staffed is not None)
        if rule.clock in case.began
    ]
    verdicts = []
    sign = [deadline for deadline in counted if deadline.clock is Clock.SIGN]
    others = [deadline for deadline in counted if deadline.clock is not Clock.SIGN]
    for deadline in (*others, *with_signing_limit(sign, _open_then(case, others), calendar)):
        missed = case.met.get(deadline.clock, as_of) > deadline.due_at
        verdicts.append(Verdict(deadline.clock, calendar.local_date(deadline.due_at), missed))
    solved = case.solved and Clock.SOLVE in case.met
    return Judged(tuple(verdicts), regulation.revisit_rule_for(case.facts).count if solved else 0)


def _open_then(case: PastCase, others: Iterable[Deadline]) -> list[Deadline]:
    """Those of the other clocks that had not been met when the case was assigned."""
    assigned, met = case.began.get(Clock.SIGN), case.met
    return [
        deadline
        for deadline in others
        if assigned is None or deadline.clock not in met or met[deadline.clock] > assigned
    ]


def added_up(regulation: Regulation, cases: Iterable[Judged]) -> WhatIf:
    """What the judged cases come to together, under this regulation."""
    deadlines: Counter[Clock] = Counter()
    overdue: Counter[Clock] = Counter()
    due_on: Counter[date] = Counter()
    revisits = 0
    for case in cases:
        revisits += case.revisits
        for verdict in case.verdicts:
            deadlines[verdict.clock] += 1
            overdue[verdict.clock] += verdict.missed
            due_on[verdict.due_on] += 1
    busiest = max(due_on, key=lambda day: (due_on[day], -day.toordinal()), default=None)
    return WhatIf(
        regulation_id=regulation.id,
        version=regulation.version,
        clocks=tuple(
            ClockFigures(clock, deadlines[clock], overdue[clock]) for clock in Clock if deadlines[clock]
        ),
        busiest_day=busiest,
        due_on_busiest_day=due_on[busiest] if busiest else 0,
        revisits=revisits,
    )
