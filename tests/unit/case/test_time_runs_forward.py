"""Time never runs backwards within a case, whatever the clocks of those who write say."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.roles import RESIDENT, TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, PauseForm
from tests.builders import SUPERVISOR, office
from tests.stories import HANDLER

BEHIND = timedelta(hours=-1)


@pytest.mark.req("G17")
def test_each_step_comes_after_the_one_before_it_and_no_figure_is_negative() -> None:
    """Each step is taken by a function whose clock is an hour behind that of the step before."""
    place = office()
    case = place.register().case
    reason = place.desk.context_of(case).regulation.pause.reasons[0]
    for name, actor, form in (
        ("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉")),
        ("sign", HANDLER, SignForm("甲")),
        ("pause", HANDLER, PauseForm(place.clock() + timedelta(days=1), reason, "订货单")),
        ("resume", HANDLER, NoteForm()),
        ("complete", HANDLER, CompleteForm("修好了", cause="老化")),
        ("rate", RESIDENT, RateForm(1, "没修好")),
    ):
        place.clock.advance(BEHIND)
        case = place.do(case, name, actor, form)
    events = place.stores.cases.events("riverside", case.number)
    assert all(event.at == events[0].at for event in events)
    assert case.state is State.REGISTERED
    assert all(ended.took >= ended.paused >= timedelta() for ended in case.rounds)
    assert min(recount([case]).values()) >= 0
    assert all(deadline.due_at > case.registered_at for deadline in case.deadlines.values())


@pytest.mark.req("B3")
def test_a_timer_that_comes_after_a_clock_that_was_ahead_is_recorded_after_it() -> None:
    place = office()
    case = place.register().case
    sign = place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉")).clocks.deadlines
    place.clock.advance(max(deadline.due_at for deadline in sign.values()) - place.clock())
    ahead = place.do(case, "urge", RESIDENT, NoteForm("快点"))
    place.clock.advance(BEHIND)
    command = Command("fire_timers", TIMER, place.clock(), "timers", TimersForm())
    late = place.desk.carry_out(ahead, command).case
    assert late.overdue
    assert late.changed_at == ahead.changed_at
    assert place.case(late) == late


@pytest.mark.req("G17")
def test_a_history_of_before_that_goes_back_reads_as_one_that_stands_still() -> None:
    place = office()
    case = place.do(place.register().case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    first, *others = place.stores.cases.events("riverside", case.number)
    back = [replace(event, at=event.at + BEHIND) for event in others]
    assert fold([first, *back], "riverside", case.number).changed_at == first.at
