"""Deadlines: how limits count, what moves them, their ledgers and timers (B3, B7, B11, G1–G5, G9)."""

import sys
from collections import deque
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, replanned, replay
from chalicelib.domain.deadlines.deadline_timers import Timer, timers_for
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment, Facts, Rule

CHINA = calendar_for("Asia/Shanghai")
DEFAULT = RegulationFiles().get("default")
ORDINARY = Facts("complaint", "seepage", "normal", "general", "complex")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def rule(limit: Limit, clock: Clock = Clock.SOLVE, appointment: Appointment = Appointment.IGNORED) -> Rule:
    return Rule("test", clock, limit, "S1", "C2", "for the test", appointment=appointment)


def working_days(amount: float, count: CountFrom = CountFrom.NEXT_DAY) -> Limit:
    return Limit(amount, Unit.WORKING_DAYS, count, around_the_clock=False)


FIVE_DAYS = rule(working_days(5))
HALF_A_DAY = rule(working_days(0.5, CountFrom.MOMENT))


@pytest.mark.req("G1", "C2")
@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        # the example of a manager: over National Day, with a make-up Saturday
        (working_days(5), "2026-09-30T09:10", "2026-10-13T17:30"),
        (working_days(5), "2026-10-03T23:59", "2026-10-13T17:30"),
        (working_days(1), "2026-03-02T00:00", "2026-03-03T17:30"),
        (working_days(1), "2026-03-02T23:59", "2026-03-03T17:30"),
        (working_days(1), "2026-03-06T09:00", "2026-03-09T17:30"),
        # half a working day: 3.5 hours of work, over lunch, the night, the weekend
        (working_days(0.5, CountFrom.MOMENT), "2026-03-02T08:30", "2026-03-02T12:00"),
        (working_days(0.5, CountFrom.MOMENT), "2026-03-02T09:30", "2026-03-02T15:00"),
        (working_days(0.5, CountFrom.MOMENT), "2026-03-02T16:30", "2026-03-03T11:00"),
        (working_days(0.5, CountFrom.MOMENT), "2026-03-07T10:00", "2026-03-09T12:00"),
        # counted from the next day, with a half at the end
        (working_days(2.5), "2026-03-02T10:00", "2026-03-05T12:00"),
        (working_days(0.5), "2026-03-02T10:00", "2026-03-03T12:00"),
        # the day of the start is the first, if any of it is left
        (working_days(1, CountFrom.END_OF_DAY), "2026-03-02T17:29", "2026-03-02T17:30"),
        (working_days(1, CountFrom.END_OF_DAY), "2026-03-02T17:30", "2026-03-03T17:30"),
        (working_days(1, CountFrom.END_OF_DAY), "2026-03-01T10:00", "2026-03-02T17:30"),
        (working_days(2, CountFrom.END_OF_DAY), "2026-03-06T10:00", "2026-03-09T17:30"),
        (working_days(0.5, CountFrom.END_OF_DAY), "2026-03-02T09:30", "2026-03-02T15:00"),
        (working_days(0.5, CountFrom.END_OF_DAY), "2026-03-02T16:30", "2026-03-02T17:30"),
        # around the clock: nights and holidays count
        (Limit(48, Unit.HOURS), "2026-10-01T10:00", "2026-10-03T10:00"),
        (Limit(10, Unit.MINUTES), "2026-10-01T23:55", "2026-10-02T00:05"),
        (Limit(7, Unit.DAYS), "2026-10-01T10:00", "2026-10-08T10:00"),
        (Limit(8, Unit.SECONDS), "2026-10-01T10:00:00", "2026-10-01T10:00:08"),
        (Limit(2, Unit.HOURS, around_the_clock=False), "2026-09-30T16:30", "2026-10-08T09:30"),
    ],
)
def test_how_limits_count(limit: Limit, start: str, due: str) -> None:
    deadline = deadline_for(rule(limit), at(start), CHINA)
    assert deadline.due_at == deadline.first_due_at == at(due)
    assert replay(deadline) == at(due)


