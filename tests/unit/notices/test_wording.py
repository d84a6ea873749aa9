"""Short wordings stay true: what happened, by when, in which month, and whose number it is."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clocks import ExtensionRequest
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeChannel, NoticeKind
from chalicelib.domain.notices.templates import fits_one_part, length
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.notices.telling import UNREACHED
from chalicelib.services.views.notice_view import NoticeView
from chalicelib.web.notice_list import messages
from chalicelib.web.words import words
from tests.builders import regulations
from tests.cases import with_fields
from tests.notice_samples import (
    CODE,
    LOCAL,
    NOON,
    OWN_DOMAIN,
    SEALED,
    a_case,
    a_notice,
    every_notice,
    mail,
    pressing,
    sms,
)

LINK = f"{LOCAL}/l/{CODE}"
RESIDENTS_LINK = f"{LOCAL}/l/{SEALED}"
CHALICELIB = Path(__file__).parents[3] / "chalicelib"
ELSEWHERE = NOON + timedelta(days=19)
"""Noon on 12 December: another month than that of `NOON`, with two digits each."""
LONGEST = ("home_other", "lighting_lock", "move_card", "fire_lane")
"""Matters with the longest names, whole or short."""


@pytest.mark.req("A11", "A6")
def test_a_matter_of_several_things_is_not_called_by_the_first_of_them() -> None:
    """A smell of gas is no fire, a lock no lamp: a guard acts on what the message says."""
    for pack in regulations().ids():
        for matter in regulations().get(pack).sortable:
            name = matter.names["zh-CN"]
            first, _, others = name.partition("、")
            if others and matter.id != "seepage":  # whatever seeps leaks
                assert matter.short["zh-CN"] not in {first, name}, (pack, matter.id)
    for matter, first in {"fire": "火警", "lighting_lock": "灯", "medical": "急病", "crime": "治安"}.items():
        for notice in every_notice():
            text = sms(notice, a_case(matter))
            assert not re.search(rf"{first}(已受理|，|请|须|重新|约定|，请)", text), text


@pytest.mark.req("A11", "C5", "C8", "C10")
def test_whoever_waits_for_somebody_to_come_is_told_when() -> None:
    case = with_fields(replace(a_case("fire"), number="202611-0009"), pause=None)
    with_arrival = with_due(case, Clock.ON_SITE, minutes=10)
    text = sms(a_notice(NoticeKind.REGISTERED), with_arrival, LOCAL)
    assert text == f"【诉达】202611-0009火警或燃气已受理，12:10前到场 {RESIDENTS_LINK}"
    assert "12:10前到场，24日18:00前办结" in sms(a_notice(NoticeKind.REGISTERED), with_arrival, "http://s")
    assert "12:10前到场" in sms(a_notice(NoticeKind.REOPENED), with_arrival, LOCAL)
    assert (
        "11月23日12:10前到场。\n11月24日18:00前办结。"
        in mail(a_notice(NoticeKind.REGISTERED), with_arrival).body
    )
    there = with_fields(with_arrival, met={Clock.ON_SITE: NOON})
    assert "办结" in sms(a_notice(NoticeKind.REGISTERED), there, LOCAL)
    assert "到场" not in sms(a_notice(NoticeKind.REGISTERED), there, LOCAL)


def with_due(case: Case, clock: Clock, *, minutes: int) -> Case:
    due = replace(case.clocks.deadlines[clock], due_at=NOON + timedelta(minutes=minutes))
    return with_fields(case, deadlines={**case.clocks.deadlines, clock: due})


@pytest.mark.req("A11", "B7", "G5")
@pytest.mark.parametrize("matter", LONGEST)
def test_a_day_of_another_month_has_its_month_and_still_fits(matter: str) -> None:
    case = with_fields(
        a_case(matter, due=ELSEWHERE),
        appointment=ELSEWHERE,
        revisit_due_at=ELSEWHERE,
        extension_request=ExtensionRequest("engineering-1", ELSEWHERE, "等配件"),
    )
    for notice in every_notice():
        for shown in (case, with_fields(case, plan=None, classification=pressing(case))):
            text = sms(notice, shown, OWN_DOMAIN)
            assert fits_one_part(text), (length(text), text)
            assert not re.search(r"(?<!月)12日", text), text


@pytest.mark.req("G1", "B7")
def test_a_moved_deadline_reads_the_right_way_round() -> None:
    case = replace(a_case("seepage", due=ELSEWHERE), number="202611-0007")
    notice = a_notice(NoticeKind.REPLANNED, Clock.SOLVE)
    assert "，202611-0007办结时限由21日12:00改为12月12日12:00 " in sms(notice, case, "")
    assert "202611-0007改为12月12日12:00 " in sms(notice, case, OWN_DOMAIN)
    assert "的办结时限由11月21日12:00改为12月12日12:00。" in mail(notice, case).body
    for notice in every_notice():
        if notice.recipient == RESIDENT_ID:
            assert not re.search(r"(?<!-)\b0007号", sms(notice, case, LOCAL)), (
                "the resident's number is whole"
            )


@pytest.mark.req("C16", "G11")
def test_whoever_is_asked_for_a_price_is_told_by_when() -> None:
    case = with_due(a_case("home_other"), Clock.QUOTE, minutes=15)
    notice = a_notice(NoticeKind.PRICE_ASKED, Clock.QUOTE)
    assert "请12:15前报价" in sms(notice, case, LOCAL)


@pytest.mark.req("C17", "D4")
@pytest.mark.parametrize("matter", LONGEST)
def test_whoever_is_told_of_a_fault_learns_by_when_it_is_mended(matter: str) -> None:
    for due in (NOON + timedelta(hours=30), ELSEWHERE):
        case = with_fields(a_case(matter, due=due), pause=None)
        text = sms(a_notice(NoticeKind.FAULT), case)
        assert re.search(r"须(24日18:00|12月12日12:00)前整改 https://\S+$", text), text
        assert "接口处仍有水渗出" in mail(a_notice(NoticeKind.FAULT), case).body
    assert (
        "须11月24日18:00前整改"
        in mail(a_notice(NoticeKind.FAULT), with_fields(a_case(matter), pause=None)).body
    )


@pytest.mark.req("B6", "G3")
def test_what_has_just_run_out_is_not_late_by_seconds() -> None:
    case = a_case("seepage", unit="3-1201", due=NOON - timedelta(seconds=22))
    text = sms(a_notice(NoticeKind.OVERDUE, "on_site"), case, LOCAL)
    assert text == f"【诉达】超时：3-1201屋顶、墙面渗水，到场已到时限，请立即处理 {LINK}"


@pytest.mark.req("E2")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_why_a_message_did_not_leave_is_said_in_words(language: str) -> None:
    files = (
        "domain/notices/suppression.py",
        "domain/notices/changed_times.py",
        "services/notices/delivery.py",
    )
    written = "".join((CHALICELIB / path).read_text("utf-8") for path in files)
    codes = set(
        re.findall(
            r'(?:_unless\(.*|return |else |if case\.rating .*|skip\(stored, |str = )"([a-z_]+)"', written
        )
    )
    codes |= UNREACHED
    assert {"case_moved_on", "known_already", "no_address", "rated", "reassigned", "moved"} <= codes
    view = NoticeView(
        NoticeKind.PROPOSED, NoticeChannel.SMS, RESIDENT_ID, "王", NOON, "skipped", 0, None, None
    )
    for code in codes:
        (entry,) = messages([structs.replace(view, error=code)], "Asia/Shanghai", words(language))
        assert entry.details[0][1].endswith(words(language).groups["why_not_sent"][code])
