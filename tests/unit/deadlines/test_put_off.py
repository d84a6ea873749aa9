"""What was agreed or granted is put off by pauses: never into one, and the ledger says the same (G2, G4)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.domain.case.case import IN_DISPATCH
from chalicelib.domain.community.community import AmendedDay
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, derived, replay
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.deadlines.periods import advanced, run_between
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Appointment, Conditions, Rule
from chalicelib.domain.work.forms import ExtensionForm, PauseForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from tests.builders import community, regulations
from tests.fakes.clocks import PlainCalendars
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context
from tests.words import explain

CHINA = calendar_for("Asia/Shanghai")
WEEK_FROM_NEXT_DAY = Limit(7, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)
STARTS = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = [date(2026, 11, 15) + timedelta(days=number) for number in range(60)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def rule(limit: Limit = WEEK_FROM_NEXT_DAY, effect: Appointment = Appointment.REPLACES) -> Rule:
    return Rule("test", Clock.SOLVE, limit, "S1", "C2", "for the test", appointment=effect)


@pytest.mark.req("B11", "G4")
@pytest.mark.parametrize(
    ("agreed", "paused", "due"),
    [
        # the visit of the issue: nothing of work was left, but 15:30 hours were
        ("2026-11-28T10:00", ("2026-11-27T18:30", "2026-12-02T09:00"), "2026-12-03T00:30"),
        # half an hour of work was left, and 16:30 hours after work
        ("2026-11-28T10:00", ("2026-11-27T17:00", "2026-12-02T09:00"), "2026-12-03T02:00"),
        # in working hours only these count: an hour was left, over lunch
        ("2026-11-27T10:00", ("2026-11-27T09:00", "2026-12-02T11:30"), "2026-12-02T14:30"),
        # that ends before the visit, or begins with it or after it, moves nothing
        ("2026-11-28T10:00", ("2026-11-27T09:00", "2026-11-28T10:00"), "2026-11-28T10:00"),
        ("2026-11-28T10:00", ("2026-11-28T10:00", "2026-12-02T09:00"), "2026-11-28T10:00"),
    ],
)
def test_a_visit_outside_working_hours_is_put_off_by_a_pause_over_it(
    agreed: str, paused: tuple[str, str], due: str
) -> None:
    pauses = [Pause(at(paused[0]), at(paused[1]))]
    start = at("2026-11-24T09:00")
    deadline = deadline_for(rule(), start, CHINA, pauses=pauses, appointment=at(agreed))
    assert deadline.due_at == at(due)
    assert replay(deadline) == at(due)


@pytest.mark.req("G4", "G5")
@pytest.mark.parametrize(
    ("paused", "due"),
    [
        # the extension of the issue: an hour and a half was left
        ([("2026-11-24T18:30", "2026-11-26T09:00")], "2026-11-26T10:30"),
        # two hours of work before it are two hours of work more
        ([("2026-11-24T09:00", "2026-11-24T11:00")], "2026-11-25T10:30"),
        # and then a pause lies over what it has become
        (
            [("2026-11-24T09:00", "2026-11-24T11:00"), ("2026-11-25T09:30", "2026-11-26T14:00")],
            "2026-11-26T15:00",
        ),
        # two pauses over it, one after the other
        (
            [("2026-11-24T18:30", "2026-11-24T21:00"), ("2026-11-24T21:30", "2026-11-25T21:00")],
            "2026-11-25T22:00",
        ),
    ],
)
def test_more_time_that_ends_after_work_is_put_off_by_a_pause_over_its_end(
    paused: list[tuple[str, str]], due: str
) -> None:
    deadline = deadline_for(
        rule(Limit(4, Unit.HOURS, around_the_clock=False)),
        at("2026-11-23T08:30"),
        CHINA,
        pauses=[Pause(at(start), at(end)) for start, end in paused],
        extended_to=at("2026-11-24T20:00"),
        extended_at=at("2026-11-23T10:00"),
    )
    assert deadline.due_at == at(due)
    assert replay(deadline) == at(due)


@pytest.mark.req("G2", "G4")
def test_a_pause_that_began_before_its_clock_counts_from_its_start() -> None:
    """A holiday between them is no day of the ledger, which begins with the clock."""
    closed = {date(2026, 11, 25): "a holiday"}
    calendar = Calendar("Asia/Shanghai", OFFICE_WEEK, closed)
    deadline = deadline_for(
        rule(Limit(8, Unit.HOURS, around_the_clock=False)),
        at("2026-11-26T09:00"),
        calendar,
        pauses=[Pause(at("2026-11-24T16:30"), at("2026-11-30T09:00"))],
        appointment=at("2026-11-27T10:00"),
    )
    assert deadline.due_at == replay(deadline) == at("2026-12-01T10:00"), (
        "8 hours of work were left, less lunch"
    )


@pytest.mark.req("B7", "G3", "G4", "G5")
def test_a_case_whose_pause_lay_over_the_end_of_its_extension_is_not_late_when_it_goes_on() -> None:
    """Granted until Thursday 20:00, paused from Thursday 18:30 to Monday 09:00: 1:30 hours are left."""
    story = Story(context(pack="S2")).register(matter="home_other").wait(minutes=3)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    until = at("2026-12-03T20:00")
    story.do("request_extension", HANDLER, ExtensionForm(until, "缺配件")).do("grant_extension", MANAGER)
    assert story.case.deadlines[Clock.SOLVE].due_at == until
    story.at = at("2026-12-03T18:30")
    story.fire()
    story.do("pause", HANDLER, PauseForm(at("2026-12-07T09:00"), "waiting_for_parts", "订单"))
    story.at = at("2026-12-07T09:00")
    story.fire()
    solve = story.case.deadlines[Clock.SOLVE]
    assert solve.due_at == replay(solve) == at("2026-12-07T10:30")
    assert Clock.SOLVE not in story.case.overdue
    story.at = at("2026-12-07T10:30")
    story.fire()
    assert Clock.SOLVE in story.case.overdue


# --- Of any calendar ----------------------------------------------------------------------------------------

WINDOWS = st.sampled_from(
    [
        (Window(510, 720), Window(840, 1050)),
        (Window(480, 1200),),
        (Window(0, 190), Window(600, 850), Window(1380, 1440)),
        (Window(0, 1440),),
    ]
)
WEEKS = st.dictionaries(st.integers(0, 6), WINDOWS, min_size=1)
AMENDED = st.one_of(st.just(()), WINDOWS).map(lambda windows: Amendment(windows, "own"))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with days off, make-up days, own days; often with staffed hours of its own."""
    zone = draw(st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Chatham"]))
    some = st.sets(st.sampled_from(DAYS), max_size=12)
    plain = Calendar(
        zone,
        draw(WEEKS),
        dict.fromkeys(draw(some), "off"),
        dict.fromkeys(draw(some), "on"),
        amendments=draw(st.dictionaries(st.sampled_from(DAYS), AMENDED, max_size=5)),
    )
    staffed = draw(st.none() | WEEKS)
    return replace(plain, staffed=staffed and replace(plain, week=staffed))


LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.just(Unit.HOURS), st.just(CountFrom.MOMENT), st.booleans()),
    st.builds(
        Limit,
        st.sampled_from([0.5, 1, 1.5, 2, 5, 7]),
        st.just(Unit.WORKING_DAYS),
        st.sampled_from(CountFrom),
        st.just(False),
    ),
)
MINUTES = st.integers(-5 * 1440, 25 * 1440)