@pytest.mark.req("G4")
@pytest.mark.parametrize(
    ("timed", "start", "pauses", "due"),
    [
        # two working hours of pause are two working hours more
        (FIVE_DAYS, "2026-09-30T09:10", [("2026-10-09T09:00", "2026-10-09T11:00")], "2026-10-14T10:30"),
        # a pause over a holiday costs only the working time in it
        (FIVE_DAYS, "2026-09-29T09:10", [("2026-09-30T17:00", "2026-10-08T09:00")], "2026-10-13T09:30"),
        (FIVE_DAYS, "2026-09-30T09:10", [("2026-10-01T00:00", "2026-10-08T00:00")], "2026-10-13T17:30"),
        # whole days
        (FIVE_DAYS, "2026-09-30T09:10", [("2026-10-12T00:00", "2026-10-13T00:00")], "2026-10-14T17:30"),
        # the day of the start is not counted, so neither is a pause in it
        (FIVE_DAYS, "2026-09-30T09:10", [("2026-09-30T10:00", "2026-09-30T15:00")], "2026-10-13T17:30"),
        # several, of which one overlaps another, and one comes after the deadline
        (
            FIVE_DAYS,
            "2026-09-30T09:10",
            [
                ("2026-10-08T08:30", "2026-10-08T10:30"),
                ("2026-10-08T09:30", "2026-10-08T11:30"),
                ("2026-10-12T08:30", "2026-10-12T09:30"),
                ("2026-11-02T08:30", "2026-11-02T09:30"),
            ],
            "2026-10-14T14:30",
        ),
        # a pause in the time that an earlier pause has added
        (
            HALF_A_DAY,
            "2026-03-02T08:30",
            [("2026-03-02T10:00", "2026-03-02T11:00"), ("2026-03-02T14:30", "2026-03-02T15:30")],
            "2026-03-02T16:00",
        ),
        # around the clock, the pause counts around the clock
        (
            rule(Limit(24, Unit.HOURS)),
            "2026-03-02T08:30",
            [("2026-03-02T20:00", "2026-03-03T02:00")],
            "2026-03-03T14:30",
        ),
        # a pause that begins when the time is up changes nothing
        (HALF_A_DAY, "2026-03-02T08:30", [("2026-03-02T12:00", "2026-03-05T12:00")], "2026-03-02T12:00"),
    ],
)
def test_a_pause_stops_the_clock_in_its_own_time(
    timed: Rule, start: str, pauses: list[tuple[str, str]], due: str
) -> None:
    given_pauses = [Pause(at(a), at(b), "waiting_for_parts") for a, b in pauses]
    deadline = deadline_for(timed, at(start), CHINA, pauses=given_pauses)
    assert deadline.due_at == at(due)
    assert deadline.first_due_at == deadline_for(timed, at(start), CHINA).due_at
    assert replay(deadline) == at(due)


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(InvalidInputError, match="cannot end before"):
        Pause(at("2026-03-02T10:00"), at("2026-03-02T09:00"))


@pytest.mark.req("B7", "G5")
def test_an_extension_moves_the_deadline_and_the_first_one_stays() -> None:
    start, extended_to = at("2026-09-30T09:10"), at("2026-10-20T12:00")
    deadline = deadline_for(FIVE_DAYS, start, CHINA, extended_to=extended_to)
    assert deadline.due_at == extended_to
    assert deadline.first_due_at == at("2026-10-13T17:30")
    assert replay(deadline) == extended_to
    earlier = deadline_for(FIVE_DAYS, start, CHINA, extended_to=at("2026-10-09T12:00"))
    assert earlier.due_at == at("2026-10-13T17:30"), "an extension never takes time away"


