"""Whoever has to mend what came back is told what was wrong with it (C17, D7, G2)."""

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.follow_up import Fault, Rating
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.templates import fits_one_part
from chalicelib.services.views.link_view import link_view
from chalicelib.services.views.staff_view import case_view
from chalicelib.services.views.work_view import WorkView
from tests.browser import HANDLER, Browser, completed, link, text
from tests.builders import MANAGER, RESIDENT, SUPERVISOR, Office
from tests.cases import with_fields
from tests.notice_samples import NOON, a_case, a_notice, every_matter, mail, sms
from tests.words import WORDS, texts

FAULT = "锁芯装反，门把手松动"


def come_back(desk: Office, fault: str | None = FAULT, note: str | None = "锁又卡") -> Case:
    form = RevisitForm(RevisitOutcome.DISSATISFIED, "phone", note, fault=fault)
    case = desk.do(completed(desk), "record_revisit", MANAGER, form)
    assert case.round == 2
    return case


@pytest.mark.req("C17", "D7")
def test_the_fault_stands_in_the_history_and_on_the_page_of_whoever_mends_it(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(come_back(desk), "assign", SUPERVISOR, AssignForm(HANDLER.id, "值班"))
    work = text(browser.get(link(desk, case, Purpose.WORK)))
    assert f"为什么重办 回访发现问题 · {FAULT}" in work
    browser.sign_in("supervisor-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert f"重新处理的原因 回访发现问题 · {FAULT}" in page
    history = page.partition("全部经过")[2]
    assert f"发现的问题 {FAULT}" in history
    assert "锁又卡" in history
    track = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert FAULT not in track


@pytest.mark.req("D7")
def test_a_rating_without_a_word_says_at_least_how_it_was_rated(browser: Browser, desk: Office) -> None:
    case = desk.do(completed(desk), "rate", RESIDENT, RateForm(2))
    assert (case.follow_up.returned_by, case.follow_up.returned_because) == ("rating", None)
    case = desk.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "值班"))
    assert "为什么重办 评价不满意 · 不满意" in text(browser.get(link(desk, case, Purpose.WORK)))


@pytest.mark.req("C17", "E8")
def test_the_case_itself_tells_staff_and_the_work_link_but_not_the_resident(desk: Office) -> None:
    case = desk.do(come_back(desk), "assign", SUPERVISOR, AssignForm(HANDLER.id, "值班"))
    context, now = desk.desk.context_of(case), desk.desk.now()
    member = Member("manager-1", "", Role.MANAGER, (), context.community)
    staff = case_view(case, member, context, now, WORDS.get("zh-CN"))
    assert (staff.returned_by, staff.returned_because, staff.fault) == ("revisit", FAULT, FAULT)
    work, track = (
        link_view(case, link_for(case, link, 14), context, now, WORDS.get("zh-CN"))
        for link in (Purpose.WORK, Purpose.TRACK)
    )
    assert isinstance(work, WorkView)
    assert (work.returned_by, work.returned_because) == ("revisit", FAULT)
    assert FAULT not in str(track)


def returned(by: str = "revisit", because: str | None = FAULT) -> Case:
    fault = Fault(because, "engineering-1") if by == "revisit" else None
    return with_fields(
        a_case(unit="3-1201"),
        round=2,
        returned_by=by,
        returned_because=because,
        fault=fault,
    )


@pytest.mark.req("C17", "D7", "B3")
def test_the_dispatch_of_the_next_round_says_what_has_to_be_put_right() -> None:
    assert "，锁芯装反，门把手松动，请" in sms(a_notice(NoticeKind.ASSIGNED), returned(), "https://suda.cn")
    assert sms(a_notice(NoticeKind.ASSIGNED), returned(), "https://suda.cn").startswith("【诉达】重办")
    letter = mail(a_notice(NoticeKind.ASSIGNED), returned()).body
    assert f"上次没有解决好，第2次办理：回访发现问题：{FAULT}" in letter
    assert "重办" not in sms(a_notice(NoticeKind.ASSIGNED), a_case())
    assert "上次没有解决好" not in mail(a_notice(NoticeKind.ASSIGNED), a_case()).body


@pytest.mark.req("E8")
@pytest.mark.parametrize("by", ["rating", "resident"])
def test_what_a_resident_wrote_of_it_stands_in_no_sms(by: str) -> None:
    case = with_fields(
        returned(by, "漏得更厉害了"), ratings=(Rating(1, 1, False, "漏得更厉害了", None, NOON),)
    )
    for kind in (NoticeKind.ASSIGNED, NoticeKind.REVIEW):
        assert "漏得更厉害了" not in sms(a_notice(kind), case)
        assert "漏得更厉害了" in mail(a_notice(kind), case).body


@pytest.mark.req("D7")
def test_the_review_group_learns_that_it_is_one_and_why() -> None:
    letter = mail(a_notice(NoticeKind.REVIEW), returned()).body
    assert "您是本单专项复查小组成员" in letter
    assert f"重新处理的原因：回访发现问题：{FAULT}" in letter
    assert "专项复查" in sms(a_notice(NoticeKind.REVIEW), returned())


@pytest.mark.req("C17")
def test_a_fault_that_nobody_described_is_told_in_chinese(desk: Office) -> None:
    case = come_back(desk, fault=None, note=None)
    assert case.follow_up.fault is not None
    unsaid = with_fields(returned(because=None), fault=case.follow_up.fault)
    assert "：住户不满意，" in sms(a_notice(NoticeKind.FAULT), unsaid)
    assert "\n住户不满意\n" in mail(a_notice(NoticeKind.FAULT), unsaid).body


@pytest.mark.req("D7", "G9")
def test_every_cause_of_a_round_has_its_words() -> None:
    causes = set(texts().words["returns"])
    assert causes == {
        *("rating", "revisit", "resident", "word", "staff", "objection", "set_free"),
        "left",
        *("acceptance", "seen"),
    }


@pytest.mark.req("B3")
@pytest.mark.parametrize("matter", every_matter())
def test_the_sms_of_a_next_round_are_one_part(matter: str) -> None:
    case = with_fields(a_case(matter), round=2, returned_by="revisit", returned_because=FAULT * 3)
    for kind in (NoticeKind.ASSIGNED, NoticeKind.REVIEW):
        assert fits_one_part(sms(a_notice(kind), case))
