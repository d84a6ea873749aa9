"""What a list is in order of, and what it calls late: the clock that ends first, by its name (B7, G17)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm, next_step
from chalicelib.domain.work.forms import PauseForm
from chalicelib.services.calendar.replan import may_move
from chalicelib.services.case_line import line_of
from chalicelib.services.records import CaseLine
from tests.browser import Browser, text
from tests.builders import MONDAY, SUPERVISOR, Office
from tests.stories import HANDLER, Story, context


def line(story: Story) -> CaseLine:
    return line_of(story.case, story.context, next_step(story.case, story.context).wake_at)


def first_open(story: Story) -> tuple[str, object]:
    case = story.case
    left = {
        clock: deadline.due_at
        for clock, deadline in case.clocks.deadlines.items()
        if clock not in case.clocks.met
    }
    clock = min(left, key=lambda name: left[name])
    return clock, left[clock]


def give(story: Story, *commands: str) -> None:
    for command in commands:
        if command == "assign":
            story.do(command, SUPERVISOR, AssignForm(HANDLER.id, "值班"))
        else:
            story.do(command, HANDLER)


@pytest.mark.req("B7", "C5")
def test_a_line_says_which_clock_ends_first_and_goes_on_to_the_next_when_that_is_met() -> None:
    story = Story(context(pack="S2")).register(matter="seepage", urgency="emergency")
    seen = []
    for command in (None, "assign", "sign", "start"):
        if command:
            give(story.wait(minutes=1), command)
        shown = line(story)
        assert (shown.due_for, shown.due_at) == first_open(story)
        seen.append(shown.due_for)
    assert (seen[0], seen[-1]) == (Clock.RESPOND, Clock.SOLVE)


@pytest.mark.req("B7")
def test_a_clock_that_was_missed_stays_first_until_it_is_met_and_its_name_stays_for_good() -> None:
    story = Story(context(pack="S2")).register(matter="seepage", urgency="emergency")
    story.wait(minutes=20).fire()
    late = line(story)
    assert late.due_for == Clock.RESPOND
    assert set(late.overdue_clocks) == {Clock.RESPOND, Clock.ON_SITE}
    assert not late.overdue, "there is time yet to solve it, as the figures say"
    give(story, "assign", "sign", "start")
    after = line(story)
    assert after.due_for == Clock.SOLVE
    assert set(after.overdue_clocks) == {Clock.RESPOND, Clock.ON_SITE}


@pytest.mark.req("D2")
def test_a_solved_case_is_in_line_with_its_revisit_and_has_no_time_where_nothing_is_due() -> None:
    story = Story(context(pack="S4")).register(kind="complaint")
    give(story, "assign", "sign", "start", "complete")
    waiting = line(story)
    assert waiting.due_for is None
    assert waiting.due_at == next_step(story.case, story.context).wake_at
    while story.case.follow_up.revisit_due_at is None:
        story.at = next_step(story.case, story.context).wake_at or story.at
        story.fire()
    drawn = line(story)
    assert (drawn.due_for, drawn.due_at) == ("revisit", story.case.follow_up.revisit_due_at)


@pytest.mark.req("G1")
def test_a_clock_that_ends_before_the_unknown_year_does_not_make_it_known() -> None:
    story = Story(context(pack="S3")).register(kind="complaint", complexity="complex")
    shown = line(story)
    calendar = story.context.calendar
    unknown = [shown.planned_until and calendar.local_date(shown.planned_until)]
    assert shown.planned_until is not None
    assert shown.planned_until > shown.due_at

    class Known:
        def is_provisional(self, day: object) -> bool:
            return day in unknown

        def local_date(self, at: object) -> object:
            return calendar.local_date(at)  # type: ignore[arg-type]

    crossing = CaseLine(
        **{name: getattr(shown, name) for name in CaseLine.__struct_fields__} | {"provisional": True}
    )
    assert not may_move(crossing, Known(), None, MONDAY)  # type: ignore[arg-type]
    unknown.clear()
    assert may_move(crossing, Known(), None, MONDAY)  # type: ignore[arg-type]


def listed(browser: Browser) -> str:
    return text(browser.get("/desk/riverside?list=community"))


@pytest.mark.req("B7", "G17")
def test_the_list_names_the_clock_and_calls_late_only_what_has_passed(browser: Browser, desk: Office) -> None:
    case = desk.register(kind="repair", matter="seepage", urgency="emergency").case
    on_site = case.clocks.deadlines[Clock.ON_SITE].due_at
    browser.sign_in("supervisor-1")
    assert "回应 11月23日 周一 09:05" in listed(browser)
    assert "已超时" not in listed(browser)
    desk.clock.set(on_site - timedelta(minutes=3))
    assert "已超时2分 回应 11月23日 周一 09:05" in listed(browser), "though no timer has marked it yet"
    desk.clock.set(on_site + timedelta(minutes=10))
    case = desk.do(case, "fire_timers", TIMER, TimersForm())
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "start", HANDLER, NoteForm())
    said = listed(browser)
    assert "已超时" not in said
    assert "到场" in said.partition("超时：")[2]
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "到场" in page.partition("超时：")[2][:12]


@pytest.mark.req("G4")
def test_while_a_case_is_paused_nothing_in_the_list_runs_out(browser: Browser, desk: Office) -> None:
    case = desk.register(kind="repair", matter="seepage").case
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "start", HANDLER, NoteForm())
    first = min(
        deadline.due_at for clock, deadline in case.clocks.deadlines.items() if clock not in case.clocks.met
    )
    until = first + timedelta(days=1)
    case = desk.do(case, "pause", HANDLER, PauseForm(until, "waiting_for_parts", "订货单 17 号"))
    desk.clock.set(first + timedelta(hours=1))
    browser.sign_in("supervisor-1")
    assert "暂停中" in listed(browser)
    assert "已超时" not in listed(browser)
    assert "已超时" not in text(browser.get(f"/desk/riverside/cases/{case.number}"))