@pytest.mark.req("G4", "G5")
def test_a_pause_after_an_extension_moves_the_extended_deadline() -> None:
    deadline = deadline_for(
        FIVE_DAYS,
        at("2026-09-30T09:10"),
        CHINA,
        pauses=[Pause(at("2026-10-15T08:30"), at("2026-10-15T10:30"))],
        extended_at=at("2026-10-13T09:00"),
        extended_to=at("2026-10-20T12:00"),
    )
    assert deadline.due_at == at("2026-10-20T16:00"), "two working hours after 12:00, over lunch"
    assert replay(deadline) == deadline.due_at


@pytest.mark.req("B11", "C7")
@pytest.mark.parametrize(
    ("effect", "agreed", "due"),
    [
        (Appointment.REPLACES, "2026-03-04T10:00", "2026-03-04T10:00"),
        (Appointment.REPLACES, "2026-03-31T10:00", "2026-03-31T10:00"),
        (Appointment.WITHIN, "2026-03-04T10:00", "2026-03-04T10:00"),
        (Appointment.WITHIN, "2026-03-31T10:00", "2026-03-11T17:30"),
        (Appointment.IGNORED, "2026-03-04T10:00", "2026-03-11T17:30"),
    ],
)
def test_an_appointment_is_the_deadline_as_far_as_the_rule_lets_it(
    effect: Appointment, agreed: str, due: str
) -> None:
    timed = rule(working_days(7), appointment=effect)
    deadline = deadline_for(timed, at("2026-03-02T10:00"), CHINA, appointment=at(agreed))
    assert deadline.due_at == at(due)
    assert deadline.first_due_at == at("2026-03-11T17:30")
    assert replay(deadline) == at(due)


def test_an_appointment_before_the_start_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="later than the start"):
        deadline_for(FIVE_DAYS, at("2026-03-02T10:00"), CHINA, appointment=at("2026-03-02T09:00"))


@pytest.mark.req("G9")
def test_a_round_that_came_back_has_a_shorter_clock() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T10:00"), CHINA, share=0.5)
    assert deadline.due_at == at("2026-03-05T12:00"), "two and a half working days"
    assert deadline.limit.amount == 2.5
    assert deadline.rule.limit.amount == 5, "the rule is the same"
    assert replay(deadline) == deadline.due_at


@pytest.mark.req("G1", "G2")
def test_an_unpublished_year_makes_a_deadline_provisional_and_it_is_planned_anew() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-12-28T10:00"), CHINA)
    assert deadline.due_at == at("2027-01-05T17:30")
    assert deadline.provisional
    published = replace(
        CHINA, makeup_days={**CHINA.makeup_days, date(2027, 1, 3): "元旦"}, published_until=date(2027, 12, 31)
    )
    anew = replanned(deadline, published)
    assert anew.due_at == at("2027-01-04T17:30"), "the Sunday is worked"
    assert not anew.provisional
    assert replay(deadline) == at("2027-01-05T17:30"), "what was derived then is derived again"


@pytest.mark.req("G1")
def test_planning_anew_keeps_pauses_extension_share_and_appointment() -> None:
    timed = rule(working_days(5), appointment=Appointment.WITHIN)
    deadline = deadline_for(
        timed,
        at("2026-12-28T10:00"),
        CHINA,
        pauses=[Pause(at("2026-12-29T08:30"), at("2026-12-29T10:30"), "waiting_for_parts")],
        extended_at=at("2026-12-30T10:00"),
        extended_to=at("2027-01-08T12:00"),
        appointment=at("2026-12-31T10:00"),
        share=0.5,
    )
    assert replanned(deadline, CHINA) == deadline
    closed = replace(CHINA, amendments={date(2026, 12, 30): Amendment((), "closed")})
    anew = replanned(deadline, closed)
    assert anew.counted_from == deadline.counted_from
    assert replay(anew) == anew.due_at


