"""The work after an agreed visit keeps its own time, whatever happens to the visit (B11, G1, G2, G4)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case.case import IN_DISPATCH
from chalicelib.domain.case.clock_changes import expected_deadlines
from chalicelib.domain.community.community import AmendedDay, Community
from chalicelib.domain.deadlines.calendar import Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline, replay
from chalicelib.domain.deadlines.periods import run_between
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment
from chalicelib.domain.work.forms import ExtensionForm, PauseForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from tests.builders import community, regulations
from tests.fakes.clocks import PlainCalendars
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context
from tests.words import explain

JOB = Limit(4, Unit.HOURS, around_the_clock=False)
FOUR_HOURS = timedelta(hours=4)


def calendar_of(place: Community, *, is_staffed: bool) -> Calendar:
    """The plain calendar, with a desk that is staffed every day from 8 to 20 if it has hours of its own."""
    plain = PlainCalendars().of(place)
    daily = Calendar(plain.zone, dict.fromkeys(range(7), (Window(480, 1200),)), amendments=plain.amendments)
    return replace(plain, staffed=daily) if is_staffed else plain


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def repair(
    limit: Limit | None = None,
    effect: Appointment = Appointment.WITHIN,
    *,
    pack: str = "S2",
    is_staffed: bool = False,
) -> Story:
    """A signed repair in the home; Tuesday and Thursday are off. Under S2 the limit can be given."""
    place = community(amendments=(AmendedDay("2026-11-24", (), "停电"), AmendedDay("2026-11-26", (), "停电")))
    given = regulations().get(pack)
    rules = (
        replace(rule, limit=limit, appointment=effect) if limit and rule.id == "S2-home" else rule
        for rule in given.rules
    )
    story = Story(context(place, pack, replace(given, rules=tuple(rules))))
    story.context = replace(story.context, calendar=calendar_of(place, is_staffed=is_staffed))
    story.register(matter="home_other").wait(minutes=3)
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)


def agreed(story: Story, visit: str) -> Story:
    return story.do("agree_appointment", AGENT, AgreedVisitForm(at(visit), story.at, "王芳", "phone"))


def paused(story: Story, since: str, until: str) -> Story:
    story.at = at(since)
    story.do("pause", MANAGER, PauseForm(at(until), "waiting_for_parts", "订单"))
    return story


def amended(story: Story, *days: AmendedDay, is_staffed: bool = False) -> Story:
    """The community's calendar with these days of its own, and its case planned anew."""
    place = replace(story.context.community, amendments=days)
    calendar = calendar_of(place, is_staffed=is_staffed)
    story.context = replace(story.context, community=place, calendar=calendar)
    return story.do("replan", MANAGER)


def solve(story: Story) -> Deadline:
    found = story.case.deadlines[Clock.SOLVE]
    assert replay(found) == found.due_at
    return found


@pytest.mark.req("B11", "G1", "G4")
@pytest.mark.parametrize("pack", ["S2", "S4"])
def test_a_day_that_is_closed_under_a_pause_leaves_the_work_its_hours(pack: str) -> None:
    """Agreed for Wednesday 10:00; paused from 9:00 on, and then nobody works on that Wednesday."""
    story = agreed(repair(pack=pack), "2026-11-25T10:00")
    story = paused(story, "2026-11-25T09:00", "2026-11-25T16:00")
    amended(story, AmendedDay("2026-11-25", (), "停电"), AmendedDay("2026-11-26", (), "停电"))
    story.at = at("2026-11-25T16:00")
    story.fire()
    arrival, due = story.case.deadlines[Clock.ON_SITE].due_at, solve(story).due_at
    assert story.context.calendar.working_between(arrival, due) >= timedelta(hours=4)


@pytest.mark.req("B11", "G1")
def test_a_day_that_is_closed_after_the_visit_was_agreed_on_leaves_the_work_its_hours() -> None:
    """Agreed for Wednesday 15:00, so solved by Friday 9:30 (Thursday is off); Friday is closed, too."""
    story = agreed(repair(), "2026-11-25T15:00")
    assert solve(story).due_at == at("2026-11-27T09:30")
    amended(story, AmendedDay("2026-11-26", (), "停电"), AmendedDay("2026-11-27", (), "检修"))
    assert solve(story).due_at == at("2026-11-30T09:30")
    told = "；".join(explain(solve(story), story.context.calendar, "zh-CN"))
    assert "上门后留出4个工作小时处理" in told


@pytest.mark.req("B7", "B11", "G1")
def test_a_correction_leaves_the_work_its_time() -> None:
    """The day of the visit is closed, then the severity corrected: the work keeps its 4 hours."""
    story = agreed(repair(), "2026-11-25T15:00")
    amended(story, AmendedDay("2026-11-26", (), "停电"), AmendedDay("2026-11-25", (), "检修"))
    before = solve(story)
    assert before.due_at == at("2026-11-27T14:30")
    story.do("classify", SUPERVISOR, ClassifyForm("看过", severity="serious"))
    assert solve(story).due_at == before.due_at
    assert solve(story).derivation.work == before.derivation.work


