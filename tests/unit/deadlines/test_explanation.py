"""What a manager reads about a deadline (G2)."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.deadlines.calendar import Amendment, Window
from chalicelib.domain.deadlines.deadline import deadline_for, replanned
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment, Rule
from tests.words import explain

CHINA = calendar_for("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def rule(limit: Limit, source: str = "S1", requirement: str = "C2") -> Rule:
    return Rule(
        "test", Clock.SOLVE, limit, source, requirement, "for the test", appointment=Appointment.REPLACES
    )


FIVE_DAYS = rule(Limit(5, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False))
HALF_A_DAY = rule(Limit(0.5, Unit.WORKING_DAYS, around_the_clock=False), "S2", "C4")


@pytest.mark.req("G2", "C2")
def test_five_working_days_over_national_day() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-09-30T09:10"), CHINA)
    assert "; ".join(explain(deadline, CHINA)) == (
        "5 working days from Wed 30 Sep 2026 09:10, not counting that day, so by the end of Tue 13 Oct; "
        "skipped: National Day 1–7 Oct, Sun 11 Oct; Sat 10 Oct is a working day; S1 service measures, C2"
    )
    assert "；".join(explain(deadline, CHINA, "zh-CN")) == (
        "自2026年9月30日（周三）09:10起5个工作日（当日不计），即10月13日（周二）下班前；"
        "跳过：国庆节10月1日至7日、10月11日（周日）；10月10日（周六）为调休工作日；依据：S1《投诉处理措施》，C2"
    )


@pytest.mark.parametrize(
    ("timed", "start", "english", "chinese"),
    [
        (
            HALF_A_DAY,
            "2026-03-02T16:30",
            "half a working day (3.5 working hours) from Mon 2 Mar 2026 16:30, so by Tue 3 Mar 11:00",
            "自2026年3月2日（周一）16:30起半个工作日（3.5个工作小时），即3月3日（周二）11:00前",
        ),
        (
            rule(Limit(10, Unit.MINUTES)),
            "2026-12-31T23:55",
            "10 minutes from Thu 31 Dec 2026 23:55, so by Fri 1 Jan 2027 00:05",
            "自2026年12月31日（周四）23:55起10分钟，即2027年1月1日（周五）00:05前",
        ),
        (
            rule(Limit(1, Unit.HOURS, around_the_clock=False)),
            "2026-03-02T09:00",
            "1 working hour from Mon 2 Mar 2026 09:00, so by Mon 2 Mar 10:00",
            "自2026年3月2日（周一）09:00起1个工作小时，即3月2日（周一）10:00前",
        ),
        (
            rule(Limit(20, Unit.SECONDS)),
            "2026-03-02T09:00:05",
            "20 seconds from Mon 2 Mar 2026 09:00:05, so by Mon 2 Mar 09:00:25",
            "自2026年3月2日（周一）09:00:05起20秒，即3月2日（周一）09:00:25前",
        ),
        (
            rule(Limit(2.5, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)),
            "2026-03-02T09:00",
            "2.5 working days from Mon 2 Mar 2026 09:00, not counting that day, so by Thu 5 Mar 12:00",
            "自2026年3月2日（周一）09:00起2.5个工作日（当日不计），即3月5日（周四）12:00前",
        ),
    ],
)
def test_amounts(timed: Rule, start: str, english: str, chinese: str) -> None:
    deadline = deadline_for(timed, at(start), CHINA)
    assert explain(deadline, CHINA)[0] == english
    assert explain(deadline, CHINA, "zh-CN")[0] == chinese


@pytest.mark.req("G1", "G2")
@pytest.mark.parametrize(
    ("zone", "start", "said"),
    [
        # 01:00 became 00:00 again on 1 November: the second midnight is not the end of October
        ("America/Havana", "2026-11-01T00:30:00-04:00", "即11月1日（周日）00:00前"),
        ("America/Havana", "2026-10-31T23:30:00-04:00", "即10月31日（周六）24:00前"),
        ("America/Havana", "2026-11-01T23:30:00-05:00", "即11月1日（周日）24:00前"),
        # 24:00 became 23:00 again on 24 October: there is one midnight, after the second hour
        ("Asia/Beirut", "2026-10-24T23:30:00+02:00", "即10月24日（周六）24:00前"),
    ],
)
def test_a_deadline_at_a_midnight_that_comes_twice_is_told_on_its_day(
    zone: str, start: str, said: str
) -> None:
    half_an_hour = rule(Limit(30, Unit.MINUTES))
    calendar = replace(CHINA, zone=zone)
    deadline = deadline_for(half_an_hour, datetime.fromisoformat(start).astimezone(UTC), calendar)
    assert said in explain(deadline, calendar, "zh-CN")[0]


@pytest.mark.req("G4", "G5", "G9")
def test_what_moved_a_deadline_is_told_in_order() -> None:
    deadline = deadline_for(
        FIVE_DAYS,
        at("2026-03-02T09:10"),
        CHINA,
        pauses=[Pause(at("2026-03-04T09:00"), at("2026-03-04T11:00"), "waiting_for_parts")],
        extended_to=at("2026-03-10T15:00"),
        share=0.5,
    )
    assert explain(deadline, CHINA) == (
        "the rule gives 5 working days, halved because the case came back: 2.5 working days",
        "2.5 working days from Mon 2 Mar 2026 09:10, not counting that day, so by Thu 5 Mar 12:00",
        "paused from Wed 4 Mar 2026 09:00 to Wed 4 Mar 2026 11:00 (waiting for parts)",
        "extended by the manager to Tue 10 Mar 2026 15:00",
        "so now due Tue 10 Mar 2026 15:00",
        "S1 service measures, C2",
    )
    assert explain(deadline, CHINA, "zh-CN") == (
        "规定时限5个工作日，因重办减半，为2.5个工作日",
        "自2026年3月2日（周一）09:10起2.5个工作日（当日不计），即3月5日（周四）12:00前",
        "2026年3月4日（周三）09:00至2026年3月4日（周三）11:00暂停计时（等待配件）",
        "经理批准延期至2026年3月10日（周二）15:00",
        "现期限为2026年3月10日（周二）15:00",
        "依据：S1《投诉处理措施》，C2",
    )


@pytest.mark.req("B11")
def test_an_appointment_is_told() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA, appointment=at("2026-03-05T19:00"))
    assert "appointment agreed for Thu 5 Mar 2026 19:00" in explain(deadline, CHINA)
    assert "已与住户约定2026年3月5日（周四）19:00" in explain(deadline, CHINA, "zh-CN")


@pytest.mark.req("B11", "G2")
def test_an_appointment_later_than_a_limit_that_stays_is_told_as_that() -> None:
    within = replace(FIVE_DAYS, appointment=Appointment.WITHIN)
    deadline = deadline_for(within, at("2026-03-02T09:10"), CHINA, appointment=at("2026-03-11T10:00"))
    english, chinese = explain(deadline, CHINA), explain(deadline, CHINA, "zh-CN")
    assert "appointment agreed for Wed 11 Mar 2026 10:00, later than the limit, which stays" in english
    assert "已与住户约定2026年3月11日（周三）10:00，晚于时限，时限不变" in chinese
    assert not any("now due" in sentence for sentence in english)
    earlier = deadline_for(within, at("2026-03-02T09:10"), CHINA, appointment=at("2026-03-04T10:00"))
    assert explain(earlier, CHINA)[-3:-1] == (
        "appointment agreed for Wed 4 Mar 2026 10:00",
        "so now due Wed 4 Mar 2026 10:00",
    )


@pytest.mark.req("G1")
def test_a_provisional_deadline_says_why() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-12-28T09:10"), CHINA)
    assert explain(deadline, CHINA)[-2:] == (
        "provisional: the calendar has the public holidays from 1 Jan 2018 to 31 Dec 2026 only",
        "S1 service measures, C2",
    )
    told = "暂定：日历目前只有2018年1月1日至2026年12月31日的放假安排"
    assert told in explain(deadline, CHINA, "zh-CN")
    before = deadline_for(FIVE_DAYS, at("2016-09-30T09:10"), CHINA)
    assert told in explain(before, CHINA, "zh-CN")
    without_beginning = replace(CHINA, published_from=date.min)
    assert explain(deadline, without_beginning)[-2].endswith("the public holidays until 31 Dec 2026 only")


@pytest.mark.req("G1")
def test_a_communitys_own_changes_are_told_by_name() -> None:
    calendar = calendar_for(
        "Asia/Shanghai",
        amendments={
            date(2026, 3, 4): Amendment((), "停电检修"),
            date(2026, 3, 5): Amendment((Window(510, 600),), "年检"),
            date(2026, 3, 7): Amendment((Window(510, 600),), "加班"),
        },
    )
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), calendar)
    reasons = explain(deadline, calendar)
    assert reasons[1:5] == (
        "skipped: Sun 8 Mar",
        "the community's own day off: Wed 4 Mar (停电检修)",
        "the community's own hours: Thu 5 Mar 08:30–10:00 (年检)",
        "the community's own hours: Sat 7 Mar 08:30–10:00 (加班)",
    )
    assert explain(deadline, calendar, "zh-CN")[1:5] == (
        "跳过：3月8日（周日）",
        "本小区自定休息：3月4日（周三）（停电检修）",
        "本小区自定工作时间：3月5日（周四）08:30至10:00（年检）",
        "本小区自定工作时间：3月7日（周六）08:30至10:00（加班）",
    )


@pytest.mark.req("G1", "G2")
@pytest.mark.parametrize(
    ("timed", "start", "told"),
    [
        (FIVE_DAYS, "2026-10-10T09:00", ("跳过：10月11日（周日）",)),
        (HALF_A_DAY, "2026-10-10T09:00", ("10月10日（周六）为调休工作日",)),
        (HALF_A_DAY, "2026-10-10T17:30", ("跳过：10月11日（周日）",)),
        (HALF_A_DAY, "2026-10-07T09:00", ("跳过：国庆节10月7日",)),
        (
            FIVE_DAYS,
            "2026-10-06T09:00",
            ("跳过：国庆节10月7日、10月11日（周日）", "10月10日（周六）为调休工作日"),
        ),
    ],
)
def test_only_days_that_matter_are_listed(timed: Rule, start: str, told: tuple[str, ...]) -> None:
    reasons = explain(deadline_for(timed, at(start), CHINA), CHINA, "zh-CN")
    assert reasons[1:-1] == told


WORKS_AT_WEEKENDS = calendar_for(
    "Asia/Shanghai",
    windows={
        **dict.fromkeys(range(5), (Window(510, 720), Window(840, 1050))),
        **dict.fromkeys((5, 6), (Window(540, 720),)),
    },
)


@pytest.mark.req("G1", "G2")
@pytest.mark.parametrize(
    ("start", "told", "in_english"),
    [
        (
            "2026-10-10T09:10",
            "10月10日（周六）为调休工作日，工作时间08:30至12:00、14:00至17:30",
            "Sat 10 Oct is a working day, 08:30–12:00 and 14:00–17:30",
        ),
        (
            "2026-09-20T10:00",
            "9月20日（周日）为调休工作日，工作时间08:30至12:00、14:00至17:30",
            "Sun 20 Sep is a working day, 08:30–12:00 and 14:00–17:30",
        ),
    ],
)
def test_a_make_up_day_is_told_where_its_weekday_is_worked_with_other_hours(
    start: str, told: str, in_english: str
) -> None:
    deadline = deadline_for(HALF_A_DAY, at(start), WORKS_AT_WEEKENDS)
    assert explain(deadline, WORKS_AT_WEEKENDS, "zh-CN")[1:-1] == (told,)
    assert explain(deadline, WORKS_AT_WEEKENDS)[1:-1] == (in_english,)


@pytest.mark.req("G1", "G2")
def test_a_make_up_day_with_the_hours_of_its_weekday_is_nothing_to_tell() -> None:
    every_day = calendar_for("Asia/Shanghai", windows=dict.fromkeys(range(7), OFFICE_WEEK[0]))
    told = explain(deadline_for(HALF_A_DAY, at("2026-10-10T09:10"), every_day), every_day, "zh-CN")
    assert "调休" not in "".join(told)
    plain = explain(deadline_for(HALF_A_DAY, at("2026-10-17T09:10"), WORKS_AT_WEEKENDS), CHINA, "zh-CN")
    assert "调休" not in "".join(plain), "an ordinary Saturday of theirs"


@pytest.mark.req("B11", "G4", "G5")
def test_days_before_an_agreed_or_granted_time_are_not_told_as_skipped_for_nothing_was_counted_there() -> (
    None
):
    agreed = deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA, appointment=at("2026-03-17T19:00"))
    assert not any("Sat 14 Mar" in sentence for sentence in explain(agreed, CHINA))
    paused = Pause(at("2026-03-12T08:30"), at("2026-03-13T17:30"), "waiting_for_parts")
    granted = deadline_for(
        FIVE_DAYS,
        at("2026-03-02T09:10"),
        CHINA,
        extended_at=at("2026-03-09T10:00"),
        extended_to=at("2026-03-13T12:00"),
        pauses=[paused],
    )
    assert explain(granted, CHINA)[1:-1] == (
        "skipped: Sat 7 Mar–Sun 8 Mar",
        "paused from Thu 12 Mar 2026 08:30 to Fri 13 Mar 2026 17:30 (waiting for parts)",
        "extended by the manager to Fri 13 Mar 2026 12:00",
        "skipped: Sat 14 Mar–Sun 15 Mar",
        "so now due Tue 17 Mar 2026 12:00",
    )


@pytest.mark.req("G15", "G9", "G2")
def test_a_share_of_the_limit_is_told_with_the_whole_and_its_reason() -> None:
    eight_hours = rule(Limit(8, Unit.HOURS), "S2", "C11")
    cared = deadline_for(eight_hours, at("2026-03-02T09:10"), CHINA, care=0.5)
    assert explain(cared, CHINA) == (
        "the rule gives 8 hours, halved because the resident needs care: 4 hours",
        "4 hours from Mon 2 Mar 2026 09:10, so by Mon 2 Mar 13:10",
        "S2 concierge, C11",
    )
    both = deadline_for(eight_hours, at("2026-03-02T09:10"), CHINA, care=0.5, share=0.3)
    assert explain(both, CHINA, "zh-CN")[0] == "规定时限8小时，因重办减至30%，又因住户需要关照减半，为1.2小时"


@pytest.mark.req("E8", "G15")
def test_a_resident_is_told_of_a_return_and_not_labelled_as_one_who_needs_care() -> None:
    eight_hours = rule(Limit(8, Unit.HOURS), "S2", "C11")
    cared = deadline_for(eight_hours, at("2026-03-02T09:10"), CHINA, care=0.5)
    assert len(explain(cared, CHINA, sourced=False)) == 1
    both = deadline_for(eight_hours, at("2026-03-02T09:10"), CHINA, care=0.5, share=0.5)
    assert explain(both, CHINA, "zh-CN", sourced=False)[0] == "规定时限4小时，因重办减半，为2小时"


@pytest.mark.req("G1", "B7")
def test_what_was_promised_first_is_told_beside_what_the_amended_calendar_gives() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-11-18T09:10"), CHINA)
    closed = replace(CHINA, amendments={date(2026, 11, 24): Amendment((), "停电检修")})
    assert explain(replanned(deadline, closed), closed, "zh-CN") == (
        "自2026年11月18日（周三）09:10起5个工作日（当日不计），即11月26日（周四）下班前",
        "跳过：11月21日（周六）至11月22日（周日）",
        "本小区自定休息：11月24日（周二）（停电检修）",
        "最初承诺2026年11月25日（周三）17:30前",
        "依据：S1《投诉处理措施》，C2",
    )
    assert "first promised by Wed 25 Nov 2026 17:30" in explain(replanned(deadline, closed), closed)


@pytest.mark.req("G15")
@pytest.mark.parametrize(
    ("start", "told"),
    [
        (
            "2026-11-23T16:30",
            "自2026年11月23日（周一）16:30起1个工作日（当日计入），即11月23日（周一）下班前",
        ),
        ("2026-11-23T18:00", "自2026年11月23日（周一）18:00起1个工作日，即11月24日（周二）下班前"),
        ("2026-11-22T09:00", "自2026年11月22日（周日）09:00起1个工作日，即11月23日（周一）下班前"),
    ],
)
def test_a_day_counted_to_its_end_says_whether_the_day_of_the_start_is_the_first(
    start: str, told: str
) -> None:
    limit = Limit(1, Unit.WORKING_DAYS, CountFrom.END_OF_DAY, around_the_clock=False)
    assert explain(deadline_for(rule(limit), at(start), CHINA), CHINA, "zh-CN")[0] == told


def test_festivals_that_lie_over_the_end_of_a_month_and_together() -> None:
    start = at("2020-09-30T09:00")
    assert explain(deadline_for(FIVE_DAYS, start, CHINA), CHINA)[1] == (
        "skipped: Mid-Autumn Festival and National Day 1–8 Oct, Sun 11 Oct"
    )
    spring = explain(deadline_for(FIVE_DAYS, at("2025-01-26T09:00"), CHINA), CHINA)[1]
    assert spring == "skipped: Spring Festival 28 Jan–4 Feb"


def test_a_reason_is_about_the_calendar_of_its_time_whatever_has_changed_since() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-09-30T09:10"), CHINA)
    changed = calendar_for("Asia/Shanghai", windows=dict.fromkeys(range(7), OFFICE_WEEK[0]))
    assert explain(deadline, changed) == explain(deadline, CHINA)


def test_our_own_choices_are_named_as_ours() -> None:
    deadline = deadline_for(rule(Limit(2, Unit.HOURS), "ours", "B3"), at("2026-03-02T09:10"), CHINA)
    assert explain(deadline, CHINA)[-1] == "our own rule, B3"
    assert explain(deadline, CHINA, "zh-CN")[-1] == "依据：本公司自定，B3"


@pytest.mark.req("G2")
def test_a_choice_of_ours_is_told_with_its_reason_in_both_languages() -> None:
    pack = RegulationFiles().get("S1")
    ours = pack.rule("ours-sign")
    assert ours is not None
    deadline = deadline_for(ours, at("2026-03-02T09:10"), CHINA)
    assert explain(deadline, CHINA, regulation=pack)[-1] == f"our own rule, B3: {ours.why}"
    told = explain(deadline, CHINA, "zh-CN", regulation=pack)[-1]
    assert told == f"依据：本公司自定，B3。理由：{ours.why_zh}"
    seed = next(rule for rule in pack.rules if rule.source == "S1")
    of_the_seed = deadline_for(seed, at("2026-03-02T09:10"), CHINA)
    assert explain(of_the_seed, CHINA, "zh-CN", regulation=pack)[-1] == "依据：S1《投诉处理措施》，C2"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="there are en, zh-CN"):
        explain(deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA), CHINA, "fr")