@pytest.mark.req("G1", "B7")
def test_the_first_deadline_stays_on_record_when_the_calendar_moves_it_and_moves_it_back() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T10:00"), CHINA)
    closed = replace(CHINA, amendments={date(2026, 3, 5): Amendment((), "停电检修")})
    moved = replanned(deadline, closed)
    assert (moved.first_due_at, moved.due_at) == (at("2026-03-09T17:30"), at("2026-03-10T17:30"))
    assert moved.derivation.promised == deadline.due_at
    assert replay(moved) == moved.due_at
    assert replanned(moved, CHINA) == deadline
    paused = replace(moved.derivation, pauses=(Pause(at("2026-03-06T08:30"), at("2026-03-06T09:30")),))
    assert replanned(moved, closed, paused).first_due_at == deadline.due_at


@pytest.mark.req("B6", "G1")
def test_rungs_keep_their_distance_when_the_calendar_has_moved_the_first_deadline() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T10:00"), CHINA)
    closed = replace(CHINA, amendments={date(2026, 3, 5): Amendment((), "停电检修")})
    moved = replanned(deadline, closed)
    rungs = [timer for timer in timers_for(moved, DEFAULT, ORDINARY, closed) if timer.action == "escalate"]
    ladder = DEFAULT.ladder_for(moved.clock, ORDINARY)
    distances = [closed.working_between(moved.due_at, rung.at) for rung in rungs]
    assert distances == [5 * closed.working_day * (rung.share - 1) for rung in ladder.rungs]


@pytest.mark.req("G15", "G9", "G2")
def test_care_is_a_share_on_the_ledger() -> None:
    timed = rule(working_days(5))
    cared = deadline_for(timed, at("2026-03-02T10:00"), CHINA, share=0.5, care=0.5)
    assert (cared.limit.amount, cared.rule.limit.amount) == (1.25, 5)
    assert cared.due_at == deadline_for(timed, at("2026-03-02T10:00"), CHINA, share=0.25).due_at
    assert replay(cared) == cared.due_at
    assert (cared.derivation.share, cared.derivation.care) == (0.5, 0.5)


@pytest.mark.req("G1")
def test_the_communitys_own_days_are_known_from_the_ledger() -> None:
    extra = Amendment((Window(540, 720),), "大扫除")
    calendar = replace(
        CHINA, amendments={date(2026, 10, 11): extra, date(2026, 10, 9): Amendment((), "检修")}
    )
    deadline = deadline_for(FIVE_DAYS, at("2026-09-30T10:00"), calendar)
    then = deadline.calendar_excerpt
    assert sorted(then.amendments) == [date(2026, 10, 9), date(2026, 10, 11)]
    assert list(then.makeup_days) == [date(2026, 10, 10)]
    assert then.calendar().windows_on(date(2026, 10, 11)) == extra.windows
    assert replay(deadline) == deadline.due_at


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("entered", "provisional"), [((4, 5, 6, 7, 8), False), ((4, 5, 6, 7), True), ((4, 5, 7, 8), True)]
)
def test_a_deadline_is_sure_once_each_day_that_matters_has_been_entered_by_hand(
    entered: tuple[int, ...], provisional: bool
) -> None:
    by_hand = {date(2027, 1, day): Amendment(OFFICE_WEEK[0], "上班") for day in entered}
    calendar = replace(CHINA, amendments=by_hand)
    deadline = deadline_for(FIVE_DAYS, at("2027-01-03T10:00"), calendar)
    assert deadline.due_at == at("2027-01-08T17:30")
    assert deadline.provisional is provisional, "the day of the start is not counted, so it does not matter"


@pytest.mark.req("B11", "G1")
def test_an_agreed_time_that_is_the_deadline_is_sure_whatever_days_lie_before_it() -> None:
    timed = rule(working_days(5), appointment=Appointment.REPLACES)
    visit = at("2027-01-05T10:00")
    assert deadline_for(timed, at("2026-12-30T10:00"), CHINA).provisional
    assert not deadline_for(timed, at("2026-12-30T10:00"), CHINA, appointment=visit).provisional


@pytest.mark.req("G1")
def test_what_runs_around_the_clock_is_never_provisional() -> None:
    assert not deadline_for(rule(Limit(48, Unit.HOURS)), at("2027-06-01T10:00"), CHINA).provisional


