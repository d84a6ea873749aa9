"""Nobody hears the same twice: clocks that end together, and rungs that were passed on (B6, G3)."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Shift
from chalicelib.domain.deadlines.timers import SPEAKS_FIRST
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import AMONG_COLLEAGUES, Clock
from chalicelib.domain.timers import pending, plan
from chalicelib.domain.work.forms import ExtensionForm
from chalicelib.services.views.history import resident_timeline
from chalicelib.web.history import happened, told
from chalicelib.web.words import words
from tests.builders import community
from tests.cases import with_fields
from tests.stories import HANDLER, MANAGER, SUPERVISOR, Story, setting

CHASING = {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATED}


def working(pack: str, **about: str) -> Story:
    story = Story(setting(pack=pack)).register(**about)
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)


def played_out(story: Story, days: int = 60) -> Story:
    until = story.at + timedelta(days=days)
    while (wake_at := plan(story.case, story.setting).wake_at) is not None and wake_at <= until:
        story.at = max(wake_at, story.at)
        assert story.fire()
    return story


def chased(story: Story) -> list[tuple[str, str, str | None]]:
    """(kind, recipient, clock) of everything that was told because of a deadline, in order."""
    notices = (one for outcome in story.outcomes for one in due(outcome, story.setting))
    sms = (one for one in notices if one.channel is NoticeChannel.SMS)
    return [(one.kind, one.recipient, one.detail) for one in sms if one.kind in CHASING]


@pytest.mark.req("G3")
def test_clocks_that_end_together_speak_with_one_message() -> None:
    """S3 promises both within 5 working days: the handler hears of solving, which brings the other about."""
    story = working("S3", kind="complaint", matter="leak").do("start", HANDLER)
    case = story.case
    assert case.clocks.deadlines[Clock.SOLVE].due_at == case.clocks.deadlines[Clock.INFORM].due_at
    played_out(story)
    assert Clock.SOLVE in {clock for _, _, clock in chased(story)}
    assert Clock.INFORM not in {clock for _, _, clock in chased(story)}
    assert {Clock.SOLVE, Clock.INFORM} <= set(story.case.clocks.overdue), "being late stays each clock's own"
    silent = [one.payload for one in story.events if getattr(one.payload, "known", False)]
    assert {type(one) for one in silent} == {ev.Reminded, ev.MarkedOverdue, ev.Escalated}
    assert all(one.person for one in silent if isinstance(one, ev.MarkedOverdue | ev.Escalated))
    assert fold(story.events, "riverside", case.number) == story.case


@pytest.mark.req("G3")
def test_it_is_one_message_also_where_the_two_fire_one_after_the_other() -> None:
    story = working("S3", kind="complaint", matter="leak").do("start", HANDLER)
    late = replace(
        story.case.clocks.deadlines[Clock.INFORM],
        due_at=story.case.clocks.deadlines[Clock.INFORM].due_at + timedelta(milliseconds=300),
    )
    apart = with_fields(story.case, deadlines={**story.case.clocks.deadlines, Clock.INFORM: late})
    overdue = {
        one.clock: (one.at, one.known) for one in pending(apart, story.setting) if one.action == "overdue"
    }
    assert overdue[Clock.SOLVE][0] < overdue[Clock.INFORM][0]
    assert (overdue[Clock.SOLVE][1], overdue[Clock.INFORM][1]) == (False, True)
    solved = with_fields(apart, met={Clock.SOLVE: story.at})
    left = [one.known for one in pending(solved, story.setting) if one.clock is Clock.INFORM]
    assert not any(left), "what was met speaks for nobody"


@pytest.mark.req("G3")
def test_every_clock_that_others_hear_of_has_its_place_among_those_that_end_with_it() -> None:
    assert {*SPEAKS_FIRST} | AMONG_COLLEAGUES == set(Clock)


@pytest.mark.req("G3")
def test_clocks_that_end_apart_speak_each_for_itself() -> None:
    story = working("S2", kind="complaint", matter="leak")
    ends = {
        one.due_at for clock, one in story.case.clocks.deadlines.items() if clock not in story.case.clocks.met
    }
    assert len(ends) > 1
    apart = [one for one in pending(story.case, story.setting) if one.clock in {Clock.SOLVE, Clock.ANSWER}]
    assert {one.known for one in apart} == {False}


@pytest.mark.req("B6", "G3")
@pytest.mark.parametrize("at_once", [False, True])
def test_whoever_heard_a_rung_for_a_rank_off_duty_does_not_hear_it_again(at_once: bool) -> None:
    base = community("default")
    asleep = Shift("desk", "supervisor-1", tuple(range(7)), time(3), time(3, 1))
    story = Story(replace(setting(), community=replace(base, shifts=(*base.shifts, asleep))))
    story.register(kind="repair", matter="flooding", urgency="emergency")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    if at_once:  # after a stop of everything
        story.wait(days=3).fire()
    else:
        played_out(story, days=3)
    climbed = [told for told in chased(story) if told[0] is NoticeKind.ESCALATED]
    assert ("manager-1", Clock.SOLVE) in {told[1:] for told in climbed}
    assert len(climbed) == len(set(climbed))
    rungs = [one.payload for one in story.events if isinstance(one.payload, ev.Escalated)]
    assert {one.key.rpartition(":")[2] for one in rungs if one.known} == {"manager"}, "all stand on record"


@pytest.mark.req("B6", "G3")
def test_a_rung_of_the_revisit_passed_on_is_told_once() -> None:
    story = working("S1").do("start", HANDLER).do("complete", HANDLER)
    story.at = next(one.at for one in pending(story.case, story.setting) if one.action == "draw_revisit")
    story.fire()
    drawn = story.case.follow_up.revisitor
    staff = tuple(one for one in story.setting.community.staff if one.username != SUPERVISOR.id)
    assert drawn not in {None, SUPERVISOR.id}
    story.setting = replace(story.setting, community=replace(story.setting.community, staff=staff))
    played_out(story)
    rungs = [one.payload for one in story.events if isinstance(one.payload, ev.Escalated)]
    assert [(one.key, one.person, one.known) for one in rungs] == [
        ("revisit:supervisor:1", "manager-1", False),
        ("revisit:manager:1", "manager-1", True),
    ]
    assert story.case.state is State.COMPLETED


@pytest.mark.req("B6", "G5")
def test_a_deadline_that_was_moved_climbs_anew() -> None:
    story = working("S3", kind="complaint", matter="leak").do("start", HANDLER)
    request = ExtensionForm(story.case.clocks.solve_due_at + timedelta(days=7), "等配件")
    story.do("request_extension", HANDLER, request)
    played_out(story, days=12)
    assert ("escalated", "supervisor-1", Clock.SOLVE) in chased(story)
    story.do("grant_extension", MANAGER, ReasonForm("同意"))
    played_out(story)
    climbed = [one for one in chased(story) if one == ("escalated", "supervisor-1", Clock.SOLVE)]
    assert len(climbed) == 2, "it is another deadline that they hear of"


@pytest.mark.req("G3")
def test_the_record_says_that_no_message_left_and_the_resident_is_told_of_a_climb_once() -> None:
    story = played_out(working("S3", kind="complaint", matter="leak").do("start", HANDLER))
    shown = happened(story.case, story.events, story.setting, words("zh-CN"))
    assert ("", "另一条消息已告知，未重复发送") in [line for one in shown for line in one.details]
    rungs = [one.payload for one in story.events if isinstance(one.payload, ev.Escalated)]
    loud = [one for one in rungs if not one.known]
    assert len(loud) < len(rungs)
    entries = told(story.case, story.events, story.setting, words("zh-CN"))
    assert sum(one.title.startswith("已上报") for one in entries) == len(loud)
    listed = resident_timeline(story.events, story.setting)
    assert sum(one.type == "escalated" for one in listed) == len(loud)


@pytest.mark.req("B3", "G3")
def test_seconds_between_clocks_of_seconds_are_not_together() -> None:
    """Under the demonstration's pack everything ends within the minute, and each is told all the same."""
    story = Story(setting(pack="demo")).register(kind="complaint", matter="equipment_noise")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    played_out(story, days=1)
    told_of = {clock for kind, _, clock in chased(story) if kind is NoticeKind.OVERDUE}
    assert {Clock.SIGN, Clock.SOLVE} <= told_of
