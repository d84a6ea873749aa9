"""Past cases run again under another regulation: what would be late, how much there would be to do (G23)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import events as ev
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.clocks import facts_of
from chalicelib.domain.deadlines import deadline_for
from chalicelib.domain.regulation import BEGINS, Begins, Clock, Facts, Regulation


@dataclass(frozen=True, slots=True)
class PastCase:
    """What happened, told by moments: `began` by what starts a clock, `met` by the clock that was met."""

    facts: Facts
    began: Mapping[Begins, datetime]
    met: Mapping[Clock, datetime]
    department: str = ""
    solved: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """One deadline that a case would have had, and whether it would have been missed."""

    clock: Clock
    due_on: date
    missed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One case under one regulation: its deadlines, and the revisits that it asks for."""

    verdicts: tuple[Verdict, ...]
    revisits: int


@dataclass(frozen=True, slots=True)
class ClockFigures:
    """Deadlines of one clock: how many there were, and how many were missed or are open and past (G17)."""

    clock: Clock
    deadlines: int
    overdue: int

    @property
    def overdue_rate(self) -> float:
        return self.overdue / self.deadlines


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Cases under one pack. Load: deadlines on the busiest day, and revisits that solved cases ask for."""

    regulation_id: str
    version: int
    clocks: tuple[ClockFigures, ...]
    busiest_day: date | None
    due_on_busiest_day: int
    revisits: int


_MEETS: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Signed: (Clock.SIGN,),
    ev.Started: (Clock.RESPOND, Clock.ON_SITE),
    ev.Proposed: (Clock.RESPOND, Clock.ANSWER, Clock.QUOTE),
    ev.Progressed: (Clock.RESPOND, Clock.INFORM),
}
"""The clocks that an event meets under any pack; whatever ends the work meets all that are left."""
_ENDS = (ev.Completed, ev.Rejected, ev.Withdrawn, ev.Merged)


def past_case(history: Iterable[ev.Event]) -> PastCase:
    """What the first round of a case was, by its events: as it was classified in the end, until it ended."""
    facts, department, solved = None, "", False
    began: dict[Begins, datetime] = {}
    met: dict[Clock, datetime] = {}
    for event in history:
        payload = event.payload
        if isinstance(payload, ev.Registered | ev.Classified):
            facts, department = facts_of(payload.classification), payload.classification.department
        if isinstance(payload, ev.Registered):
            began[Begins.REGISTERED] = event.at
        elif isinstance(payload, ev.Assigned):
            began.setdefault(Begins.ASSIGNED, event.at)
            department = payload.department
        for clock in _MEETS.get(type(payload), ()):
            met.setdefault(clock, event.at)
        if isinstance(payload, _ENDS):
            solved = isinstance(payload, ev.Completed)
            met = {**dict.fromkeys(Clock, event.at), **met}
            break
    if facts is None:
        raise ValueError("The history of a case begins with its registration.")
    return PastCase(facts, began, met, department, solved)


def judged(regulation: Regulation, calendar: Calendar, case: PastCase, as_of: datetime) -> Judged:
    """The case as it went, with the deadlines that this regulation would have given it.

    Pauses, extensions and appointments are left out: nobody knows which another pack would have seen.
    """
    verdicts = []
    for rule in regulation.rules_for(case.facts):
        began = case.began.get(BEGINS[rule.clock])
        if began is not None:
            care = regulation.care_share(rule, case.facts)
            due_at = deadline_for(rule, began, calendar, care=care).due_at
            missed = case.met.get(rule.clock, as_of) > due_at
            verdicts.append(Verdict(rule.clock, calendar.local_date(due_at), missed))
    solved = case.solved and Clock.SOLVE in case.met
    return Judged(tuple(verdicts), regulation.revisit_rule_for(case.facts).count if solved else 0)


def added_up(regulation: Regulation, cases: Iterable[Judged]) -> WhatIf:
    """What these cases come to together."""
    deadlines: Counter[Clock] = Counter()
    overdue: Counter[Clock] = Counter()
    due_on: Counter[date] = Counter()
    revisits = 0
    for case in cases:
        revisits += case.revisits
        for one in case.verdicts:
            deadlines[one.clock] += 1
            overdue[one.clock] += one.missed
            due_on[one.due_on] += 1
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
