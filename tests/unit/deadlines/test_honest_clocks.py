"""No correction, pause or amended calendar makes late what was in time, or the reverse (G2, G4, G17)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.deadlines.calendar import Amendment, Window
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import PauseForm
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context, in_state, working

HOUR = timedelta(hours=1)


@pytest.mark.req("A8", "B7", "G17")
def test_a_correction_does_not_wipe_out_lateness() -> None:
    story = working("S1", kind="complaint")
    due = story.case.clocks.deadlines[Clock.SOLVE]
    story.at = due.due_at + HOUR
    story.fire()
    story.do("classify", AGENT, ClassifyForm("其实复杂", complexity="complex"))
    assert story.case.clocks.deadlines[Clock.SOLVE] == due
    assert Clock.SOLVE in story.case.clocks.overdue
    assert contribution(story.case)[TOTAL, "open_overdue"] == 1
    story.do("complete", HANDLER)
    assert contribution(story.case)[TOTAL, "solved_late"] == 1


@pytest.mark.req("A8", "G17")
def test_a_clock_that_has_run_out_stays_though_the_kind_has_no_such_limit() -> None:
    story = Story().register(kind="repair", matter="flooding", urgency="emergency")
    story.at = story.case.clocks.deadlines[Clock.ON_SITE].due_at
    story.fire()
    story.do("classify", AGENT, ClassifyForm("只是问问", kind="inquiry", urgency="normal"))
    assert Clock.ON_SITE in story.case.clocks.overdue
    assert Clock.ON_SITE in story.case.clocks.deadlines


@pytest.mark.req("A8", "G4")
def test_a_clock_that_a_pause_holds_has_not_run_out_and_follows_a_correction() -> None:
    story = working("S1", kind="complaint")
    story.do("pause", HANDLER, PauseForm(story.at + 72 * HOUR, "waiting_for_parts", "订单"))
    story.at = story.case.clocks.solve_due_at + HOUR
    story.do("classify", MANAGER, ClassifyForm("其实复杂", complexity="complex"))
    assert story.case.clocks.solve_due_at > story.at


@pytest.mark.req("G1", "G4")
def test_a_short_pause_makes_nobody_late_after_the_calendar_was_amended() -> None:
    """The clock was due on Monday; then Saturday becomes a working day, too late to be planned anew."""
    story = working("S3", kind="complaint", complexity="complex")
    before = dict(story.case.clocks.deadlines)
    saturday = date(2026, 11, 28)
    calendar = story.context.calendar
    extra = {saturday: Amendment((Window(9 * 60, 12 * 60),), "年底加班")}
    story.context = replace(story.context, calendar=replace(calendar, amendments=extra))
    story.at = calendar.midnight(saturday) + 17 * HOUR
    assert not story.do("replan", MANAGER).outcomes[-1].events
    story.do("pause", HANDLER, PauseForm(story.at + HOUR, "waiting_for_parts", "订单"))
    story.wait(minutes=10).do("resume", HANDLER)
    assert {clock: deadline.due_at for clock, deadline in story.case.clocks.deadlines.items()} == {
        clock: deadline.due_at for clock, deadline in before.items()
    }
    assert not any(
        isinstance(payload, ev.MarkedOverdue) and payload.clock is Clock.SOLVE for payload in story.fire()
    )


@pytest.mark.req("A6", "G4")
def test_the_clock_of_an_emergency_does_not_stand_still() -> None:
    story = working("default", kind="repair", matter="flooding", urgency="emergency")
    with pytest.raises(CommandRefusedError) as caught:
        story.do("pause", HANDLER)
    assert caught.value.reason == "emergency_stands_still"
    story.do("classify", SUPERVISOR, ClassifyForm("水已关，等配件", urgency="urgent"))
    for actor in (HANDLER, SUPERVISOR):
        with pytest.raises(NotAllowedError) as alone:
            story.do("pause", actor)
        assert alone.value.reason == "manager_pauses_urgent"
    assert story.do("pause", MANAGER).case.clocks.pause is not None


@pytest.mark.req("B7", "G4")
def test_nobody_but_the_manager_moves_a_power_cut_by_a_pause() -> None:
    story = working("default", kind="repair", matter="power_outage", urgency="urgent")
    with pytest.raises(NotAllowedError) as alone:
        story.do("pause", HANDLER)
    assert alone.value.reason == "manager_pauses_urgent"
    assert story.do("pause", MANAGER).case.clocks.pause is not None


@pytest.mark.req("B7", "G4")
def test_pauses_over_a_holiday_take_of_the_cap_where_a_limit_runs_around_the_clock() -> None:
    """National Day takes no working time; a limit of 24 hours is put off by every one of these nights."""
    begin = datetime(2026, 9, 30, 10, tzinfo=UTC)  # 18:00 in Shanghai, after closing
    story = Story(context(pack="S1"), at=begin - 2 * HOUR).register(kind="complaint")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉")).do("sign", HANDLER).do("start", HANDLER)
    assert story.case.clocks.deadlines[Clock.SOLVE].limit.around_the_clock
    days_off = {date(2026, 10, day): "国庆节" for day in range(1, 8)}
    calendar = replace(story.context.calendar, holidays=days_off)
    story.context = replace(story.context, calendar=calendar)
    story.at = begin
    end = datetime(2026, 10, 8, 0, 30, tzinfo=UTC)
    assert calendar.working_between(begin, end) == timedelta()
    story.do("pause", HANDLER, PauseForm(end, "waiting_for_parts", "订单"))
    story.at = end
    story.do("resume", HANDLER)
    story.at = datetime(2026, 10, 8, 10, tzinfo=UTC)
    left = timedelta(days=10) - (end - begin)
    with pytest.raises(CommandRefusedError) as caught:
        story.do("pause", HANDLER, PauseForm(story.at + left + HOUR, "waiting_for_parts", "订单"))
    assert caught.value.facts["latest"] == story.at + left
    story.do("pause", HANDLER, PauseForm(story.at + left, "waiting_for_parts", "订单"))
    story.at += left
    story.do("resume", HANDLER)
    with pytest.raises(CommandRefusedError) as none_left:
        story.do("pause", HANDLER)
    assert none_left.value.reason == "no_pause_left"


@pytest.mark.req("G3", "G5")
def test_nobody_is_reminded_after_an_extension_of_a_time_that_had_passed_before_it() -> None:
    story = in_state(State.WORKING)
    limit = story.case.clocks.solve_due_at - story.case.clocks.started_at
    story.at = story.case.clocks.started_at + limit * 0.85
    story.fire()
    story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
    assert not story.fire()
    story.at = story.case.clocks.solve_due_at - timedelta(minutes=1)
    reminded = [
        payload
        for payload in story.fire()
        if isinstance(payload, ev.Reminded) and payload.clock is Clock.SOLVE
    ]
    assert [str(event.key) for event in reminded] == ["solve:remind:2"]
