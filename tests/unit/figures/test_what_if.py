"""Past cases under another regulation (G23)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.holidays import calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines.calendar import Calendar, Window
from chalicelib.domain.figures.what_if import PastCase, WhatIf, added_up, judged
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock
from chalicelib.domain.regulation.rules import Facts

CHINA = calendar_for("Asia/Shanghai")
FILES = RegulationFiles()
REPAIR = Facts("repair", "home_other", "normal", "general")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai
LATER = START + timedelta(days=30)
AT_REGISTRATION = [clock for clock in Clock if BEGINS[clock] is Begins.REGISTERED]


def repaired(after_hours: int | None, facts: Facts = REPAIR) -> PastCase:
    met = {} if after_hours is None else {Clock.SOLVE: START + timedelta(hours=after_hours)}
    return PastCase(facts, dict.fromkeys(AT_REGISTRATION, START), met)


def run_under(pack: str, cases: Iterable[PastCase], as_of: datetime) -> WhatIf:
    regulation = FILES.get(pack)
    return added_up(regulation, [judged(regulation, CHINA, case, as_of) for case in cases])


def solve_figures(pack: str, *cases: PastCase, as_of: datetime = LATER) -> tuple[int, int]:
    found = run_under(pack, cases, as_of)
    solving = next(figures for figures in found.clocks if figures.clock is Clock.SOLVE)
    return solving.deadlines, solving.overdue


@pytest.mark.req("G23", "G17")
@pytest.mark.parametrize(("pack", "late"), [("S1", 2), ("S4", 1), ("S2", 0)])
def test_the_same_cases_are_late_under_one_pack_and_not_under_another(pack: str, late: int) -> None:
    assert solve_figures(pack, repaired(40), repaired(60), repaired(80)) == (3, late)


@pytest.mark.req("G15", "G23")
def test_a_resident_who_needs_care_has_half_the_time_under_the_other_pack_too() -> None:
    needs_care = replace(REPAIR, care=True)
    assert solve_figures("S1", repaired(40), repaired(40, needs_care), repaired(20, needs_care)) == (3, 1)


@pytest.mark.req("A7", "G23")
@pytest.mark.parametrize(("urgency", "late"), [("normal", 0), ("urgent", 1)])
def test_past_cases_are_judged_in_staffed_hours_where_the_community_has_them(urgency: str, late: int) -> None:
    """48 hours of S1 are four staffed days of 12 hours, unless it was urgent."""
    staffed = replace(CHINA, staffed=Calendar(CHINA.zone, dict.fromkeys(range(7), (Window(480, 1200),))))
    case = repaired(60, replace(REPAIR, urgency=urgency))
    found = added_up(FILES.get("S1"), [judged(FILES.get("S1"), staffed, case, LATER)])
    assert next(figures.overdue for figures in found.clocks if figures.clock is Clock.SOLVE) == late


@pytest.mark.req("G17")
def test_an_open_case_is_overdue_once_its_time_is_past_and_not_before() -> None:
    assert solve_figures("S1", repaired(None), as_of=START + timedelta(hours=47)) == (1, 0)
    assert solve_figures("S1", repaired(None), as_of=START + timedelta(hours=49)) == (1, 1)
    assert solve_figures("S1", repaired(48), as_of=LATER) == (1, 0), "on the very moment is in time"


@pytest.mark.req("G23")
def test_load_is_the_busiest_day_and_the_revisits() -> None:
    complaint = Facts("complaint", "seepage", "normal", "general")
    found = run_under("S3", [repaired(10, complaint), repaired(None, complaint)], LATER)
    assert found.revisits == 2, "two for the workmanship complaint that was solved"
    assert found.busiest_day == date(2026, 3, 2), "two cases are verified on the day"
    assert found.due_on_busiest_day == 2
    assert (found.regulation_id, found.version) == ("S3", 3)


def test_clocks_that_never_began_are_not_counted() -> None:
    found = run_under("S4", [repaired(10)], LATER)
    assert {figures.clock for figures in found.clocks} == {Clock.RESPOND, Clock.SOLVE}
    assert all(0 <= figures.overdue_rate <= 1 for figures in found.clocks)


def test_no_cases_no_figures() -> None:
    found = run_under("S4", [], LATER)
    assert (found.clocks, found.busiest_day, found.due_on_busiest_day) == ((), None, 0)