@pytest.mark.parametrize("what", ["started_at", "appointment", "extended_to", "extended_at"])
def test_times_without_a_zone_are_refused(what: str) -> None:
    naive = datetime(2026, 3, 3, 9)  # noqa: DTZ001 that is the point
    times: dict[str, datetime] = {"started_at": at("2026-03-02T09:00"), what: naive}
    with pytest.raises(InvalidInputError, match="has no zone"):
        deadline_for(FIVE_DAYS, times.pop("started_at"), CHINA, **times)  # type: ignore[arg-type]


def test_a_pause_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="has no zone"):
        Pause(datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10))  # noqa: DTZ001 that is the point


@pytest.mark.parametrize("year", [1, 1969, 2201, 9999])
@pytest.mark.parametrize("timed", [FIVE_DAYS, HALF_A_DAY, rule(Limit(24, Unit.HOURS))])
def test_times_of_another_age_are_refused_and_do_not_overflow(year: int, timed: Rule) -> None:
    with pytest.raises(InvalidInputError, match="not of our age; right is 1970 to 2200"):
        deadline_for(timed, datetime(year, 12, 31, 23, tzinfo=UTC), CHINA)


def test_far_off_times_are_provisional() -> None:
    assert deadline_for(FIVE_DAYS, datetime(2199, 12, 31, tzinfo=UTC), CHINA).provisional
    assert deadline_for(FIVE_DAYS, datetime(1971, 12, 31, tzinfo=UTC), CHINA).provisional


@pytest.mark.req("G2")
@pytest.mark.parametrize("timed", [FIVE_DAYS, HALF_A_DAY, rule(Limit(24, Unit.HOURS))])
def test_what_begins_in_the_last_year_may_end_in_the_next(timed: Rule) -> None:
    deadline = deadline_for(timed, datetime(2200, 12, 31, 23, 59, tzinfo=UTC), CHINA)
    assert deadline.due_at.year == 2201
    assert replay(deadline) == deadline.due_at
    assert any(timer.action == "overdue" for timer in timers_for(deadline, DEFAULT, ORDINARY, CHINA))


def test_times_of_any_zone_are_taken_and_utc_is_given() -> None:
    local = datetime.fromisoformat("2026-09-30T09:10+08:00")
    deadline = deadline_for(FIVE_DAYS, local, CHINA, extended_to=local + timedelta(days=30))
    assert deadline.started_at == local
    times = (deadline.started_at, deadline.due_at, deadline.first_due_at)
    assert all(moment.tzinfo is UTC for moment in times)


@pytest.mark.req("G2")
def test_a_deadline_is_stored_small_and_read_back_equal() -> None:
    deadline = deadline_for(
        FIVE_DAYS,
        at("2026-09-25T09:10"),
        calendar_for("Asia/Shanghai", amendments={date(2026, 10, 9): Amendment((), "停电检修")}),
        pauses=[Pause(at("2026-10-09T09:00"), at("2026-10-09T11:00"), "waiting_for_parts")],
        extended_to=at("2026-10-20T12:00"),
        extended_at=at("2026-10-13T12:00"),
    )
    assert msgspec.convert(msgspec.to_builtins(deadline), Deadline) == deadline
    stored = msgspec.json.encode(deadline)
    assert msgspec.json.decode(stored, type=Deadline) == deadline
    assert len(msgspec.json.encode(deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA))) <= 1100
    assert len(stored) <= 1900, "even with everything that can happen to it"


# timers ---------------------------------------------------------------------------------------------------


def timers_of(deadline: Deadline, facts: Facts = ORDINARY) -> dict[str, Timer]:
    timers = tuple(timers_for(deadline, DEFAULT, facts, CHINA))
    assert [timer.at for timer in timers] == sorted(timer.at for timer in timers)
    by_key = {str(timer.key): timer for timer in timers}
    assert len(by_key) == len(timers), "each key once"
    return by_key