@pytest.mark.req("B11", "A7", "G2", "G4")
def test_the_work_of_a_limit_by_the_wall_clock_is_counted_in_staffed_hours() -> None:
    """5 days by the wall clock, 4 staffed hours for the work: nobody solves it at six in the morning."""
    story = agreed(repair(Limit(5, Unit.DAYS), is_staffed=True), "2026-11-25T15:00")
    assert solve(story).due_at == at("2026-11-25T19:00")
    story = paused(story, "2026-11-25T14:00", "2026-11-27T01:00")
    story.at = at("2026-11-27T01:00")
    story.fire()
    arrival = story.case.deadlines[Clock.ON_SITE].due_at
    assert arrival == at("2026-11-27T02:00")
    assert solve(story).due_at == at("2026-11-27T12:00")
    assert solve(story).work_excerpt is not None
    told = explain(solve(story), story.context.calendar, "en")
    assert "after the visit the work has 4 staffed hours" in told
    amended(story, AmendedDay("2026-11-27", (), "停电"), is_staffed=True)
    assert solve(story).due_at == at("2026-11-28T12:00")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["visit", "pause", "go on", "go on early", "close", "close", "open", "extend"]),
        st.integers(10, 1400),
        st.integers(60, 5000),
    ),
    min_size=3,
    max_size=9,
)
LIMITS = st.sampled_from(
    [
        Limit(7, Unit.WORKING_DAYS, around_the_clock=False),
        Limit(5, Unit.DAYS),
        Limit(40, Unit.HOURS, around_the_clock=False),
        Limit(5, Unit.STAFFED_DAYS, around_the_clock=False),
    ]
)


@pytest.mark.req("B7", "B11", "G1", "G2", "G4")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LIMITS, st.sampled_from(Appointment), st.booleans(), STEPS)
def test_the_work_never_has_less_time_than_it_was_agreed_to_have(
    limit: Limit, effect: Appointment, is_staffed: bool, steps: list[tuple[str, int, int]]
) -> None:
    """Visits, pauses, resumes, more time and days closed or opened, in any order, paused or not."""
    story = repair(limit, effect, is_staffed=is_staffed)
    visit, left, days = None, timedelta(), {}
    for step, wait, minutes in steps:
        story.wait(minutes=wait)
        story.fire()
        if story.case.state not in IN_DISPATCH:
            return
        day = f"{story.at + timedelta(minutes=minutes):%Y-%m-%d}"
        pause = story.case.clocks.pause
        try:
            match step:
                case "pause":
                    until = max(story.at, visit or story.at) + timedelta(minutes=minutes)
                    story.do("pause", MANAGER, PauseForm(until, "waiting_for_parts", "等配件"))
                case "go on":
                    story.at = pause.until if pause else story.at
                    story.fire()
                case "go on early":
                    story.do("resume", HANDLER)
                case "visit":
                    visit_at = story.at + timedelta(minutes=minutes)
                    story.do("agree_appointment", AGENT, AgreedVisitForm(visit_at, story.at, "王芳", "phone"))
                    visit, left = visit_at, time_for_work(story, story.case.deadlines[Clock.SOLVE], visit_at)
                case "close" | "open":
                    windows = () if step == "close" else (("09:00", "18:00"),)
                    days[day] = AmendedDay(day, windows, "停电")
                    amended(story, *days.values(), is_staffed=is_staffed)
                case _:
                    until = story.case.deadlines[Clock.SOLVE].due_at + timedelta(minutes=minutes)
                    story.do("request_extension", HANDLER, ExtensionForm(until, "缺配件"))
                    story.do("grant_extension", MANAGER)
        except (CommandRefusedError, InvalidInputError, NotAllowedError):
            continue
        clocks = expected_deadlines(story.case, story.context)
        arrival, solve = clocks.get(Clock.ON_SITE), clocks.get(Clock.SOLVE)
        for deadline in story.case.open:
            assert replay(deadline) == deadline.due_at
        if arrival is None or solve is None or not arrival.derivation.appointment == visit is not None:
            continue
        if solve.derivation.appointment == visit and solve.due_at > story.at:
            assert time_for_work(story, solve, arrival.due_at) >= min(left, FOUR_HOURS)


def time_for_work(story: Story, deadline: Deadline, there_by: datetime) -> timedelta:
    """How much staffed time lies between the arrival and the deadline, in whole minutes."""
    time = run_between(JOB, story.context.calendar, there_by, deadline.due_at, deadline.breaks)
    return time // timedelta(minutes=1) * timedelta(minutes=1)
