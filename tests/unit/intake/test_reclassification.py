"""What a correction makes fall due counts from it, and another gives back what there was (A8, G17)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.deadlines.deadline import replay
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.intake.reclassification import KEPT_FOR_RESIDENT
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import PauseForm
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context, working

HOUR = timedelta(hours=1)
EMERGENCY = ClassifyForm("水漫了", urgency="emergency")
NORMAL = ClassifyForm("误点", urgency="normal")


@pytest.mark.req("A6", "G4", "G17")
def test_a_correction_to_an_emergency_ends_the_pause() -> None:
    story = working("S2", kind="repair", matter="seepage")
    story.do("pause", HANDLER, PauseForm(story.at + 100 * HOUR, "waiting_for_parts", "订单"))
    story.wait(hours=1).do("classify", AGENT, EMERGENCY)
    assert [type(event.payload) for event in story.outcomes[-1].events] == [
        ev.Resumed,
        ev.Classified,
        ev.AlarmRaised,
    ]
    assert story.case.clocks.pause is None
    assert story.case.clocks.solve_due_at <= story.at + 24 * HOUR
    assert {Clock.SOLVE, Clock.ON_SITE} & {due.clock for due in pending(story.case, story.context)}
    assert fold(story.events, "riverside", "202611-0001") == story.case
    story.at = story.case.clocks.solve_due_at
    story.fire()
    assert contribution(story.case)[TOTAL, "open_overdue"] == 1


@pytest.mark.req("A8", "G4", "G17")
def test_what_a_correction_makes_fall_due_counts_from_it_and_a_slip_is_taken_back() -> None:
    story = working("S1", kind="repair", matter="seepage")
    before = story.case.clocks.deadlines
    story.wait(hours=30).do("classify", MANAGER, EMERGENCY)
    slipped = story.case.clocks.deadlines
    assert slipped[Clock.SOLVE].due_at > story.at
    assert slipped[Clock.SOLVE].due_at <= before[Clock.SOLVE].due_at, "an emergency gives no more time"
    assert all(born.due_at > story.at for clock, born in slipped.items() if clock not in before)
    assert not [payload for payload in story.fire() if isinstance(payload, ev.MarkedOverdue)]
    story.wait(minutes=1).do("classify", MANAGER, NORMAL)
    assert story.case.clocks.deadlines == before
    story.do("complete", HANDLER)
    assert contribution(story.case)[TOTAL, "solved_in_time"] == 1


@pytest.mark.req("G15", "G17")
def test_care_that_is_noted_late_is_asked_after_from_then_on() -> None:
    story = working("S1", kind="repair", matter="seepage").wait(hours=30)
    story.do("classify", AGENT, ClassifyForm("独居老人", care=True))
    born = story.case.clocks.deadlines[Clock.INFORM]
    assert (born.started_at, born.due_at > story.at) == (story.at, True)
    story.wait(minutes=10).do("classify", AGENT, ClassifyForm("受了伤", severity="serious"))
    assert story.case.clocks.deadlines[Clock.INFORM] == born, "another correction leaves it its time"


@pytest.mark.req("A6", "B7", "G17")
def test_corrections_there_and_back_put_nothing_off() -> None:
    """Every nine minutes the desk changes its mind: the ten minutes to be there still end."""
    story = Story(context(pack="S2")).register(kind="repair", matter="seepage")
    story.wait(hours=5).do("classify", AGENT, EMERGENCY)
    due_at = story.case.clocks.deadlines[Clock.ON_SITE].due_at
    for severity in ("serious", "general") * 3:
        story.wait(minutes=1).do("classify", AGENT, ClassifyForm("改", severity=severity))
        assert story.case.clocks.deadlines[Clock.ON_SITE].due_at == due_at
    story.at = due_at
    story.fire()
    assert Clock.ON_SITE in story.case.clocks.overdue


ABOUT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["repair", "complaint", "inquiry", "help"]),
        "urgency": st.sampled_from(["normal", "urgent", "emergency"]),
        "severity": st.sampled_from(["general", "serious"]),
        "complexity": st.sampled_from(["general", "complex"]),
        "care": st.booleans(),
    }
)
"""What a case is corrected to."""
CORRECTIONS = st.lists(
    st.tuples(st.sampled_from([0, 4, 25, 200, 1500]), ABOUT, st.booleans()), min_size=1, max_size=8
)
"""Corrections, each: minutes that pass before it, what it says, and whether it is taken back."""


@pytest.mark.req("A8", "G2", "G17")
@given(
    pack=st.sampled_from(["S1", "S2", "S3", "S4", "default"]),
    kind=st.sampled_from(["repair", "complaint", "inquiry"]),
    unseen_minutes=st.sampled_from([0, 3, 40]),
    is_assigned=st.booleans(),
    corrections=CORRECTIONS,
)
@settings(max_examples=300)
def test_no_correction_makes_late_and_one_back_restores_what_had_not_run_out(
    pack: str,
    kind: str,
    unseen_minutes: int,
    is_assigned: bool,
    corrections: list[tuple[int, dict[str, Any], bool]],
) -> None:
    story = Story(context(pack=pack)).register(kind=kind, matter="seepage").wait(minutes=unseen_minutes)
    if is_assigned:
        story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    is_as_registered = True
    for minutes, changes, is_taken_back in corrections:
        before = story.wait(minutes=minutes).case
        back = {name: getattr(before.classification, name) for name in changes}
        if changes == back:
            continue
        ran_out = any(deadline.due_at <= story.at for deadline in before.clocks.deadlines.values())
        story.do("classify", MANAGER, ClassifyForm("改", **changes))
        for clock, deadline in story.case.clocks.deadlines.items():
            assert replay(deadline) == deadline.due_at
            if deadline.due_at <= story.at:
                assert before.clocks.deadlines.get(clock) == deadline, f"{clock} was made late"
        is_as_registered &= is_taken_back
        if is_as_registered:
            story.do("classify", MANAGER, ClassifyForm("改回", **back))
            for clock, deadline in before.clocks.deadlines.items():
                assert story.case.clocks.deadlines[clock] == deadline, f"{clock} is not as it was"
            assert ran_out or story.case.clocks.deadlines == before.clocks.deadlines
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("A8", "B7", "G2")
@given(
    pack=st.sampled_from(["S1", "S2", "S3", "S4", "default"]),
    kind=st.sampled_from(["repair", "complaint", "inquiry"]),
    is_assigned=st.booleans(),
    corrections=CORRECTIONS,
    actor=st.sampled_from([AGENT, SUPERVISOR]),
)
@settings(max_examples=100)
def test_nobody_but_the_manager_puts_off_or_drops_a_promise_by_any_corrections(
    pack: str, kind: str, is_assigned: bool, corrections: list[tuple[int, dict[str, Any], bool]], actor: Actor
) -> None:
    story = Story(context(pack=pack)).register(kind=kind, matter="seepage")
    if is_assigned:
        story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    for minutes, changes, _ in corrections:
        before = story.wait(minutes=minutes).case
        if all(getattr(before.classification, name) == value for name, value in changes.items()):
            continue
        story.do("classify", actor, ClassifyForm("改", **changes))
        after = story.case.clocks
        for clock in KEPT_FOR_RESIDENT & before.clocks.deadlines.keys():
            assert after.deadlines[clock].due_at <= before.clocks.deadlines[clock].due_at
            assert replay(after.deadlines[clock]) == after.deadlines[clock].due_at
        assert set(after.kept) <= KEPT_FOR_RESIDENT
    assert fold(story.events, "riverside", "202611-0001") == story.case
