"""A resident who needs care has shorter clocks and is asked the same day; others see only that (G15)."""

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.context import facts_of
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.views.deadline_view import deadline_views
from chalicelib.services.views.link_view import TrackView, link_view
from chalicelib.services.views.work_view import WorkView
from tests.builders import MANAGER, SUPERVISOR, office
from tests.stories import AGENT, HANDLER, Story, in_state
from tests.words import WORDS


@pytest.mark.req("G15")
def test_care_halves_the_limits_and_brings_a_check_the_same_day() -> None:
    place = office()
    plain = place.register(kind="repair", matter="door_window").case
    cared = place.register(kind="repair", matter="door_window", care=True).case
    assert facts_of(cared.classification).care
    for clock, deadline in plain.clocks.deadlines.items():
        ahead = deadline.due_at - deadline.started_at
        if deadline.limit.around_the_clock:
            assert (
                cared.clocks.deadlines[clock].due_at - cared.clocks.deadlines[clock].started_at == ahead / 2
            ), clock
    check = cared.clocks.deadlines[Clock.INFORM]
    calendar = place.desk.context_of(cared).calendar
    assert check.due_at == calendar.closing(calendar.local_date(place.clock()))
    assert Clock.INFORM not in plain.clocks.deadlines


@pytest.mark.req("G15", "A8")
def test_the_desk_sets_it_and_takes_it_back_and_the_clocks_follow() -> None:
    story = in_state(State.WORKING)
    before = story.case.clocks.solve_due_at
    story.do("classify", AGENT, ClassifyForm("独居，本人同意", care=True))
    assert story.case.clocks.solve_due_at < before
    cared = story.case.clocks.deadlines[Clock.SOLVE]
    assert (cared.derivation.care, cared.limit.amount, cared.rule.limit.amount) == (0.5, 24, 48)
    story.do("classify", MANAGER, ClassifyForm("子女已回家", care=False))
    assert story.case.clocks.solve_due_at == before
    assert Clock.INFORM not in story.case.clocks.deadlines


@pytest.mark.req("G15")
def test_a_new_round_still_needs_care() -> None:
    story = Story().register(care=True).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派"))
    story.do("sign", HANDLER).do("complete", HANDLER).do("record_return", AGENT)
    assert story.case.classification.care
    assert Clock.INFORM in story.case.clocks.deadlines


@pytest.mark.req("G15", "B7")
def test_what_was_promised_first_stays_on_record_when_the_classification_is_corrected() -> None:
    story = in_state(State.WORKING)
    promised = story.case.clocks.solve_due_at
    story.do("classify", AGENT, ClassifyForm("独居，本人同意", care=True))
    solve = story.case.clocks.deadlines[Clock.SOLVE]
    assert solve.due_at < promised == solve.first_due_at
    story.do("classify", MANAGER, ClassifyForm("子女已回家", care=False))
    assert story.case.clocks.deadlines[Clock.SOLVE].first_due_at == promised == story.case.clocks.solve_due_at


@pytest.mark.req("G15", "G2")
def test_staff_see_the_rule_s_limit_and_the_share_of_it_and_why() -> None:
    place = office()
    case = place.register(kind="repair", matter="door_window", care=True).case
    context = place.desk.context_of(case)
    solve = next(
        view
        for view in deadline_views(case, context, place.clock(), WORDS.get("zh-CN"))
        if view.clock is Clock.SOLVE
    )
    assert (solve.limit.amount, solve.share) == (48, 0.5)
    assert solve.reasons[0] == "规定时限48小时，因住户需要关照减半，为24小时"


@pytest.mark.req("G15", "E8")
def test_the_handler_sees_that_care_is_needed_and_the_resident_is_not_labelled() -> None:
    place = office()
    case = place.register(kind="repair", matter="door_window", care=True).case
    case = place.do(case, "assign", TIMER, AssignForm("engineering-1", "轮到"))
    context = place.desk.context_of(case)

    def seen(purpose: Purpose) -> TrackView | WorkView:
        return link_view(case, link_for(case, purpose, 14), context, place.clock(), WORDS.get("zh-CN"))

    work, track = seen(Purpose.WORK), seen(Purpose.TRACK)
    assert isinstance(work, WorkView)
    assert work.classification.care
    assert isinstance(track, TrackView)
    assert "care" not in repr(track)
    assert "关照" not in repr(track)
    assert {deadline.share for deadline in track.deadlines} == {1}, "nor by how much less time there is"
