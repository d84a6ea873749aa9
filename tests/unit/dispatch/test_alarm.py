"""An emergency is told at once, confirmed by somebody, or told to the next in line (A6)."""

from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.who_sees import may_see, sees_contact
from chalicelib.domain.community.community import Member, OutsideService
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.community.roster import LEAVE, DutyChange, Shift
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.intake.outside import OutsideCallForm, numbers_for
from chalicelib.domain.notices.details import NEXT
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.timers import pending
from tests.builders import community, office
from tests.reading import read
from tests.stories import AGENT, MANAGER, Story, context

GUARD = Actor(Role.HANDLER, "security-1")
THREE = timedelta(minutes=3)


def fire_reported() -> Story:
    return Story().register(kind="help", matter="fire", urgency="emergency")


def alerted(story: Story, detail: str | None = None) -> set[str]:
    told = due(story.outcomes[-1], story.context)
    return {
        notice.recipient for notice in told if notice.kind is NoticeKind.ALERT and notice.detail == detail
    }


def raised(story: Story) -> list[ev.AlarmRaised]:
    payloads = [event.payload for event in story.outcomes[-1].events]
    return [payload for payload in payloads if isinstance(payload, ev.AlarmRaised)]


def waited(story: Story, minutes: float) -> Story:
    story.at += timedelta(minutes=minutes)
    return story.do("fire_timers", TIMER)


@pytest.mark.req("A6")
def test_guard_and_supervisor_are_told_at_once_and_the_case_says_who_was() -> None:
    story = fire_reported()
    assert story.case.alarm is not None
    assert set(story.case.alarm.told) == alerted(story) == {"security-1", "supervisor-1"}


@pytest.mark.req("A6")
def test_who_is_next_is_told_every_three_minutes_and_each_rung_once() -> None:
    story = fire_reported()
    assert raised(waited(story, 2.9)) == []
    rungs = []
    for _ in range(6):
        waited(story, 3)
        rungs.append(alerted(story, NEXT))
        assert raised(story.do("fire_timers", TIMER)) == [], "fired again in the same minute"
    others_on_duty = {"agent-1", "engineering-1", "cleaning-1", "greenery-1", "desk-1"}
    assert rungs[:3] == [others_on_duty, {"manager-1"}, {"company-head-1"}]
    assert not any(rungs[3:])
    assert not [timer for timer in pending(story.case, story.context) if timer.action == "alarm"]


@pytest.mark.req("G19")
def test_where_nobody_else_is_on_duty_whoever_comes_next_by_the_roster_is_told() -> None:
    turns = (
        Shift("security", "security-1", tuple(range(7)), time(8), time(20)),
        Shift("security", "security-2", tuple(range(7)), time(20), time(8)),
    )
    place = replace(context(), community=community(shifts=turns))
    story = Story(place).register(kind="help", matter="fire", urgency="emergency")
    assert "security-2" not in alerted(story)
    assert alerted(waited(story, 3), NEXT) == {"security-2"}
    assert alerted(waited(story, 3), NEXT) == {"manager-1"}
    assert story.case.alarm is not None
    assert "security-2" in story.case.alarm.told, "who was told is on the case"


@pytest.mark.req("G19", "B14")
def test_whoever_comes_on_duty_meanwhile_is_told_and_nobody_on_leave() -> None:
    late = Shift("security", "security-2", tuple(range(7)), time(9, 4), time(20))
    begins = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)
    away = DutyChange("c1", LEAVE, "security-1", begins, begins + timedelta(days=1))
    plain = community()
    place = community(shifts=(*plain.shifts, late), duty_changes=(away,))
    story = Story(replace(context(), community=place)).register(
        kind="help", matter="fire", urgency="emergency"
    )
    assert "security-1" not in alerted(story), "on leave"
    waited(story, 3)
    assert "security-2" not in alerted(story, NEXT)
    waited(story, 3)
    assert alerted(story, NEXT) == {"security-2"}, "came at 09:04"
    assert alerted(waited(story, 3), NEXT) == {"manager-1"}


