"""Times as reasons and messages tell them: to the minute, never later than they are (G2, A11)."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.deadlines.deadline import deadline_for, replanned
from chalicelib.domain.deadlines.opening_hours import windows_of
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.regulation.limits import CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Rule
from tests.builders import MONDAY
from tests.notice_samples import a_case, a_notice, mail, sms
from tests.stories import context
from tests.words import explain

PLACE = context()
DAY_AND_NIGHT = replace(PLACE.calendar, week={day: windows_of([("00:00", "24:00")]) for day in range(7)})


def rule(limit: Limit) -> Rule:
    return replace(PLACE.regulation.rules[0], limit=limit)


@pytest.mark.req("G2")
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "09:38起30分钟，即"), ("en", "09:38, so by")])
def test_reasons_are_told_to_the_minute_and_never_later_than_it_is(language: str, said: str) -> None:
    start = MONDAY + timedelta(minutes=38, seconds=53)
    deadline = deadline_for(rule(Limit(30, Unit.MINUTES)), start, PLACE.calendar)
    first = explain(deadline, PLACE.calendar, language)[0]
    assert said in first
    assert "10:08" in first
    assert ":53" not in first


@pytest.mark.req("G2", "G22")
def test_a_limit_of_seconds_is_told_with_them() -> None:
    start = MONDAY + timedelta(seconds=3)
    deadline = deadline_for(rule(Limit(20, Unit.SECONDS)), start, PLACE.calendar)
    assert "09:00:23" in explain(deadline, PLACE.calendar, "zh-CN")[0]


@pytest.mark.req("G2", "G4")
def test_what_differs_by_seconds_only_is_not_told_as_another_time() -> None:
    deadline = deadline_for(rule(Limit(30, Unit.MINUTES)), MONDAY, PLACE.calendar)
    moved = replanned(
        deadline,
        PLACE.calendar,
        replace(deadline.derivation, extended_to=deadline.due_at + timedelta(seconds=5)),
    )
    assert moved.due_at > deadline.due_at
    assert not [sentence for sentence in explain(moved, PLACE.calendar, "zh-CN") if "现期限" in sentence]


@pytest.mark.req("G2")
def test_what_ends_at_midnight_ends_on_the_day_before() -> None:
    start = datetime(2026, 9, 29, 1, 0, tzinfo=UTC)
    limit = Limit(1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, around_the_clock=False)
    deadline = deadline_for(rule(limit), start, DAY_AND_NIGHT)
    assert deadline.due_at == datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    assert "即9月30日（周三）24:00前" in explain(deadline, DAY_AND_NIGHT, "zh-CN")[0]
    assert explain(deadline, DAY_AND_NIGHT, "en")[0].endswith("so by Wed 30 Sep 24:00")


@pytest.mark.req("A11", "B3")
def test_messages_say_midnight_as_the_end_of_the_day() -> None:
    midnight = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    case = a_case(unit="3-1201", due=midnight)
    assert "24日24:00前" in sms(a_notice(NoticeKind.ASSIGNED), case, "https://suda.cn")
    assert "11月24日24:00前" in mail(a_notice(NoticeKind.ASSIGNED), case).body
    assert "2026年11月24日（周二）24:00" in mail(a_notice(NoticeKind.ASSIGNED), case).body
