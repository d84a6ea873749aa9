"""`default` is the strictest of the five whenever a case comes, in any week and before any holiday."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import deadline_for, replay
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import COMPLEXITIES, KINDS, SEVERITIES, URGENCIES, Facts, Rule
from infra.stricter import never_ends_later
from infra.strictest import SEEDS

FILES = RegulationFiles()
DEFAULT, PACKS = FILES.get("default"), [FILES.get(seed) for seed in SEEDS]
EVERY_CASE = [Facts(*facts) for facts in product(KINDS, DEFAULT.matters, URGENCIES, SEVERITIES, COMPLEXITIES)]
Promise = tuple[Limit, ...]


def promise(rule: Rule) -> Promise:
    return tuple(part.limit for part in rule.limits())


def compared() -> Iterator[tuple[Promise, Promise, Clock, Facts]]:
    """Each promise of `default` beside that of each seed's pack, once for all cases with the same two."""
    seen: set[tuple[Promise, Promise]] = set()
    for facts in EVERY_CASE:
        rules = {rule.clock: rule for rule in DEFAULT.rules_for(facts)}
        for pack in PACKS:
            for rule in pack.rules_for(facts):
                pair = promise(rules[rule.clock]), promise(rule)
                if pair not in seen:
                    seen.add(pair)
                    yield *pair, rule.clock, facts


PAIRS = list(compared())

WINDOWS = st.sampled_from(
    [
        (Window(510, 720), Window(840, 1050)),
        (Window(540, 720),),
        (Window(480, 1200),),
        (Window(0, 1440),),
        (Window(600, 660), Window(900, 1080)),
    ]
)
DAYS_OFF = st.dictionaries(
    st.integers(0, 60).map(lambda day: date(2026, 9, 1) + timedelta(days=day)),
    st.just("放假"),
    max_size=25,
)
SHORT_DAYS = st.dictionaries(
    st.integers(0, 60).map(lambda day: date(2026, 9, 1) + timedelta(days=day)),
    st.sampled_from([Amendment((), "检修"), Amendment((Window(540, 780),), "半天")]),
    max_size=6,
)
WEEKS = st.dictionaries(st.integers(0, 6), WINDOWS, min_size=1)
STARTS = st.integers(0, 50 * 24 * 3600).map(
    lambda seconds: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
HALF_A_DAY = Limit(0.5, Unit.WORKING_DAYS, CountFrom.MOMENT, around_the_clock=False)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]))
    return Calendar(zone, draw(WEEKS), draw(DAYS_OFF), amendments=draw(SHORT_DAYS))


def end_of(limits: Promise, start: datetime, calendar: Calendar) -> datetime:
    return min(period_of(limit, start, calendar)[1] for limit in limits)


@pytest.mark.req("C2", "C4", "C6", "C14")
@settings(max_examples=100, deadline=None)
@given(start=STARTS, calendar=calendars())
def test_no_seed_ends_before_default_whenever_the_case_comes(start: datetime, calendar: Calendar) -> None:
    """Half a working day was taken to be stricter than 48 hours, and ended after a holiday."""
    for mine, theirs, clock, facts in PAIRS:
        ends = end_of(mine, start, calendar), end_of(theirs, start, calendar)
        assert ends[0] <= ends[1], (clock, facts, start)


def test_the_two_limits_of_a_lamp_are_both_kept() -> None:
    lamp = Facts("repair", "lighting_lock", "normal", "general")
    (rule,) = (rule for rule in DEFAULT.rules_for(lamp) if rule.clock is Clock.SOLVE)
    assert [(part.source, part.limit.amount) for part in rule.limits()] == [("S2", 0.5), ("S1", 48)]
    assert DEFAULT.rule(rule.or_earlier[0].id) == rule.or_earlier[0], "its reason is found by its id"


@pytest.mark.req("G2")
@pytest.mark.parametrize(
    ("start", "source"),
    [("2026-09-28T09:00", "S2"), ("2026-09-30T17:00", "S1")],  # before the holiday of seven days: 48 hours
)
def test_the_ledger_keeps_the_limit_that_ends_first(start: str, source: str) -> None:
    week = dict.fromkeys(range(5), (Window(510, 720), Window(840, 1050)))
    holidays = {date(2026, 10, day): "国庆节" for day in range(1, 8)}
    calendar = Calendar("UTC", week, holidays)
    lamp = Facts("repair", "lighting_lock", "normal", "general")
    (kept,) = (rule for rule in DEFAULT.rules_for(lamp) if rule.clock is Clock.SOLVE)
    rule = replace(kept, limit=HALF_A_DAY)
    deadline = deadline_for(rule, datetime.fromisoformat(start).replace(tzinfo=UTC), calendar)
    assert deadline.rule.source == source
    assert replay(deadline) == deadline.due_at == end_of(promise(rule), deadline.started_at, calendar)


@settings(max_examples=200, deadline=None)
@given(start=STARTS, calendar=calendars(), data=st.data())
def test_what_is_called_stricter_never_ends_later(
    start: datetime, calendar: Calendar, data: st.DataObject
) -> None:
    limits = [limit for mine, theirs, *_ in PAIRS for limit in (*mine, *theirs)]
    limit, other = data.draw(st.sampled_from(limits)), data.draw(st.sampled_from(limits))
    if never_ends_later(limit, other):
        assert end_of((limit,), start, calendar) <= end_of((other,), start, calendar)


def test_limits_that_cross_are_not_called_stricter() -> None:
    two_days = Limit(48, Unit.HOURS)
    assert not never_ends_later(HALF_A_DAY, two_days)
    assert not never_ends_later(two_days, HALF_A_DAY)
    three = Limit(3, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)
    assert never_ends_later(two_days, three)
    assert not never_ends_later(Limit(72, Unit.HOURS), three)
    assert not never_ends_later(three, Limit(72, Unit.HOURS))


@pytest.mark.req("A7", "C2", "C6")
@settings(max_examples=100, deadline=None)
@given(start=STARTS, calendar=calendars(), desk=WINDOWS, facts=st.sampled_from(EVERY_CASE))
def test_no_seed_ends_before_default_where_the_desk_has_hours_of_its_own(
    start: datetime, calendar: Calendar, desk: tuple[Window, ...], facts: Facts
) -> None:
    staffed = replace(calendar, staffed=Calendar(calendar.zone, dict.fromkeys(range(7), desk)))
    rules = {rule.clock: promise(rule) for rule in DEFAULT.rules_for(facts, staffed=True)}
    for pack in PACKS:
        for rule in pack.rules_for(facts, staffed=True):
            mine, theirs = (end_of(limits, start, staffed) for limits in (rules[rule.clock], promise(rule)))
            assert mine <= theirs, (rule.clock, facts, start)