@pytest.mark.req("A6")
def test_a_timer_that_comes_late_begins_where_the_line_is_and_waits_again() -> None:
    story = fire_reported()
    waited(story, 60)
    assert "agent-1" in alerted(story, NEXT)
    assert alerted(story, NEXT).isdisjoint({"manager-1", "company-head-1"})
    waited(story, 3)
    assert alerted(story, NEXT) == {"manager-1"}


@pytest.mark.req("A6")
@pytest.mark.parametrize("way", ["confirmed", "signed"])
def test_nobody_further_is_told_once_somebody_has_it(way: str) -> None:
    story = fire_reported()
    if way == "confirmed":
        story.do("confirm_alarm", GUARD, NoteForm("已带灭火器赶往"))
    else:
        story.do("assign", MANAGER).do("sign", Actor(Role.HANDLER, story.case.assignment.handler or ""))
    assert story.case.alarm is not None
    assert story.case.alarm.confirmed_at == story.at
    waited(story, 30)
    assert alerted(story, NEXT) == set()
    with pytest.raises(CommandRefusedError, match="in hand since"):
        story.do("confirm_alarm", MANAGER, NoteForm())


@pytest.mark.req("A6")
def test_what_was_on_its_way_to_the_next_in_line_is_not_sent_once_somebody_has_it() -> None:
    story = waited(fire_reported(), 3)
    notices = [notice for notice in due(story.outcomes[-1], story.context) if notice.detail == NEXT]
    assert notices
    assert [why_suppressed(notice, story.case) for notice in notices] == [None] * len(notices)
    story.do("confirm_alarm", GUARD, NoteForm())
    assert {why_suppressed(notice, story.case) for notice in notices} == {"confirmed"}


@pytest.mark.req("A6", "A8")
def test_a_correction_to_an_emergency_alarms_and_one_away_from_it_ends_the_alarm() -> None:
    story = Story().register()
    assert story.case.alarm is None
    story.do("classify", AGENT, ClassifyForm("冒烟了", matter="fire", urgency="emergency"))
    assert alerted(story) == {"security-1", "supervisor-1"}
    story.do("classify", MANAGER, ClassifyForm("是水汽", urgency="normal"))
    assert story.case.alarm is not None
    assert not story.case.alarm.waits
    waited(story, 10)
    assert alerted(story, NEXT) == set()


@pytest.mark.req("A6", "D7")
def test_an_emergency_that_the_resident_takes_up_again_is_one_again() -> None:
    story = fire_reported().do("confirm_alarm", GUARD, NoteForm())
    story.do("assign", MANAGER)
    handler = Actor(Role.HANDLER, story.case.assignment.handler or "")
    story.do("sign", handler).do("start", handler).do("complete", handler)
    story.do("reopen", Actor(Role.RESIDENT, "resident"), ReasonForm("又冒烟了"))
    assert story.case.alarm is not None
    assert story.case.alarm.waits
    assert alerted(story) == {"security-1", "supervisor-1"}


@pytest.mark.req("A6")
def test_a_community_says_how_long_an_alert_waits() -> None:
    story = Story(context(community(alarm_minutes=10))).register(matter="fire", urgency="emergency")
    timer = next(timer for timer in pending(story.case, story.context) if timer.action == "alarm")
    assert timer.at == story.at + timedelta(minutes=10)


@pytest.mark.req("A6", "E8")
def test_whoever_was_told_sees_where_to_go_until_it_has_ended() -> None:
    story, place = fire_reported(), community()
    guard = next(member for member in place.staff if member.username == "security-1")
    member = Member(guard.username, guard.name, guard.role, guard.departments, place)
    colleague = replace(member, username="security-2")
    assert may_see(member, story.case)
    assert sees_contact(member, story.case)
    assert not may_see(colleague, story.case)
    assert not may_see(member, story.do("withdraw", Actor(Role.RESIDENT, "resident")).case)


GAS = OutsideService("gas", "杭州燃气", "0571-967266")