@pytest.mark.req("B3", "B6", "B7", "G3")
def test_reminders_overdue_and_rungs_run_in_working_time() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-09-30T09:10"), CHINA)
    timers = timers_of(deadline)
    assert {key: timer.at for key, timer in timers.items()} == {
        "solve:remind:1": at("2026-10-10T12:00"),  # two and a half of the days 8, 9, 10, 12, 13 October
        "solve:remind:2": at("2026-10-12T17:30"),
        "solve:overdue": at("2026-10-13T17:30"),
        "solve:rung:supervisor": at("2026-10-14T12:00"),
        "solve:rung:manager": at("2026-10-16T12:00"),
        "solve:rung:company_head": at("2026-10-20T17:30"),
    }
    assert timers["solve:remind:1"].action == "remind"
    assert timers["solve:remind:1"].role == "handler"
    assert timers["solve:rung:manager"].action == "escalate"
    assert timers["solve:rung:manager"].role == "manager"


@pytest.mark.req("B3")
def test_an_unsigned_assignment_climbs_a_ladder_of_its_own() -> None:
    timed = rule(Limit(2, Unit.HOURS, around_the_clock=False), Clock.SIGN)
    timers = timers_of(deadline_for(timed, at("2026-03-02T08:30"), CHINA))
    assert {key: timer.at for key, timer in timers.items()} == {
        "sign:remind:1": at("2026-03-02T09:30"),
        "sign:overdue": at("2026-03-02T10:30"),
        "sign:rung:supervisor": at("2026-03-02T11:30"),
        "sign:rung:manager": at("2026-03-02T14:30"),
        "sign:rung:company_head": at("2026-03-03T09:30"),
    }


@pytest.mark.req("A6", "B6")
def test_serious_and_emergency_cases_climb_sooner() -> None:
    deadline = deadline_for(rule(Limit(10, Unit.HOURS)), at("2026-03-02T08:00"), CHINA)
    ordinary = timers_of(deadline)
    serious = timers_of(deadline, replace(ORDINARY, severity="serious"))
    assert serious["solve:rung:manager"].at < ordinary["solve:rung:manager"].at
    on_site = rule(Limit(10, Unit.MINUTES), Clock.ON_SITE)
    timers = timers_of(
        deadline_for(on_site, at("2026-10-01T03:00"), CHINA), replace(ORDINARY, urgency="emergency")
    )
    assert timers["on_site:rung:supervisor"].at == at("2026-10-01T03:12"), "in the night of a holiday"


@pytest.mark.req("G4", "G5")
def test_timers_follow_pauses_and_extensions() -> None:
    paused = deadline_for(
        FIVE_DAYS,
        at("2026-03-02T09:00"),
        CHINA,
        pauses=[Pause(at("2026-03-04T00:00"), at("2026-03-05T00:00"))],
    )
    timers = timers_of(paused)
    assert timers["solve:overdue"].at == paused.due_at == at("2026-03-10T17:30")
    assert timers["solve:remind:1"].at == at("2026-03-06T12:00"), "the paused day is not counted"
    extended = deadline_for(FIVE_DAYS, at("2026-03-02T09:00"), CHINA, extended_to=at("2026-03-16T17:30"))
    assert timers_of(extended)["solve:remind:1"].at == at("2026-03-09T17:30"), "half of ten days"
    assert timers_of(extended)["solve:rung:supervisor"].at == at("2026-03-17T12:00"), "half a day after it"


def test_an_appointment_at_night_still_has_timers_in_order() -> None:
    timed = rule(working_days(5), Clock.ON_SITE, Appointment.REPLACES)
    deadline = deadline_for(timed, at("2026-03-02T20:00"), CHINA, appointment=at("2026-03-02T21:00"))
    timers = timers_of(deadline)
    assert timers["on_site:overdue"].at == at("2026-03-02T21:00")
    assert all(timer.at <= at("2026-03-02T21:00") for key, timer in timers.items() if "remind" in key)


# properties -----------------------------------------------------------------------------------------------

