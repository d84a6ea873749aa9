"""Nobody hears the same twice: clocks that end together, and rungs that were passed on (B6, G3)."""

from datetime import datetime, time, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.notices.grouping import (
    SPEAKS_FIRST,
    is_of_a_rung,
    is_said_by_another_clock,
    was_told_by_a_lower_rung,
)
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import INTERNAL_CLOCKS, Clock
from chalicelib.domain.timers import next_step, pending
from chalicelib.domain.work.forms import ExtensionForm
from tests.builders import community
from tests.cases import with_fields
from tests.stories import HANDLER, MANAGER, SUPERVISOR, Story, context

CHASING = {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATED}


def working(pack: str, **about: str) -> Story:
    story = Story(context(pack=pack)).register(**about)
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)


def played_out(story: Story, days: int = 60) -> Story:
    until = story.at + timedelta(days=days)
    while (wake_at := next_step(story.case, story.context).wake_at) is not None and wake_at <= until:
        story.at = max(wake_at, story.at)
        assert story.fire()
    return story


def chased(story: Story) -> list[tuple[str, str, str | None]]:
    """(kind, recipient, clock) of everything that is told because of a deadline, in order."""
    return [(notice.kind, notice.recipient, notice.detail) for notice in chasing(story)[0]]


def chasing(story: Story) -> tuple[list[Notice], list[Notice]]:
    """The SMS because of deadlines that leave, and those that are left out as told already."""
    leaving: list[Notice] = []
    left_out: list[Notice] = []
    for outcome in story.outcomes:
        for notice in due(outcome, story.context):
            if notice.kind in CHASING and notice.channel is NoticeChannel.SMS:
                again = is_said_by_another_clock(notice, outcome.after, story.context) or (
                    is_of_a_rung(notice) and was_told_by_a_lower_rung(notice, leaving, outcome.after)
                )
                (left_out if again else leaving).append(notice)
    return leaving, left_out


@pytest.mark.req("G3")
def test_clocks_that_end_together_speak_with_one_message() -> None:
    """S2 has an inquiry solved when it is answered: the handler hears of solving alone."""
    story = working("S2", kind="inquiry", matter="activity").do("start", HANDLER)
    case = story.case
    assert case.clocks.deadlines[Clock.SOLVE].due_at == case.clocks.deadlines[Clock.ANSWER].due_at
    played_out(story)
    assert Clock.SOLVE in {clock for _, _, clock in chased(story)}
    assert Clock.ANSWER not in {clock for _, _, clock in chased(story)}
    assert {Clock.SOLVE, Clock.ANSWER} <= set(story.case.clocks.overdue), "being late stays each clock's own"
    assert {notice.kind for notice in chasing(story)[1]} == CHASING
    assert fold(story.events, "riverside", case.number) == story.case


@pytest.mark.req("G3")
def test_it_is_one_message_also_where_the_two_fire_one_after_the_other() -> None:
    story = working("S2", kind="inquiry", matter="activity").do("start", HANDLER)
    late = replace(
        story.case.clocks.deadlines[Clock.ANSWER],
        due_at=story.case.clocks.deadlines[Clock.ANSWER].due_at + timedelta(milliseconds=300),
    )
    apart = with_fields(story.case, deadlines={**story.case.clocks.deadlines, Clock.ANSWER: late})
    overdue = {due.clock: due.at for due in pending(apart, story.context) if due.action == "overdue"}
    assert overdue[Clock.SOLVE] < overdue[Clock.ANSWER]
    for clock, is_said in ((Clock.SOLVE, False), (Clock.ANSWER, True)):
        notice = overdue_notice(clock, overdue[clock])
        assert is_said_by_another_clock(notice, apart, story.context) is is_said
    solved = with_fields(apart, met={Clock.SOLVE: story.at})
    notice = overdue_notice(Clock.ANSWER, overdue[Clock.ANSWER])
    assert not is_said_by_another_clock(notice, solved, story.context), "what was met speaks for nobody"


def overdue_notice(clock: Clock, at: datetime) -> Notice:
    return Notice("key", NoticeKind.OVERDUE, NoticeChannel.SMS, HANDLER.id, 9, at, clock)


