"""A round of work stays whose round it was, and what was late stays late (G4, G17)."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case.case import IN_DISPATCH, State
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.figures.counters import NOT_TO_SOLVE
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import PauseForm
from tests.histories import wandering
from tests.stories import AGENT, HANDLER, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, in_state

MINUTE = timedelta(minutes=1)


def row(story: Story, name: Row) -> Mapping[str, int]:
    """The counters of one row that are not nothing."""
    return {
        counter: amount
        for (rate, counter), amount in contribution(story.case).items()
        if rate == name and amount
    }


def taken_over(story: Story) -> Story:
    """The resident is not satisfied, and a colleague gets the next round."""
    story.do("rate", RESIDENT, RateForm(1, "还是漏"))
    story.do("assign", SUPERVISOR, AssignForm(OTHER_HANDLER.id, "换人处理"))
    return story.do("sign", OTHER_HANDLER).do("start", OTHER_HANDLER)


@pytest.mark.req("E1", "E4", "G17")
def test_lateness_stays_with_whoever_was_late_and_does_not_go_to_the_next() -> None:
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + MINUTE
    story.fire()
    story.do("complete", HANDLER)
    taken_over(story)
    first, second = row(story, Row("handler", HANDLER.id)), row(story, Row("handler", OTHER_HANDLER.id))
    assert (first["registered"], first["solved"], first["solved_late"]) == (1, 1, 1)
    assert (second["registered"], second["open"]) == (1, 1)
    assert "open_overdue" not in second, "the colleague's clock has only begun"
    assert row(story, TOTAL)["open_overdue"] == 1, "for the resident the case is late all the same"

    story.wait(hours=1).do("complete", OTHER_HANDLER)
    first, second = row(story, Row("handler", HANDLER.id)), row(story, Row("handler", OTHER_HANDLER.id))
    assert (rates(first).on_time, rates(first).overdue) == (0.0, 1.0)
    assert (rates(second).on_time, rates(second).overdue) == (1.0, 0.0)
    assert "solved_late" not in second
    assert row(story, TOTAL)["solved_late"] == 1


@pytest.mark.req("E4", "G4")
def test_time_and_pauses_of_a_round_stay_with_its_handler() -> None:
    story = in_state(State.WORKING)
    began = story.case.clocks.started_at
    story.do("pause", HANDLER).wait(hours=5).do("resume", HANDLER).wait(hours=1).do("complete", HANDLER)
    of_the_first = int((story.at - began).total_seconds())
    taken_over(story.wait(hours=2))
    began = story.case.clocks.started_at
    story.wait(hours=3).do("complete", OTHER_HANDLER)
    first, second = row(story, Row("handler", HANDLER.id)), row(story, Row("handler", OTHER_HANDLER.id))
    assert (first["handling_seconds"], first["paused_seconds"]) == (of_the_first, 5 * 3600)
    assert second["handling_seconds"] == int((story.at - began).total_seconds())
    assert "paused_seconds" not in second
    total = row(story, TOTAL)
    assert total["paused_seconds"] == 5 * 3600
    assert total["handling_seconds"] == int((story.at - story.case.registered_at).total_seconds())


@pytest.mark.req("G17")
def test_who_has_two_rounds_of_a_case_has_both_in_the_figures() -> None:
    story = in_state(State.COMPLETED).do("rate", RESIDENT, RateForm(1))
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉"))
    assert {
        name: row(story, Row("handler", HANDLER.id))[name] for name in ("registered", "solved", "open")
    } == {
        "registered": 2,
        "solved": 1,
        "open": 1,
    }


@pytest.mark.req("A10", "E1")
def test_what_the_desk_solves_on_the_spot_is_the_work_of_whoever_solved_it() -> None:
    counters = row(Story().register(solved_with="换了灯泡"), Row("handler", AGENT.id))
    for name in ("registered", "registered_in_time", "on_the_spot", "solved", "solved_in_time"):
        assert counters[name] == 1, name


@pytest.mark.req("B1", "G17")
@pytest.mark.parametrize("marked", [True, False])
def test_a_late_round_that_is_rejected_is_late_when_the_case_is_taken_up_again(marked: bool) -> None:
    """Whether or not the timer had come to mark it."""
    story = in_state(State.WORKING, kind="complaint")
    story.at = story.case.clocks.solve_due_at + MINUTE
    if marked:
        story.fire()
    story.do("reject", SUPERVISOR).do("object", RESIDENT).do("reopen", MANAGER)
    assert row(story, TOTAL)["open_overdue"] == 1
    story.do("assign", SUPERVISOR, AssignForm(OTHER_HANDLER.id, "换人")).do("sign", OTHER_HANDLER)
    story.do("complete", OTHER_HANDLER)
    assert row(story, TOTAL)["solved_late"] == 1
    assert "solved_late" not in row(story, Row("handler", OTHER_HANDLER.id))


@pytest.mark.req("B1", "G4", "G17")
def test_a_pause_holds_the_clock_of_a_round_that_is_rejected_and_is_counted() -> None:
    story = in_state(State.WORKING, kind="complaint")
    due_at = story.case.clocks.solve_due_at
    story.do("pause", HANDLER, PauseForm(due_at + timedelta(hours=3), "waiting_for_parts", "订单"))
    paused_at = story.at
    story.at = due_at + timedelta(hours=2)
    story.do("reject", SUPERVISOR).do("object", RESIDENT).do("reopen", MANAGER)
    assert "open_overdue" not in row(story, TOTAL)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)
    story.do("complete", HANDLER)
    assert row(story, TOTAL)["paused_seconds"] == (due_at + timedelta(hours=2) - paused_at).total_seconds()


@pytest.mark.req("E1", "G17")
@given(seed=st.integers(0, 100_000))
@settings(max_examples=40)
def test_the_columns_of_each_row_add_up_and_no_rate_is_beyond_the_whole(seed: int) -> None:
    for outcome in wandering(seed).outcomes:
        counted = contribution(outcome.after)
        for name in {row for row, _ in counted}:
            of_row = {counter: amount for (row, counter), amount in counted.items() if row == name}
            parts = [of_row.get(counter, 0) for counter in ("open", "solved", *NOT_TO_SOLVE)]
            if "registered" in of_row:
                assert of_row["registered"] == sum(parts), name
            of_solved = of_row.get("solved_in_time", 0) + of_row.get("solved_late", 0)
            assert of_solved == of_row.get("solved", 0), name
            found = rates(of_row)
            for share in (found.on_time, found.overdue, found.registered_in_time, found.paused_share):
                assert share is None or 0 <= share <= 1, name


@pytest.mark.req("E1", "G17")
@given(seed=st.integers(0, 100_000))
@settings(max_examples=40)
def test_a_round_is_on_record_once_it_has_ended(seed: int) -> None:
    for outcome in wandering(seed).outcomes:
        case = outcome.after
        assert len(case.rounds) == case.round - (case.state in IN_DISPATCH)
        handlers = {
            key: amount for key, amount in contribution(case).items() if key[0].dimension == "handler"
        }
        completed = sum(past.completed for past in case.rounds)
        assert sum(amount for (_, counter), amount in handlers.items() if counter == "solved") == completed
        late_now = (
            case.state in IN_DISPATCH
            and case.assignment.handler is not None
            and Clock.SOLVE in case.clocks.overdue
        )
        assert (
            sum(amount for (_, handler), amount in handlers.items() if handler == "open_overdue") == late_now
        )