WEEKS = st.sampled_from(
    [
        CHINA,
        calendar_for("America/New_York", "US", dict.fromkeys(range(7), (Window(0, 200), Window(600, 700)))),
        calendar_for("Pacific/Chatham", "NZ", {0: (Window(540, 1020),), 5: (Window(540, 600),)}),
    ]
)
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 5000), st.just(Unit.MINUTES)),
    st.builds(
        Limit,
        st.integers(1, 80),
        st.just(Unit.HOURS),
        st.just(CountFrom.MOMENT),
        around_the_clock=st.booleans(),
    ),
    st.builds(
        Limit,
        st.sampled_from((0.5, 1, 2, 2.5, 5, 7)),
        st.just(Unit.WORKING_DAYS),
        st.sampled_from(CountFrom),
        around_the_clock=st.just(False),
    ),
)
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2026, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(WEEKS, LIMITS, MOMENTS, MOMENTS)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, limit: Limit, one: datetime, other: datetime
) -> None:
    early, late = sorted((one, other))
    assert early < deadline_for(rule(limit), early, calendar).due_at
    assert (
        deadline_for(rule(limit), early, calendar).due_at <= deadline_for(rule(limit), late, calendar).due_at
    )


@pytest.mark.req("G9", "G15")
@given(WEEKS, LIMITS, MOMENTS, st.floats(0.05, 1))
def test_a_share_of_a_limit_never_ends_later_than_the_whole(
    calendar: Calendar, limit: Limit, start: datetime, share: float
) -> None:
    whole = deadline_for(rule(limit), start, calendar).due_at
    assert deadline_for(rule(limit), start, calendar, share=share).due_at <= whole


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[Pause]:
    marks = draw(st.lists(st.tuples(st.integers(-3000, 30_000), st.integers(0, 9000)), max_size=4))
    return [
        Pause(start + timedelta(minutes=begin), start + timedelta(minutes=begin + length))
        for begin, length in marks
    ]


@pytest.mark.req("G2", "G4")
@given(WEEKS, LIMITS, MOMENTS, st.data())
def test_a_pause_never_makes_a_deadline_earlier_and_the_ledger_gives_it_again(
    calendar: Calendar, limit: Limit, start: datetime, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    without = deadline_for(rule(limit), start, calendar)
    paused = deadline_for(rule(limit), start, calendar, pauses=pauses)
    fewer = deadline_for(rule(limit), start, calendar, pauses=pauses[:-1])
    assert without.due_at <= fewer.due_at <= paused.due_at
    assert paused.first_due_at == without.due_at
    assert replay(paused) == paused.due_at
    assert replanned(paused, calendar) == paused
    assert msgspec.convert(msgspec.to_builtins(paused), Deadline) == paused


@given(WEEKS, LIMITS, MOMENTS, st.data())
def test_timers_are_in_order_and_each_key_comes_once(
    calendar: Calendar, limit: Limit, start: datetime, data: st.DataObject
) -> None:
    deadline = deadline_for(rule(limit), start, calendar, pauses=data.draw(pauses_after(start)))
    timers = tuple(timers_for(deadline, DEFAULT, ORDINARY, calendar))
    assert len({timer.key for timer in timers}) == len(timers)
    assert [timer.at for timer in timers] == sorted(timer.at for timer in timers)
    kinds = [timer.action for timer in timers]
    assert kinds == sorted(kinds, key=("remind", "overdue", "escalate").index)
    overdue = next(timer for timer in timers if timer.action == "overdue")
    assert overdue.at == deadline.due_at
    assume(deadline.due_at > start)
    assert all(timer.at >= start for timer in timers)


def test_all_clocks_of_a_case_take_a_bounded_number_of_steps() -> None:
    """Counted, not timed: about 2,000 calls. A loop that has grown too long shows here on any machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        for rule in DEFAULT.rules_for(ORDINARY):
            deque(timers_for(deadline_for(rule, at("2026-09-30T09:10"), CHINA), DEFAULT, ORDINARY, CHINA))
    finally:
        sys.setprofile(None)
    assert 500 < calls < 8_000
