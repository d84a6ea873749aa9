"""Whether somebody was there in time counts by itself: solved in time says nothing of it (C5, E1, G17)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.contribution import contribution, recount
from chalicelib.domain.figures.handler_counters import OF_A_ROUND
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.regulation.limits import Clock
from tests.stories import HANDLER, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, context


def emergency() -> Story:
    return Story(context(pack="S2")).register(matter="seepage", urgency="emergency")


def give(story: Story, *commands: str) -> Story:
    for command in commands:
        if command == "assign":
            story.do(command, SUPERVISOR, AssignForm(HANDLER.id, "值班"))
        else:
            story.do(command, HANDLER)
    return story


def counted(story: Story, row: Row = TOTAL) -> int:
    return contribution(story.case)[row, "first_late"]


@pytest.mark.req("C5", "G17")
def test_an_emergency_that_waited_counts_though_it_was_solved_in_time() -> None:
    story = emergency()
    assert counted(story) == 0
    story.wait(minutes=11).fire()
    assert counted(story) == 1
    give(story, "assign", "sign", "start", "complete")
    total = {name: amount for (row, name), amount in contribution(story.case).items() if row == TOTAL}
    assert (total["solved_in_time"], total["first_late"]) == (1, 1)
    assert rates(total).first_late == 1
    assert counted(story, Row("handler", HANDLER.id)) == 1


@pytest.mark.req("G17")
def test_it_counts_also_where_no_timer_has_marked_it() -> None:
    story = give(emergency(), "assign", "sign").wait(minutes=30)
    give(story, "start")
    assert not story.case.clocks.overdue
    assert counted(story) == 1


@pytest.mark.req("C5")
def test_who_was_there_in_time_does_not_count() -> None:
    story = give(emergency(), "assign", "sign").wait(minutes=3)
    give(story, "start").wait(hours=2)
    give(story, "complete")
    assert story.case.clocks.met[Clock.ON_SITE] < story.case.clocks.deadlines[Clock.ON_SITE].due_at
    assert counted(story) == 0


@pytest.mark.req("E4", "G17")
def test_the_next_round_is_its_own_handler_s_and_the_case_stays_late() -> None:
    story = emergency().wait(minutes=11)
    give(story, "assign", "sign", "start", "complete").wait(hours=1)
    story.do("reopen", MANAGER, ReasonForm("又漏了"))
    story.do("assign", SUPERVISOR, AssignForm(OTHER_HANDLER.id, "换人")).do("sign", OTHER_HANDLER)
    story.do("start", OTHER_HANDLER)
    assert counted(story) == 1
    assert counted(story, Row("handler", HANDLER.id)) == 1
    assert counted(story, Row("handler", OTHER_HANDLER.id)) == 0
    assert "first_late" in OF_A_ROUND
    assert recount([story.case]) == {
        key: amount for key, amount in contribution(story.case).items() if amount
    }


@pytest.mark.req("G17")
def test_a_round_that_ends_unanswered_after_its_time_was_late() -> None:
    story = emergency().wait(minutes=11)
    story.do("refer", SUPERVISOR)
    assert story.case.rounds[-1].first_late
    assert story.at - story.case.registered_at < timedelta(hours=1)