@st.composite
def moved(draw: st.DrawFn) -> tuple[Deadline, Calendar]:
    """A deadline that pauses, and mostly an appointment and an extension, have moved; and its calendar."""

    def moment(since: int, until: int) -> datetime:
        return STARTS + timedelta(minutes=draw(st.integers(since, until)))

    marks = sorted(draw(st.sets(MINUTES, max_size=6)))
    pauses = [
        Pause(STARTS + timedelta(minutes=begin), STARTS + timedelta(minutes=end))
        for begin, end in zip(marks[::2], marks[1::2], strict=False)
    ]
    calendar = draw(calendars())
    granted = moment(-2880, 1440 * 5 - 1) if draw(st.booleans()) else None  # never when it is over
    visit = moment(1441, 1440 * 15) if draw(st.booleans()) else None
    job = timedelta(minutes=draw(st.sampled_from([0, 45, 240, 2000])))
    deadline = deadline_for(
        rule(draw(LIMITS), draw(st.sampled_from(Appointment))),
        moment(0, 1440),
        calendar,
        pauses=pauses,
        appointment=visit,
        work_by=visit and visit + job,
        extended_to=granted and moment(1440 * 5, 1440 * 20),
        extended_at=granted,
        share=draw(st.sampled_from([1.0, 0.5])),
    )
    return deadline, calendar


@pytest.mark.req("B11", "G2", "G4", "G5")
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moved())
def test_no_deadline_lies_in_a_pause_and_the_ledger_derives_the_same(
    found: tuple[Deadline, Calendar],
) -> None:
    deadline, calendar = found
    assert not [
        pause for pause in deadline.derivation.pauses if pause.started_at < deadline.due_at < pause.ended_at
    ]
    assert replay(deadline) == deadline.due_at
    assert derived(deadline.derivation, calendar) == deadline


