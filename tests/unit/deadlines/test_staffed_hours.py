"""Limits in hours of what is not urgent run while the desk is staffed, where a community says when (A7)."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import AmendedDay, Community, Hours
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, replanned, replay
from chalicelib.domain.deadlines.deadline_timers import timers_for
from chalicelib.domain.deadlines.opening_hours import joined
from chalicelib.domain.deadlines.signing_limit import NEEDS_SIGNATURE, with_signing_limit
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from chalicelib.domain.regulation.rules import KINDS, NEVER_WAITING, UNSORTED, Facts, Rule
from tests.builders import community, regulations
from tests.stories import HANDLER, SUPERVISOR, Story
from tests.words import explain

EVERY_DAY = (Hours((0, 1, 2, 3, 4, 5, 6), (("08:00", "20:00"),)),)
STAFFED = community(staffed_hours=EVERY_DAY, staffed_on_holidays=True)
DOOR = Facts("repair", "door_window", "normal", "general")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


AT_NIGHT = at("2026-11-25T02:00")


def calendar(place: Community = STAFFED) -> Calendar:
    return CommunityCalendars().of(place)


def in_hours(limit: Limit, start: str, place: Community = STAFFED) -> Deadline:
    return deadline_for(Rule("test", Clock.SIGN, limit, "ours", "A7", "test"), at(start), calendar(place))


def clocks(pack: str, facts: Facts, moment: datetime, place: Community = STAFFED) -> dict[Clock, Deadline]:
    days = calendar(place)
    rules = regulations().get(pack).rules_for(facts, staffed=days.staffed is not None)
    counted = [deadline_for(rule, moment, days) for rule in rules]
    return {deadline.clock: deadline for deadline in with_signing_limit(counted, (), days)}


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (Limit(15, Unit.MINUTES, around_the_clock=False), "2026-11-25T02:00", "2026-11-25T08:15"),
        (Limit(15, Unit.MINUTES, around_the_clock=False), "2026-11-25T12:30", "2026-11-25T12:45"),
        (Limit(15, Unit.MINUTES, around_the_clock=False), "2026-11-25T19:50", "2026-11-26T08:05"),
        (Limit(8, Unit.HOURS, around_the_clock=False), "2026-11-28T15:00", "2026-11-29T11:00"),
        (Limit(1, Unit.HOURS, around_the_clock=False), "2026-10-01T10:00", "2026-10-01T11:00"),
        # what counts days keeps the calendar of the working days
        (Limit(0.5, Unit.WORKING_DAYS, around_the_clock=False), "2026-11-28T15:00", "2026-11-30T12:00"),
        (Limit(15, Unit.MINUTES), "2026-11-25T02:00", "2026-11-25T02:15"),
    ],
)
def test_what_does_not_run_around_the_clock_runs_in_staffed_hours(limit: Limit, start: str, due: str) -> None:
    deadline = in_hours(limit, start)
    assert deadline.due_at == at(due)
    assert replay(deadline) == at(due)
    assert msgspec.convert(msgspec.to_builtins(deadline), Deadline) == deadline


@pytest.mark.req("A7")
def test_without_staffed_hours_it_runs_in_working_hours_as_ever() -> None:
    limit = Limit(15, Unit.MINUTES, around_the_clock=False)
    assert in_hours(limit, "2026-11-25T12:30", community()).due_at == at("2026-11-25T14:15")
    for pack in regulations().ids():
        assert clocks(pack, DOOR, AT_NIGHT, community()) == {
            deadline.clock: deadline
            for deadline in with_signing_limit(
                [
                    deadline_for(rule, AT_NIGHT, calendar(community()))
                    for rule in regulations().get(pack).rules_for(DOOR)
                ],
                (),
                calendar(community()),
            )
        }


def night_work(found: dict[Clock, Deadline]) -> bool:
    """Whether somebody has to come at night, so that the signature waits for nothing either."""
    return Clock.ON_SITE in found and found[Clock.ON_SITE].rule.requirement in NEVER_WAITING


@pytest.mark.req("A7", "B3")
@pytest.mark.parametrize("pack", regulations().ids())
def test_nothing_is_due_at_night_for_what_is_not_urgent(pack: str) -> None:
    """But days of 24 hours, which all count (C4), and what is of no use the next morning."""
    matters = regulations().get(pack).matters
    for matter, kind in product(matters, KINDS):
        found = clocks(pack, Facts(kind, matter, "normal", "general"), AT_NIGHT)
        for clock, deadline in found.items():
            if deadline.rule.requirement in NEVER_WAITING:
                assert deadline.due_at - AT_NIGHT <= timedelta(minutes=15), (matter, kind, clock)
                continue
            if clock is Clock.SIGN and night_work(found):
                continue  # it comes before the time to be there
            assert deadline.limit.unit is Unit.DAYS or not deadline.limit.around_the_clock, (matter, kind)
            hour = (deadline.due_at + timedelta(hours=8)).hour
            assert 8 <= hour <= 20 or deadline.limit.unit is Unit.DAYS, (matter, kind, deadline.clock)
            assert replay(deadline) == deadline.due_at
        if matter == UNSORTED:  # nobody signs for it before it is sorted
            assert found.keys() == {Clock.RESPOND, Clock.SORT}
            continue
        first = min(found[clock].due_at for clock in NEEDS_SIGNATURE if clock in found)
        assert AT_NIGHT < found[Clock.SIGN].due_at < first


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize("pack", regulations().ids())
@pytest.mark.parametrize("urgency", ["urgent", "emergency"])
def test_what_is_urgent_does_not_wait_for_the_desk(pack: str, urgency: str) -> None:
    facts = Facts("repair", "leak_pipe", urgency, "general")
    found, plain = (clocks(pack, facts, AT_NIGHT, place) for place in (STAFFED, community()))
    for clock, deadline in found.items():
        if deadline.rule.limit.around_the_clock:
            assert deadline == plain[clock]
    assert found[Clock.SIGN].due_at - AT_NIGHT < timedelta(hours=1)


@pytest.mark.req("A7", "B3", "G3")
def test_a_door_reported_at_night_is_signed_for_in_the_morning_and_nobody_is_reminded_before() -> None:
    place = replace(STAFFED, regulation="S2")
    story = Story(Context(place, regulations().get("S2"), calendar(place)), AT_NIGHT)
    story.register(kind="complaint", matter="other")
    sign = story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).case.deadlines[Clock.SIGN]
    assert sign.due_at == at("2026-11-25T10:00"), "2 staffed hours, before the 8 to be there"
    assert sign.limit == Limit(2, Unit.HOURS, around_the_clock=False)
    facts = Facts("complaint", "other", "normal", "general")
    for deadline in story.case.open:
        for timer in timers_for(deadline, story.context.regulation, facts, story.context.calendar):
            assert 8 <= (timer.at + timedelta(hours=8)).hour <= 20, timer
    story.wait(minutes=5).do("classify", SUPERVISOR, ClassifyForm("有人受伤", urgency="urgent"))
    assert story.case.deadlines[Clock.ON_SITE].due_at == AT_NIGHT + timedelta(hours=8)


@pytest.mark.req("A7", "C5", "C8", "C10", "C15")
@pytest.mark.parametrize(
    ("pack", "kind", "matter", "clock", "minutes"),
    [
        ("S2", "repair", "flooding", Clock.ON_SITE, 10),
        ("S2", "repair", "public_hazard", Clock.ON_SITE, 10),
        ("S2", "complaint", "noise_public", Clock.ON_SITE, 15),
        ("S2", "complaint", "neighbour", Clock.ON_SITE, 15),
        ("S4", "help", "other", Clock.RESPOND, 5),
        ("default", "complaint", "equipment_noise", Clock.ON_SITE, 10),
        ("default", "help", "neighbour", Clock.RESPOND, 5),
    ],
)
def test_what_is_of_no_use_the_next_morning_never_waits_for_the_desk(
    pack: str, kind: str, matter: str, clock: Clock, minutes: int
) -> None:
    """Also where somebody has called it neither urgent nor an emergency; and it is signed for in time."""
    place = replace(STAFFED, regulation=pack)
    story = Story(Context(place, regulations().get(pack), calendar(place)), AT_NIGHT)
    case = story.register(kind=kind, matter=matter, urgency="normal").case
    assert case.deadlines[clock].due_at == AT_NIGHT + timedelta(minutes=minutes)
    sign = story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).case.deadlines[Clock.SIGN]
    if clock is Clock.ON_SITE:
        assert sign.due_at <= AT_NIGHT + timedelta(minutes=minutes / 2)


@pytest.mark.req("A7", "G2")
def test_an_open_case_keeps_what_it_was_promised_before_the_desk_had_staffed_hours() -> None:
    """A limit that ran around the clock still does; one in working hours is planned as for other hours."""
    before = clocks("S2", Facts("complaint", "neighbour", "normal", "general"), AT_NIGHT, community())
    arrival = before[Clock.ON_SITE]
    assert replanned(arrival, calendar()) == arrival
    assert replay(arrival) == AT_NIGHT + timedelta(minutes=15)


@pytest.mark.req("A7", "G2")
def test_the_reasons_say_that_staffed_hours_count() -> None:
    sign = in_hours(Limit(2, Unit.HOURS, around_the_clock=False), "2026-11-25T02:00")
    assert explain(sign, calendar(), "zh-CN")[:2] == (
        "自2026年11月25日（周三）02:00起2小时（值守时间），即11月25日（周三）10:00前",
        "只计客服中心有人值守的时间（每天08:00至20:00）",
    )
    assert "2 staffed hours" in explain(sign, calendar(), "en")[0]


@pytest.mark.req("A7", "G1")
def test_holidays_are_staffed_if_the_community_says_so() -> None:
    limit = Limit(1, Unit.HOURS, around_the_clock=False)
    closed = replace(STAFFED, staffed_on_holidays=False)
    assert in_hours(limit, "2026-10-01T10:00", closed).due_at == at("2026-10-08T09:00")
    assert in_hours(limit, "2027-10-01T10:00", closed).provisional
    assert not in_hours(limit, "2027-10-01T10:00").provisional


@pytest.mark.req("A7", "G1")
def test_a_day_that_is_closed_is_closed_at_the_desk_and_other_hours_take_nothing_from_it() -> None:
    limit = Limit(1, Unit.HOURS, around_the_clock=False)
    days = (
        AmendedDay("2026-11-25", (), "停电"),
        AmendedDay("2026-11-26", (("09:00", "12:00"),), "早下班"),
        AmendedDay("2026-11-27", (("06:00", "09:00"), ("19:00", "22:00")), "抢修"),
    )
    amended = replace(STAFFED, amendments=days)
    assert in_hours(limit, "2026-11-25T10:00", amended).due_at == at("2026-11-26T09:00")
    assert in_hours(limit, "2026-11-26T18:30", amended).due_at == at("2026-11-26T19:30")
    early = in_hours(limit, "2026-11-27T02:00", amended)
    assert early.due_at == at("2026-11-27T07:00")
    assert early.calendar_excerpt.amendments == {
        date(2026, 11, 27): Amendment((Window(360, 1320),), "抢修"),
    }
    assert replay(early) == early.due_at


def test_windows_are_joined_where_they_meet() -> None:
    day = (Window(480, 720), Window(840, 1050))
    assert joined(day, (Window(700, 840),)) == (Window(480, 1050),)
    assert joined(day, ()) == joined((), day) == day
    assert joined((Window(500, 600),), (Window(480, 1200),)) == (Window(480, 1200),)
