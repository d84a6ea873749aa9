"""Figures: what commands add up to is what a recount gives, and the rates hide nothing (E1, G17)."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.contribution import changes, contribution, recount
from chalicelib.domain.figures.counters import COUNTERS
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from tests.histories import summed, wandering
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, in_state


def total(story: Story) -> dict[str, int]:
    """The counters of the row `total` for one case."""
    return {name: amount for (row, name), amount in contribution(story.case).items() if row == TOTAL}


@pytest.mark.req("G17")
@given(seeds=st.lists(st.integers(0, 100_000), min_size=1, max_size=4))
@settings(max_examples=25)
def test_the_changes_of_all_commands_are_a_recount_from_the_events(seeds: list[int]) -> None:
    stories = [wandering(seed) for seed in seeds]
    folded = [fold(story.events, story.case.community, story.case.number) for story in stories]
    assert summed(*stories) == recount(folded)


@pytest.mark.req("G17")
@given(seed=st.integers(0, 100_000))
@settings(max_examples=25)
def test_no_row_is_ever_below_nothing_and_every_counter_is_known(seed: int) -> None:
    running: Counter[tuple[str, str]] = Counter()
    for outcome in wandering(seed).outcomes:
        for row, counters in changes(outcome.before, outcome.after).items():
            for name, amount in counters.items():
                running[row, name] += amount
                assert running[row, name] >= 0
                assert name in COUNTERS


def test_a_command_writes_only_what_it_changes() -> None:
    story = in_state(State.WORKING)
    story.do("progress", HANDLER)
    assert changes(story.outcomes[-1].before, story.case) == {}


@pytest.mark.req("G17")
def test_a_late_case_counts_against_being_on_time_as_long_as_it_is_open() -> None:
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + timedelta(minutes=1)
    story.fire()
    counters = total(story)
    assert (counters["open"], counters["open_overdue"]) == (1, 1)
    assert rates(counters).on_time == 0.0
    story.do("complete", HANDLER)
    counters = total(story)
    assert (counters["solved"], counters["solved_late"]) == (1, 1)
    assert "solved_in_time" not in counters
    assert rates(counters).on_time == 0.0
    assert rates(counters).overdue == 1.0


@pytest.mark.req("G17")
def test_a_case_that_comes_back_is_not_solved() -> None:
    story = in_state(State.COMPLETED)
    assert total(story)["solved"] == 1
    story.do("rate", RESIDENT, RateForm(1))
    counters = total(story)
    assert "solved" not in counters
    assert (counters["open"], counters["reopened"], counters["ratings"]) == (1, 1, 1)
    assert "ratings_satisfied" not in counters


@pytest.mark.req("B1", "G17")
def test_a_returned_case_found_untrue_was_not_solved() -> None:
    story = in_state(State.COMPLETED, kind="complaint").do("reopen", RESIDENT).do("reject", MANAGER)
    story.do("object", RESIDENT).do("uphold", MANAGER)
    counters = total(story)
    assert counters["rejected"] == 1
    assert counters["closed"] == 1
    assert "solved" not in counters


@pytest.mark.req("D1", "G7", "G17")
def test_silence_is_counted_as_silence() -> None:
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.revisits.attempts):
        story.do("record_revisit", AGENT, RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone"))
        story.wait(days=1)
    story.wait(days=9).fire()
    counters = total(story)
    assert counters["closed_silent"] == 1
    found = rates(counters)
    assert found.survey_answered == 0.0
    assert found.satisfied is None, "nobody said so"
    assert found.average_rating is None


@pytest.mark.req("G8", "G17")
def test_a_survey_that_reached_nobody_is_not_counted_as_sent() -> None:
    unreachable = Story().register(solved_with="换了灯泡", report={"phone": None})
    reachable = Story().register(solved_with="换了灯泡")
    assert "surveys" not in total(unreachable)
    assert total(reachable)["surveys"] == 1


@pytest.mark.req("A2")
@pytest.mark.parametrize(("minutes", "in_time"), [(15, True), (15.02, False)])
def test_registered_within_a_quarter_of_an_hour(minutes: float, in_time: bool) -> None:
    story = Story()
    contacted = {"contacted_at": story.at - timedelta(minutes=minutes)}
    assert ("registered_in_time" in total(story.register(report=contacted))) is in_time


@pytest.mark.req("A10")
def test_solved_on_the_spot_counts_like_any_other() -> None:
    counters = total(Story().register(solved_with="换了灯泡"))
    assert (counters["registered"], counters["on_the_spot"], counters["solved_in_time"]) == (1, 1, 1)


@pytest.mark.req("G4")
def test_the_paused_share_stands_with_the_handler() -> None:
    story = in_state(State.WORKING).do("pause", HANDLER).wait(hours=5).do("resume", HANDLER)
    story.wait(hours=5).do("complete", HANDLER)
    of_handler = {
        name: amount
        for (row, name), amount in contribution(story.case).items()
        if row == Row("handler", HANDLER.id)
    }
    share = rates(of_handler).paused_share
    assert share == pytest.approx(0.5, abs=0.01)
    assert of_handler["paused_seconds"] == 5 * 3600


@pytest.mark.req("E1")
def test_a_case_stands_in_the_row_of_everything_that_it_is() -> None:
    rows = {row for row, _ in contribution(in_state(State.ASSIGNED).case)}
    assert rows == {
        TOTAL,
        Row("kind", "repair"),
        Row("category", "facility"),
        Row("matter", "seepage"),
        Row("department", "engineering"),
        Row("channel", "hotline_operator"),
        Row("handler", "engineering-1"),
    }


def test_a_reassigned_case_moves_to_the_row_of_who_has_it() -> None:
    story = in_state(State.ASSIGNED)
    story.do("assign", SUPERVISOR)
    moved = changes(story.outcomes[-1].before, story.case)
    assert moved[Row("handler", "engineering-1")]["open"] == -1
    assert moved[Row("handler", "engineering-2")]["open"] == 1


def test_rates_of_nothing_are_unknown() -> None:
    assert set(astuple(rates({}))) == {None}


@pytest.mark.req("G17")
def test_a_bad_rating_is_the_figure_of_whoever_had_the_work_not_of_the_next() -> None:
    story = in_state(State.COMPLETED)
    first = story.case.assignment.handler
    story.do("rate", RESIDENT, RateForm(1, "没修好"))
    story.do("assign", SUPERVISOR, AssignForm("engineering-2", "换人处理"))
    assert story.case.assignment.handler == "engineering-2" != first

    counted = contribution(story.case)

    of_the_first, of_the_next = Row("handler", first), Row("handler", "engineering-2")
    for name, amount in {"surveys": 1, "ratings": 1, "rating_points": 1, "reopened": 1}.items():
        assert counted[of_the_first, name] == counted[TOTAL, name] == amount
        assert counted[of_the_next, name] == 0
    assert counted[of_the_first, "ratings_satisfied"] == 0
    assert counted[of_the_next, "open"] == 1