@pytest.mark.req("G4")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calendars(), LIMITS, st.integers(1441, 1440 * 9), st.integers(1, 1440 * 4), st.integers(2, 1440 * 5))
def test_the_later_a_pause_begins_the_less_it_leaves(
    calendar: Calendar, limit: Limit, agreed: int, before: int, length: int
) -> None:
    """So nobody gains by pausing later: a pause over the visit leaves what was left when it began."""
    visit = STARTS + timedelta(minutes=agreed)
    end = visit + timedelta(minutes=length)

    def due(began: datetime) -> datetime:
        pauses = [Pause(began, end)]
        return deadline_for(rule(limit), STARTS, calendar, pauses=pauses, appointment=visit).due_at

    early, late = (max(STARTS, visit - timedelta(minutes=minutes)) for minutes in (before, before // 2))
    if late < visit:
        assert due(early) >= due(late) >= end


@pytest.mark.req("B7", "B11", "G2", "G4")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["pause", "resume", "visit", "news"]), st.integers(10, 4000)), max_size=8
    )
)
def test_what_happened_on_the_way_and_what_the_ledger_says_are_the_same(steps: list[tuple[str, int]]) -> None:
    """The events of a case one by one, against each open clock derived again from its own ledger."""
    closed = tuple(AmendedDay(f"2026-11-{day}", (), "停电") for day in (24, 26, 27))
    story = Story(context(community(amendments=closed), pack="S2")).register(matter="home_other")
    story.wait(minutes=3).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    for step, minutes in steps:
        story.wait(minutes=minutes)
        try:
            match step:
                case "pause":
                    until = story.at + timedelta(minutes=minutes)
                    story.do("pause", HANDLER, PauseForm(until, "waiting_for_parts", "等配件"))
                case "resume":
                    story.do("resume", HANDLER)
                case "visit":
                    visit_at = story.at + timedelta(minutes=minutes * 2)
                    story.do("agree_appointment", AGENT, AgreedVisitForm(visit_at, story.at, "王芳", "phone"))
                case _:
                    story.do("progress", HANDLER).told()
        except (CommandRefusedError, InvalidInputError):
            continue
        for deadline in story.case.open:
            assert replay(deadline) == deadline.due_at
            over = [
                pause
                for pause in deadline.derivation.pauses
                if pause.started_at < deadline.due_at < pause.ended_at
            ]
            assert not over


# --- The work follows the visit -----------------------------------------------------------------------------


def signed(pack: str = "S2", rules: Regulation | None = None, **about: Any) -> Story:
    closed = tuple(AmendedDay(f"2026-11-{day}", (), "停电") for day in (24, 26))
    name, _, version = pack.partition("@")
    rules = rules or (regulations().get(name, int(version)) if version else None)
    story = Story(context(community(amendments=closed), name, rules)).register(**about)
    return story.wait(minutes=3).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)


@pytest.mark.req("B11", "G2", "G4")
def test_the_work_follows_a_visit_that_a_pause_put_off() -> None:
    """Agreed for Saturday 10:00, so solved by Monday 14:30; paused on Friday 18:30, until Wednesday 09:00.

    Somebody is there by Thursday 00:30: solved by Wednesday 15:00 would be before that.
    """
    story = signed(matter="home_other")
    story.do("agree_appointment", AGENT, AgreedVisitForm(at("2026-11-28T10:00"), story.at, "王芳", "phone"))
    assert story.case.deadlines[Clock.SOLVE].due_at == at("2026-11-30T14:30")
    story.at = at("2026-11-27T18:30")
    story.do("pause", HANDLER, PauseForm(at("2026-12-02T09:00"), "waiting_for_parts", "订单"))
    story.at = at("2026-12-02T09:00")
    story.fire()
    arrival, solve = (story.case.deadlines[clock] for clock in (Clock.ON_SITE, Clock.SOLVE))
    assert arrival.due_at == replay(arrival) == at("2026-12-03T00:30")
    assert solve.due_at == replay(solve) == at("2026-12-03T14:30")
    told = explain(solve, story.context.calendar, "zh-CN")
    assert "该时间在暂停期间，顺延为2026年12月3日（周四）00:30前上门，工作随后完成" in "；".join(told)