@pytest.mark.req("A6")
def test_an_outside_call_is_kept_with_number_time_caller_and_answer() -> None:
    story = Story(context(community(outside=(GAS,)))).register(matter="fire", urgency="emergency")
    called_at = story.at
    story.at += timedelta(minutes=2)
    story.do(
        "record_outside_call", GUARD, OutsideCallForm("fire_brigade", "消防车8分钟到", called_at=called_at)
    )
    story.do("record_outside_call", AGENT, OutsideCallForm("gas", "已派抢修"))
    story.do("record_outside_call", AGENT, OutsideCallForm("other", "派车", dialled="0571-88112233"))
    fire, gas, other = story.case.outside_calls
    assert (fire.dialled, fire.called_at, fire.called_by) == ("119", called_at, "security-1")
    assert (gas.dialled, gas.called_by, gas.answered) == ("0571-967266", "agent-1", "已派抢修")
    assert (other.service, other.dialled) == ("other", "0571-88112233")


@pytest.mark.req("A6")
@pytest.mark.parametrize(
    ("form", "said"),
    [
        (OutsideCallForm("plumber", "来了"), "what was 'dialled'"),
        (OutsideCallForm("other", "来了", dialled="住户不在家"), "digits"),
        (OutsideCallForm("police", "来了", called_at=Story().at + timedelta(hours=1)), "future"),
        (OutsideCallForm("police", "来了", called_at=Story().at - timedelta(days=2)), "at the earliest"),
    ],
)
def test_an_outside_call_that_cannot_be_is_refused_with_what_would_be_right(
    form: OutsideCallForm, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        fire_reported().do("record_outside_call", AGENT, form)


@pytest.mark.req("A6")
def test_nobody_calls_outside_about_a_lamp() -> None:
    with pytest.raises(CommandRefusedError, match="correct its urgency first"):
        Story().register(matter="lighting_lock").do(
            "record_outside_call", AGENT, OutsideCallForm("police", "?")
        )


@pytest.mark.req("A6")
def test_a_community_has_its_own_numbers_beside_those_of_the_regulation() -> None:
    own = (GAS, OutsideService("police", "翠苑派出所", "0571-88000110"))
    story = Story(context(community(outside=own))).register(matter="crime", urgency="emergency")
    shown = [(number.id, number.phone) for number in numbers_for(story.case, story.context)]
    assert shown == [("police", "0571-88000110"), ("ambulance", "120")]
    unknown = Story(context(community(outside=own))).register(matter="other", urgency="emergency")
    assert "0571-967266" in {number.phone for number in numbers_for(unknown.case, unknown.context)}


@pytest.mark.req("A6")
@pytest.mark.parametrize(
    ("matter", "first"),
    [
        ("crime", "police"),
        ("poisoning", "ambulance"),
        ("fire", "fire_brigade"),
        ("traffic", "traffic_police"),
    ],
)
def test_whoever_a_matter_is_most_for_is_called_first(matter: str, first: str) -> None:
    gas = OutsideService("gas", "燃气抢修", "0571-967266", (matter,))
    story = Story(context(community(outside=(gas,)))).register(matter=matter, urgency="emergency")
    shown = [number.id for number in numbers_for(story.case, story.context)]
    assert (shown[0], shown[-1]) == (first, "gas")


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize(
    ("words", "first"),
    [("楼道里着火了，浓烟往上冒", "fire_brigade"), ("老人摔倒昏迷了，快来人", "ambulance")],
)
def test_unsorted_words_of_danger_have_all_numbers_and_the_likeliest_first(words: str, first: str) -> None:
    case = office(reads=read).register(kind=None, matter=None, text=words).case
    shown = [number.id for number in numbers_for(case, context(community()))]
    assert shown[0] == first
    assert set(shown) == {"police", "fire_brigade", "ambulance", "traffic_police"}


@pytest.mark.req("A6")
def test_the_events_of_an_emergency_name_people_and_never_their_numbers() -> None:
    assert raised(fire_reported()) == [ev.AlarmRaised(("security-1", "supervisor-1"))]
