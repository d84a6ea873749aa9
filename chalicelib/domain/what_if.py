"""Past cases run again under another regulation: what would be late, how much there would be to do (G23)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.deadlines import deadline_for
from chalicelib.domain.regulation import BEGINS, Begins, Clock, Facts, Regulation


@dataclass(frozen=True, slots=True)
class PastCase:
    """What happened, told by moments: `began` by what starts a clock, `met` by the clock that was met."""

    facts: Facts
    began: Mapping[Begins, datetime]
    met: Mapping[Clock, datetime]


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
    """A month under one pack. Load: deadlines on the busiest day, and revisits that solved cases ask for."""

    regulation_id: str
    version: int
    clocks: tuple[ClockFigures, ...]
    busiest_day: date | None
    due_on_busiest_day: int
    revisits: int


def run_under(
    regulation: Regulation, calendar: Calendar, cases: Iterable[PastCase], as_of: datetime
) -> WhatIf:
    """The cases as they went, with the deadlines that this regulation would have given them.

    Pauses and extensions are left out on both sides: nobody knows which another pack would have seen.
    """
    deadlines: Counter[Clock] = Counter()
    overdue: Counter[Clock] = Counter()
    due_on: Counter[date] = Counter()
    revisits = 0
    for case in cases:
        for rule in regulation.rules_for(case.facts):
            began = case.began.get(BEGINS[rule.clock])
            if began is None:
                continue
            due_at = deadline_for(rule, began, calendar).due_at
            deadlines[rule.clock] += 1
            overdue[rule.clock] += case.met.get(rule.clock, as_of) > due_at
            due_on[calendar.local_date(due_at)] += 1
        if Clock.SOLVE in case.met:
            revisits += regulation.revisit_rule_for(case.facts).count
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