@pytest.mark.req("B11", "G2", "G4")
def test_the_work_follows_an_arrival_that_is_put_off_in_another_time() -> None:
    """The arrival counts around the clock, the work in working days: the later of the two is followed.

    Agreed for Monday 11:30, paused from Friday 17:00 to Wednesday 08:30: 66:30 hours are left by the wall
    clock, and 4 hours of work.
    """
    given = regulations().get("S2")
    there = Rule("own", Clock.ON_SITE, Limit(2, Unit.DAYS), "S2", "C7", "for the test")
    there = replace(there, when=Conditions(matters=("home_other",)), appointment=Appointment.REPLACES)
    story = signed("S2", replace(given, rules=(there, *given.rules)), matter="home_other")
    story.do("agree_appointment", AGENT, AgreedVisitForm(at("2026-11-30T11:30"), story.at, "王芳", "phone"))
    assert story.case.deadlines[Clock.SOLVE].due_at == at("2026-11-30T17:30")
    story.at = at("2026-11-27T17:00")
    story.do("pause", HANDLER, PauseForm(at("2026-12-02T08:30"), "waiting_for_parts", "订单"))
    story.at = at("2026-12-02T08:30")
    story.fire()
    arrival, solve = (story.case.deadlines[clock] for clock in (Clock.ON_SITE, Clock.SOLVE))
    assert arrival.due_at == replay(arrival) == at("2026-12-05T03:00")
    assert solve.due_at == replay(solve) == at("2026-12-07T14:30")
    story.do("classify", SUPERVISOR, ClassifyForm("看过", severity="serious"))
    assert story.case.deadlines[Clock.SOLVE].due_at == solve.due_at


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["visit", "pause", "go on", "visit", "pause", "go on", "holiday", "extend"]),
        st.integers(10, 1400),
        st.integers(60, 5000),
    ),
    min_size=3,
    max_size=9,
)
ABOUT = st.sampled_from(
    [
        ("S2", {"matter": "home_other"}),
        ("S2", {"kind": "complaint", "matter": "public_other"}),
        ("S2", {"kind": "inquiry", "matter": "fee_query"}),
        ("S4", {"matter": "home_other"}),
        ("default", {"matter": "leak_fixture"}),
        ("default", {"matter": "seepage"}),
        ("default@1", {"matter": "home_other"}),
        ("S0", {"matter": "seepage", "complexity": "complex"}),
    ]
)


@pytest.mark.req("B7", "B11", "G1", "G2", "G4")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ABOUT, STEPS)
def test_nothing_is_to_be_solved_before_somebody_is_there_and_has_had_time_for_it(
    about: tuple[str, dict[str, str]], steps: list[tuple[str, int, int]]
) -> None:
    """Visits, pauses, more time and holidays in any order: the work keeps its time after the arrival."""
    pack, matter = about
    story = signed(pack, None, **matter)
    visit, agreed, off = None, story.at, []
    for step, wait, minutes in steps:
        story.wait(minutes=wait)
        story.fire()
        if story.case.state not in IN_DISPATCH:
            return
        try:
            match step:
                case "pause":
                    until = max(story.at, visit or story.at) + timedelta(minutes=minutes)
                    story.do("pause", MANAGER, PauseForm(until, "waiting_for_parts", "等配件"))
                case "go on":
                    pause = story.case.clocks.pause
                    story.at = pause.until if pause else story.at
                    story.fire()
                case "visit":
                    visit_at = story.at + timedelta(minutes=minutes)
                    form = AgreedVisitForm(visit_at, story.at, "王芳", "phone")
                    story.do("agree_appointment", AGENT, form)
                    visit, agreed = visit_at, story.case.deadlines[Clock.SOLVE].due_at
                case "holiday":
                    off.append(AmendedDay(f"{story.at + timedelta(days=1):%Y-%m-%d}", (), "停电"))
                    place = replace(story.context.community, amendments=tuple(off))
                    story.context = replace(
                        story.context, community=place, calendar=PlainCalendars().of(place)
                    )
                    story.do("replan", MANAGER)
                case _:
                    until = story.case.deadlines[Clock.SOLVE].due_at + timedelta(minutes=minutes)
                    story.do("request_extension", HANDLER, ExtensionForm(until, "缺配件"))
                    story.do("grant_extension", MANAGER)
        except (CommandRefusedError, InvalidInputError, NotAllowedError):
            continue
        clocks = {deadline.clock: deadline for deadline in story.case.open}
        for deadline in clocks.values():
            assert replay(deadline) == deadline.due_at
            assert all(not began < deadline.due_at < ended for began, ended in deadline.breaks)
        arrival, solve = clocks.get(Clock.ON_SITE), clocks.get(Clock.SOLVE)
        if arrival is None or solve is None or not arrival.derivation.appointment == visit is not None:
            continue
        if story.case.clocks.pause is None and solve.derivation.appointment == visit:
            calendar = story.context.calendar
            room = run_between(solve.limit, calendar, visit, agreed)
            done = arrival.due_at
            if room:
                done = advanced(solve.limit, calendar, arrival.due_at, room, solve.breaks)
            assert solve.due_at >= done, f"{arrival.due_at} and {room} is {done}"
