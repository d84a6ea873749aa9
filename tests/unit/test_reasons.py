"""What a manager reads about a deadline (G2)."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.domain.calendar import Amendment, Window
from chalicelib.domain.deadlines import Pause, deadline_for
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.reasons import explain
from chalicelib.domain.regulation import Appointment, Clock, CountFrom, Limit, Rule, Unit

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
        "5 working days from Wed 30 Sep 2026 09:10, so by the end of Tue 13 Oct; "
        "skipped: National Day 1–7 Oct, Sun 11 Oct; Sat 10 Oct is a working day; S1 service measures, C2"
    )
    assert "；".join(explain(deadline, CHINA, "zh-CN")) == (
        "自2026年9月30日（周三）09:10起5个工作日，即10月13日（周二）下班前；"
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
            "2.5 working days from Mon 2 Mar 2026 09:00, so by Thu 5 Mar 12:00",
            "自2026年3月2日（周一）09:00起2.5个工作日，即3月5日（周四）12:00前",
        ),
    ],
)
def test_amounts(timed: Rule, start: str, english: str, chinese: str) -> None:
    deadline = deadline_for(timed, at(start), CHINA)
    assert explain(deadline, CHINA)[0] == english
    assert explain(deadline, CHINA, "zh-CN")[0] == chinese


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
    assert explain(deadline, CHINA)[1:] == (
        "skipped: Sat 7 Mar–Sun 8 Mar",
        "this round has 50% of the limit, because the case came back",
        "paused from Wed 4 Mar 2026 09:00 to Wed 4 Mar 2026 11:00 (waiting for parts)",
        "extended by the manager to Tue 10 Mar 2026 15:00",
        "so now due Tue 10 Mar 2026 15:00",
        "S1 service measures, C2",
    )
    assert explain(deadline, CHINA, "zh-CN")[1:] == (
        "跳过：3月7日（周六）至3月8日（周日）",
        "因返工，本轮时限为原时限的50%",
        "2026年3月4日（周三）09:00至2026年3月4日（周三）11:00暂停计时（等待配件）",
        "经理批准延期至2026年3月10日（周二）15:00",
        "现期限为2026年3月10日（周二）15:00",
        "依据：S1《投诉处理措施》，C2",
    )


@pytest.mark.req("B11")
def test_an_appointment_is_told() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA, appointment=at("2026-03-05T19:00"))
    assert "appointment agreed for Thu 5 Mar 2026 19:00" in explain(deadline, CHINA)
    assert "已与业主约定2026年3月5日（周四）19:00" in explain(deadline, CHINA, "zh-CN")


@pytest.mark.req("G1")
def test_a_provisional_deadline_says_why() -> None:
    deadline = deadline_for(FIVE_DAYS, at("2026-12-28T09:10"), CHINA)
    assert explain(deadline, CHINA)[-2:] == (
        "provisional: the holidays after 31 Dec 2026 are not published yet",
        "S1 service measures, C2",
    )
    assert "暂定：2026年12月31日以后的放假安排尚未公布" in explain(deadline, CHINA, "zh-CN")


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
    reasons = explain(deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), calendar), calendar)
    assert reasons[1:4] == (
        "skipped: 停电检修 4 Mar, Sun 8 Mar",
        "Thu 5 Mar has other hours: 年检",
        "Sat 7 Mar is a working day",
    )


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


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="there are en, zh-CN"):
        explain(deadline_for(FIVE_DAYS, at("2026-03-02T09:10"), CHINA), CHINA, "fr")