@pytest.mark.req("G3")
def test_every_clock_that_others_hear_of_has_its_place_among_those_that_end_with_it() -> None:
    assert {*SPEAKS_FIRST} | INTERNAL_CLOCKS == set(Clock)


@pytest.mark.req("G3")
def test_clocks_that_end_apart_speak_each_for_itself() -> None:
    story = working("S2", kind="complaint", matter="seepage")
    ends = {
        deadline.due_at
        for clock, deadline in story.case.clocks.deadlines.items()
        if clock not in story.case.clocks.met
    }
    assert len(ends) > 1
    played_out(story)
    assert Clock.SOLVE in {clock for _, _, clock in chased(story)}
    assert chasing(story)[1] == []


@pytest.mark.req("B6", "G3")
@pytest.mark.parametrize("at_once", [False, True])
def test_whoever_heard_a_rung_for_a_rank_off_duty_does_not_hear_it_again(at_once: bool) -> None:
    base = community("default")
    asleep = Shift("desk", "supervisor-1", tuple(range(7)), time(3), time(3, 1))
    story = Story(replace(context(), community=replace(base, shifts=(*base.shifts, asleep))))
    story.register(kind="repair", matter="flooding", urgency="emergency")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    if at_once:  # after a stop of everything
        story.wait(days=3).fire()
    else:
        played_out(story, days=3)
    climbed = [told for told in chased(story) if told[0] is NoticeKind.ESCALATED]
    assert ("manager-1", Clock.SOLVE) in {told[1:] for told in climbed}
    assert len(climbed) == len(set(climbed))
    rungs = [event.payload for event in story.events if isinstance(event.payload, ev.Escalated)]
    assert len(rungs) > len(climbed), "all stand on record"
    assert {notice.recipient for notice in chasing(story)[1]} == {"manager-1"}


@pytest.mark.req("B6", "G3")
def test_a_rung_of_the_revisit_passed_on_is_told_once() -> None:
    story = working("S1").do("start", HANDLER).do("complete", HANDLER)
    story.at = next(due.at for due in pending(story.case, story.context) if due.action == "draw_revisit")
    story.fire()
    drawn = story.case.follow_up.revisitor
    staff = tuple(member for member in story.context.community.staff if member.username != SUPERVISOR.id)
    assert drawn not in {None, SUPERVISOR.id}
    story.context = replace(story.context, community=replace(story.context.community, staff=staff))
    played_out(story)
    rungs = [event.payload for event in story.events if isinstance(event.payload, ev.Escalated)]
    assert [(str(rung.key), rung.person) for rung in rungs] == [
        ("revisit:rung:supervisor:1", "manager-1"),
        ("revisit:rung:manager:1", "manager-1"),
    ]
    climbed = [told for told in chased(story) if told[0] is NoticeKind.ESCALATED]
    assert climbed == [(NoticeKind.ESCALATED, "manager-1", "revisit")]
    assert story.case.state is State.COMPLETED


@pytest.mark.req("B6", "G5")
def test_a_deadline_that_was_moved_climbs_anew() -> None:
    story = working("S3", kind="complaint", matter="seepage").do("start", HANDLER)
    request = ExtensionForm(story.case.clocks.solve_due_at + timedelta(days=7), "等配件")
    story.do("request_extension", HANDLER, request)
    played_out(story, days=12)
    assert ("escalated", "supervisor-1", Clock.SOLVE) in chased(story)
    story.do("grant_extension", MANAGER, ReasonForm("同意"))
    played_out(story)
    climbed = [message for message in chased(story) if message == ("escalated", "supervisor-1", Clock.SOLVE)]
    assert len(climbed) == 2, "it is another deadline that they hear of"


@pytest.mark.req("B3", "G3")
def test_seconds_between_clocks_of_seconds_are_not_together() -> None:
    """Under the demonstration's pack everything ends within the minute, and each is told all the same."""
    story = Story(context(pack="demo")).register(kind="complaint", matter="equipment_noise")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    played_out(story, days=1)
    told_of = {clock for kind, _, clock in chased(story) if kind is NoticeKind.OVERDUE}
    assert {Clock.SIGN, Clock.SOLVE} <= told_of
