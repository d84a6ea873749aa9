"""The pages over the fakes, as a browser without JavaScript uses them."""

import re
import subprocess
import sys
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from chalice.app import Request
from chalice.test import HTTPResponse
from msgspec.structs import replace

import app
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.intake.call_forms import CallBackForm
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.work.cost_forms import CostForm
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.domain.work.resident_forms import DeliveryForm
from chalicelib.services.proof import sealed
from chalicelib.web.rendering import root_of
from tests.browser import (
    BASE,
    FORM,
    HANDLER,
    HEAD,
    REPORT,
    Browser,
    Form,
    assigned,
    completed,
    html,
    link,
    text,
)
from tests.builders import AGENT, MONDAY, RESIDENT, SUPERVISOR, Office
from tests.content import drawn
from tests.fakes.identity import FakeIdentity

CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.req("A11")
def test_a_report_gets_its_number_deadline_and_link_at_once(browser: Browser) -> None:
    page = browser.get("/c/riverside")
    assert "../c/riverside" in Form(html(page)).forms
    receipt = browser.follow(browser.post("../c/riverside", REPORT))
    said = text(receipt)
    assert "202611-0001" in said
    assert "2026年11月25日（周三）09:00 北京时间" in said
    address = re.search(rf"{BASE}(/l/\w{{10}})", said)
    assert address
    assert "走廊的灯不亮" in text(browser.get(address[1]))


@pytest.mark.req("A11", "A4")
def test_a_form_sent_twice_is_one_case(browser: Browser, desk: Office) -> None:
    drawn = Form(html(browser.get("/c/riverside"))).forms["../c/riverside"]
    typed = {"once": drawn["once"], **REPORT}
    first = browser.post("/c/riverside", typed)
    desk.clock.advance(timedelta(hours=5))
    second = browser.post("/c/riverside", typed)
    assert first.headers["Location"] == second.headers["Location"]
    register = desk.desk.cases.register("riverside", "202611", 10, None)
    assert [item.number for item in register.items] == ["202611-0001"]


@pytest.mark.req("A4")
@pytest.mark.parametrize("other", [{"text": "电梯也坏了"}, {"phone": "13900001235"}, {}])
def test_other_words_another_person_or_a_later_time_is_a_report_of_its_own(
    browser: Browser, desk: Office, other: dict[str, str]
) -> None:
    browser.post("/c/riverside", REPORT)
    if not other:
        desk.clock.advance(timedelta(minutes=10))
    browser.post("/c/riverside", {**REPORT, **other})
    assert len(desk.desk.cases.register("riverside", "202611", 10, None).items) == 2


@pytest.mark.req("A7")
def test_the_kind_and_the_matter_are_chosen_in_sight(browser: Browser) -> None:
    page = html(browser.get("/c/riverside"))
    plain = page[: page.index("<details")]
    for words in (
        'name="kind"',
        '<option value="">不确定',
        '<option value="">不确定（由客服核实分类）',
        '<optgroup label="设施">',
        '<option value="home_other">其他室内维修',
        "119",
    ):
        assert words in plain
    assert plain.index('<optgroup label="设施">') < plain.index('value="home_other"')
    again = html(browser.post("/c/riverside", {**REPORT, "matter": "home_other", "unit": ""}))
    assert '<option value="home_other" selected>' in again


def test_a_report_that_cannot_be_taken_is_shown_again_as_it_was_typed(browser: Browser, desk: Office) -> None:
    page = browser.post("/c/riverside", {**REPORT, "unit": " ", "phone": "12", "once": "k1"})
    assert page.status_code == 400
    assert "请填写“房号”。" in text(page)
    assert "“联系电话”不像是能打通的号码" in text(page)
    assert "走廊的灯不亮" in html(page)
    nobody = browser.post("/c/riverside", {**REPORT, "phone": ""})
    assert "请留手机号或电子邮箱" in text(nobody)
    assert not desk.desk.cases.register("riverside", "202611", 10, None).items


@pytest.mark.req("A3")
def test_marks_emoji_and_traditional_chinese_are_shown_as_they_were_written(browser: Browser) -> None:
    wild = '<script>alert(1)</script>\n😀👨‍👩‍👧 臺灣電梯 𠮷 & "quotes" {{ 7*7 }}'
    browser.sign_in("agent-1")
    browser.post("/c/riverside", {**REPORT, "text": wild, "name": "<b>王</b>", "once": "k1"})
    page = browser.get("/desk/riverside/cases/202611-0001")
    assert "<script>" not in html(page)
    assert "<b>王" not in html(page)
    assert wild in unescape(html(page))
    assert "<script>" not in html(browser.get("/desk/riverside"))


@pytest.mark.req("E5", "B8")
def test_the_resident_reads_what_happened_and_what_can_be_done(browser: Browser, desk: Office) -> None:
    receipt = desk.register(matter="lighting_lock", kind="repair")
    case = desk.do(receipt.case, "assign", SUPERVISOR, AssignForm("engineering-1", "只有同事看"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    desk.do(case, "propose", HEAD, ProposeForm("灯管老化", "更换灯管", 3550))
    page = browser.get(f"/l/{receipt.track_code}")
    said = text(page)
    for words in ("方案待您同意", "更换灯管", "35.50 元", "工程部甲已签收", "依据"):
        assert words in said
    for words in ("只有同事看", "engineering-1", "agent", "+86"):
        assert words not in html(page)
    answered = browser.post(f"/l/{receipt.track_code}/agree", {"note": "好的", "once": "a"})
    assert "“同意方案”已记录。" in text(browser.follow(answered))
    assert desk.case(case).state is State.WORKING


@pytest.mark.req("B2")
def test_the_handler_signs_works_and_completes_on_the_page_of_the_link(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    address = link(desk, case, Purpose.WORK)
    page = browser.get(address)
    for words in ("走廊", "3-1201", "tel:+8613900001234", "签收", "退单"):
        assert words in html(page)
    assert "/complete" not in html(page)
    signed = browser.follow(browser.post(f"{address}/sign", {"signature": "工程部甲", "once": "s"}))
    assert "“签收”已记录。" in text(signed)
    done = browser.follow(browser.post(f"{address}/complete", {"result": "已换好", "once": "c"}))
    assert done.status_code == 200
    assert "等待工程部负责人签字" in text(done)
    assert desk.case(case).work.sign_off.waiting is not None
    # The same form sent again, as by a second tap, finds what became of the first.
    assert browser.post(f"{address}/complete", {"result": "已换好", "once": "c"}).status_code == 303


@pytest.mark.req("B2")
def test_who_comes_second_is_told_who_signed_and_keeps_what_was_typed(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    address = link(desk, case, Purpose.WORK)
    desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    page = browser.post(f"{address}/decline", {"reason": "我这里忙不过来", "once": "d"})
    assert page.status_code == 409
    said = text(page)
    assert "现在不能“退单”：工单是“已签收”，已由工程部甲签收。" in said
    assert "您现在可以：到场、开工、提出方案" in said
    assert "我这里忙不过来" in html(page)


@pytest.mark.req("G8", "D1")
def test_looking_at_the_survey_never_votes_and_one_answer_is_enough(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    address = link(desk, case, Purpose.RATE)
    for _ in range(3):
        assert browser.get(address).status_code == 200
    assert browser.get(f"{address}/rate?score=1").status_code == 303
    assert desk.case(case).tally.ratings == ()
    nothing = browser.post(f"{address}/rate", {"once": "r"})
    assert "请填写“满意吗？”。" in text(nothing)
    answer = {"score": "5", "comment": "很快 👍", "once": "r"}
    thanks = browser.follow(browser.post(f"{address}/rate", answer))
    assert "已收到您的评价" in text(thanks)
    assert [rating.score for rating in desk.case(case).tally.ratings] == [5]
    # A second tap on the button is the same answer; a second answer is not taken.
    assert browser.post(f"{address}/rate", answer).status_code == 303
    again = browser.post(f"{address}/rate", {"score": "1", "once": "other"})
    assert again.status_code == 410
    assert "已评价过了" in text(again)
    assert [rating.score for rating in desk.case(case).tally.ratings] == [5]


@pytest.mark.req("G8", "D1")
def test_the_link_of_a_message_thanks_and_ends_as_one_of_the_desk(browser: Browser, desk: Office) -> None:
    """Behind the code of a message stands the seal of the number that it was sent to."""
    case = completed(desk)
    assert case.report.phone
    code = link(desk, case, Purpose.RATE).removeprefix("/l/")
    address = f"/l/{sealed(desk.desk, code, case.report.phone)}"
    thanks = browser.follow(browser.post(f"{address}/rate", {"score": "5", "once": "r"}))
    assert thanks.status_code == 200
    assert "已收到您的评价" in text(thanks)
    assert browser.get(address).status_code == 410


@pytest.mark.req("G8")
def test_a_link_that_has_ended_says_so_kindly(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    address = link(desk, case, Purpose.WORK)
    desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    gone = browser.get(address)
    assert gone.status_code == 410
    assert "已不由您负责" in text(gone)
    track = link(desk, case, Purpose.TRACK)
    desk.clock.advance(timedelta(days=400))
    expired = browser.get(track)
    assert (expired.status_code, "此链接已过期" in text(expired)) == (410, True)
    unknown = browser.get("/l/abcdefghjk")
    assert (unknown.status_code, "没有找到这个页面" in text(unknown)) == (404, True)


def test_a_link_gives_only_the_commands_of_its_purpose(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    for command in ("sign", "complete", "rate", "assign", "nonsense"):
        assert (
            browser.post(f"{link(desk, case, Purpose.TRACK)}/{command}", {"signature": "x"}).status_code
            == 404
        )
    assert desk.case(case).version == case.version


@pytest.mark.req("E8")
def test_staff_sign_in_see_their_work_and_sign_out(browser: Browser, desk: Office) -> None:
    assigned(desk, actor=AGENT)
    asked = browser.get("/desk/riverside")
    assert asked.status_code == 401
    assert Form(html(asked)).forms["../desk"]["next"] == "desk/riverside"
    wrong = browser.post("/desk", {"username": "agent-1", "password": "guess", "next": "desk/riverside"})
    assert (wrong.status_code, "用户名、密码或动态验证码不对" in text(wrong)) == (401, True)
    right = {"username": "agent-1", "password": FakeIdentity.PASSWORD, "next": "desk/riverside"}
    signed = browser.post("/desk", right)
    for name, cookie in zip(("session", "renewal"), signed.headers["Set-Cookie"], strict=True):
        assert cookie.startswith(f"__Host-{name}=")
        assert cookie.endswith("; Path=/; Max-Age=36000; HttpOnly; SameSite=Lax; Secure")
    mine = browser.follow(signed)
    assert "202611-0001" in text(mine)
    assert "安佳（客服）" in text(mine)
    assert "灯、锁、小部件" in text(browser.get("/desk/riverside?list=register&month=2026-11"))
    fields = Form(html(mine)).forms["../desk/sign-out"]
    assert browser.post("/desk/sign-out", fields).status_code == 303
    assert browser.get("/desk/riverside").status_code == 401


@pytest.mark.parametrize(
    "after", ["https://evil.example", "//evil.example", "desk/../../x", "desk/a\nb", "c/riverside"]
)
def test_a_sign_in_leads_nowhere_but_to_the_desk(browser: Browser, after: str) -> None:
    typed = {"username": "agent-1", "password": FakeIdentity.PASSWORD, "next": after}
    assert browser.post("/desk", typed).headers["Location"] == "./desk"


def test_a_form_without_its_token_is_refused(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    address = f"/desk/riverside/cases/{case.number}/escalate"
    page = browser.post(address, {"reason": "催", "once": "x"})
    assert (page.status_code, "没有提交" in text(page)) == (403, True)
    other = browser.post(address, {"reason": "催", "csrf": "0" * 40})
    assert other.status_code == 403
    elsewhere = browser.post("/c/riverside", REPORT, **{"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert desk.case(case).version == case.version


def test_a_form_sent_again_with_other_words_is_not_silently_taken(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    where = f"/desk/riverside/cases/{case.number}"
    fields = Form(html(browser.get(f"{where}?act=escalate"))).forms[f"../../..{where}/escalate"]
    assert browser.post(f"{where}/escalate", {**fields, "reason": "催一下"}).status_code == 303
    other = browser.post(f"{where}/escalate", {**fields, "reason": "再催一下"})
    assert (other.status_code, "之前已用别的内容提交" in text(other)) == (409, True)
    fresh = Form(html(other)).forms[f"../../../..{where}/escalate"]
    assert fresh["once"] != fields["once"]
    assert browser.post(f"{where}/escalate", {**fresh, "reason": "再催一下"}).status_code == 303


def test_staff_see_what_was_sent_and_the_resident_does_not(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    notice = desk.stores.notices.of_case(case.community, case.number)[0]
    assert desk.stores.notices.claim(notice, desk.clock())
    desk.stores.notices.release(replace(notice, attempts=1), "OptedOut", final=True)
    track = browser.get(link(desk, case, Purpose.TRACK))
    assert "发送失败" not in html(track)
    browser.sign_in("supervisor-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "通知记录" in page
    assert "发送失败：OptedOut" in page


def test_a_form_drawn_before_the_case_changed_is_shown_again_over_what_is_new(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    where = f"/desk/riverside/cases/{case.number}"
    fields = Form(html(browser.get(f"{where}?act=assign"))).forms[f"../../..{where}/assign"]
    desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    typed = {**fields, "handler": "engineering-2", "reason": "换人"}
    page = browser.post(f"{where}/assign", typed)
    assert (page.status_code, "又有了新情况" in text(page), "换人" in html(page)) == (409, True, True)
    assert desk.case(case).assignment.handler == "engineering-1"
    fresh = Form(html(page)).forms[f"../../../..{where}/assign"]
    again = browser.post(f"{where}/assign", {**fresh, "handler": "engineering-2", "reason": "换人"})
    assert again.status_code == 303
    assert desk.case(case).assignment.handler == "engineering-2"


@pytest.mark.req("E8")
def test_who_may_not_see_a_case_finds_no_page(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    for username, status in (
        ("engineering-2", 404),
        ("committee-1", 403),
        ("h-agent-1", 404),
        ("engineering-1", 200),
    ):
        browser.cookie = ""
        browser.sign_in(username)
        assert browser.get(f"/desk/riverside/cases/{case.number}").status_code == status, username


@pytest.mark.req("E4", "G17")
def test_the_committee_reads_figures_and_nobody_s_name(browser: Browser, desk: Office) -> None:
    assigned(desk)
    browser.sign_in("committee-1")
    page = browser.follow(browser.get("/desk/riverside"))
    assert "2026年11月统计" in text(page)
    assert "王芳" not in html(page)
    assert "工程部甲" not in html(page)
    for month in ("nonsense", "2026-13"):
        none = browser.get(f"/desk/riverside/figures?month={month}")
        assert (none.status_code, f"没有“{month}”这个月份" in text(none)) == (400, True)
        assert "下面是2026年11月的统计" in text(none)


@pytest.mark.req("A1", "A9")
def test_an_agent_takes_a_call_down(browser: Browser, desk: Office) -> None:
    browser.sign_in("agent-1")
    fields = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]
    call = {
        **fields,
        **REPORT,
        "phone": "",
        "channel": "hotline_operator",
        "contacted_at": "2026-11-23T08:50",
    }
    page = browser.follow(
        browser.post("/desk/riverside/new", {key: value for key, value in call.items() if "?" not in key})
    )
    assert "已登记" in text(page)
    assert "热线人工" in text(page)
    case = desk.desk.cases.get("riverside", "202611-0001")
    assert (case.report.taken_by, case.answerable) == ("agent-1", "agent-1")


AGREED_TO = ("assign", "sign", "propose", "agree")
"""A price of the list that the resident has agreed to."""
DONE_FOR_IT = (*AGREED_TO, "compare_item", "complete", "sign_off_result")
"""The work that was agreed to is done."""
COSTED = ("assign", "sign", "state_payer", "record_cost", "complete", "sign_off_result")
"""The developer pays for work that is done, and what it cost is written."""
STEPS = {
    "give_up_call_back": ("call_in_vain",),
    "sign": ("assign",),
    "decline": ("assign",),
    "arrive": ("assign", "sign"),
    "start": ("assign", "sign"),
    "report_cause": ("assign", "sign"),
    "declare_charge": ("assign",),
    "state_payer": ("assign",),
    "propose": ("assign", "sign"),
    "agree": ("assign", "sign", "propose"),
    "disagree": ("assign", "sign", "propose"),
    "record_agreement": ("assign", "sign", "propose"),
    "record_refusal": ("assign", "sign", "propose"),
    "sign_agreement": ("assign", "sign", "propose"),
    "refuse_on_site": ("assign", "sign", "propose"),
    "return_key": ("take_key",),
    "compare_item": ("assign", "sign"),
    "use_material": ("assign", "sign"),
    "bill": DONE_FOR_IT,
    "record_payment": (*DONE_FOR_IT, "bill"),
    "give_back": (*DONE_FOR_IT, "bill", "record_payment", "state_payer"),
    "sign_account": (*DONE_FOR_IT, "bill", "record_payment"),
    "record_cost": ("assign", "sign", "state_payer"),
    "price_cost": ("assign", "sign", "state_payer", "cost_on_no_list"),
    "strike_cost": ("assign", "sign", "state_payer", "record_cost"),
    "claim_cost": COSTED,
    "record_claim_payment": (*COSTED, "claim_cost"),
    "withdraw_claim": (*COSTED, "claim_cost"),
    "refuse_payment": (*DONE_FOR_IT, "bill"),
    "sign_refusal": ("assign", "sign", "propose", "refuse_on_site"),
    "propose_appointment": ("assign",),
    "accept_appointment": ("assign", "propose_appointment"),
    "decline_appointment": ("assign", "propose_appointment"),
    "agree_appointment": ("assign",),
    "progress": ("assign", "sign"),
    "answer": ("assign",),
    "pause": ("assign", "sign"),
    "resume": ("assign", "sign", "pause"),
    "request_extension": ("assign", "sign"),
    "grant_extension": ("assign", "sign", "request_extension"),
    "refuse_extension": ("assign", "sign", "request_extension"),
    "complete": ("assign", "sign"),
    **dict.fromkeys(("sign_off_result", "return_result"), ("assign", "sign", "complete")),
    **dict.fromkeys(("confirm_plan", "return_plan"), ("assign", "sign", "propose")),
    "plan_measure": ("assign", "sign"),
    "finish_measure": ("assign", "sign", "plan_measure"),
    "rate": ("assign", "sign", "complete", "sign_off_result"),
    **dict.fromkeys(
        ("accept_work", "refuse_work", "record_refused_work", "nobody_home", "set_acceptance_day"),
        ("assign", "sign", "complete", "sign_off_result"),
    ),
    **dict.fromkeys(
        ("accept_common_work", "refuse_common_work"), ("assign", "sign", "complete", "sign_off_result")
    ),
    "give_up_acceptance": ("assign", "sign", "complete", "sign_off_result", "record_revisit", "close"),
    "record_revisit": ("assign", "sign", "complete", "sign_off_result"),
    "notify_worker": ("assign", "sign", "complete", "sign_off_result", "find_fault"),
    "ask_again": ("assign", "sign", "complete", "sign_off_result", "be_satisfied"),
    "reopen": ("assign", "sign", "complete", "sign_off_result"),
    "close": ("assign", "sign", "complete", "sign_off_result", "record_revisit"),
    "archive": ("assign", "sign", "complete", "sign_off_result", "be_satisfied"),
    "answer_point": ("assign", "sign", "complete", "sign_off_result", "raise_a_point"),
    "draft_reply": ("assign",),
    **dict.fromkeys(("approve_reply", "return_reply", "waive_reply"), ("assign", "draft_reply")),
    "post_reply": ("assign", "draft_reply", "approve_reply", "lose_reply"),
    "file_report": ("classify", "assign", "sign"),
    "object": ("reject",),
    "record_objection": ("reject",),
    "record_return": ("assign", "sign", "complete", "sign_off_result"),
    "uphold": ("reject", "record_objection"),
    "escalate": ("assign",),
    "confirm_malicious": ("propose_malicious",),
    "dismiss_malicious": ("propose_malicious",),
    "appeal": ("propose_malicious", "confirm_malicious"),
    "record_appeal": ("propose_malicious", "confirm_malicious"),
    "decide_appeal": ("propose_malicious", "confirm_malicious", "appeal"),
    "tell_incident": ("open_incident", "wait"),
    "dissolve_incident": ("open_incident",),
    "join_incident": ("lead_elsewhere",),
    "leave_incident": ("lead_elsewhere", "join_incident"),
}
"""What has to have happened to an ordinary repair before a command; nothing for those that are not here."""
CONTENT = RevisitForm(RevisitOutcome.SATISFIED, "phone")
POINT_RAISED = RevisitForm(RevisitOutcome.SATISFIED, "phone", points="门铃不响")
FAULT_FOUND = RevisitForm(RevisitOutcome.DISSATISFIED, "visit", fault="仍不亮")
TYPED = {
    "care_by": "",
    "care_on": "",
    "record_cost.price_item": "tap",
    **{f"record_cost.{name}": "" for name in ("of_material", "what", "labour_fen", "material_fen")},
    "record_cost.quantity": "1",
    **{f"price_cost.{name}": "80" for name in ("labour_fen", "material_fen")},
    **{f"{command}.line": "1" for command in ("price_cost", "strike_cost")},
    "claimed_fen": "80",
    "record_claim_payment.paid_fen": "80",
    "record_loss.amount_fen": "350.50",
    "accept_work.signature": drawn(),
    "accept_common_work.proved": "yes",
    "sign_agreement.signature": drawn(),
    "record_revisit.signature": "",
    "record_revisit.drawn": "",
    "proved": "",
    "again_at": "2026-11-24T09:00",
    "day": "2026-11-25",
    "due_on": "2026-11-25",
    "owner": "supervisor-1",
    "measure": "1",
    "identify.person": "engineering-2",
    "call_back.reached": "yes",
    "judge_classification.right": "no",
    "tell_incident.note": "备件已到",
    "fill_in.phone": "",
    "record_outside_call.dialled": "119",
    "text": "已说明",
    "add_words.text": "楼下也滴水",
    "handler": "engineering-1",
    "answer.given_at": "",
    "post_reply.given_at": "",
    "answer.entry": "3f9a2c41@2",
    "record_outside_call.called_at": "",
    "propose_malicious.until": "2026-12-20T09:00",
    "pause.until": "2026-11-24T09:00",
    "request_extension.until": "2026-11-26T09:00",
    "promised_until": "",
    "fault": "",
    "visit_at": "2026-11-23T15:00",
    "spoken_at": "2026-11-23T09:00",
    "outcome": "not_reached",
    "severity": "serious",
    "into": "202611-0001",
    "score": "5",
    "price_fen": "",
    "propose.price_item": "tap",
    "quantity": "1",
    "use_material.quantity": "",
    "use_material.price_item": "",
    "component": "",
    "propose.material_fen": "",
    "labour_fen": "60",
    "material_fen": "20",
    "paid_fen": "80",
    "residents": "no",
    "quality": "",
    "differs": "no",
    "points": "",
    "point": "1",
}
GIVEN_BY = {
    "record_loss": "agent-1",
    "identify": "supervisor-1",
    **dict.fromkeys(
        (
            "call_back",
            "give_up_call_back",
            "classify",
            "withdraw_care",
            *("open_incident", "tell_incident", "dissolve_incident", "join_incident", "leave_incident"),
            "fill_in",
            "record_agreement",
            "record_refusal",
            "agree_appointment",
            "record_price_request",
            "record_return",
            "record_withdrawal",
            "record_urge",
            "record_objection",
            "record_revisit",
            "record_appeal",
            "draft_reply",
            "post_reply",
            "set_acceptance_day",
            *("accept_common_work", "refuse_common_work"),
        ),
        "agent-1",
    ),
    **dict.fromkeys(
        (
            "assign",
            "ask_again",
            "reopen",
            "archive",
            "reject",
            "refer",
            "merge",
            "notify_worker",
            "answer_point",
            *("plan_measure", "finish_measure"),
            "propose_malicious",
            "give_up_acceptance",
            *("approve_reply", "return_reply", "waive_reply"),
        ),
        "supervisor-1",
    ),
    **dict.fromkeys(
        (
            "grant_extension",
            "refuse_extension",
            "uphold",
            "close",
            "decide_suggestion",
            "confirm_malicious",
            "dismiss_malicious",
        ),
        "manager-1",
    ),
    **dict.fromkeys(("sign_off_result", "return_result"), "engineering-head"),
    **dict.fromkeys(("confirm_plan", "return_plan"), "agent-1"),
    "decide_appeal": "company-head-1",
    **dict.fromkeys(("take_key", "return_key"), "agent-1"),
    **dict.fromkeys(("record_payment", "give_back"), "agent-2"),
    **dict.fromkeys(("claim_cost", "record_claim_payment", "withdraw_claim"), "agent-2"),
    **dict.fromkeys(("find_infeasible", "price_cost"), "engineering-head"),
    **dict.fromkeys(("sign_account", "sign_refusal"), "supervisor-1"),
    "judge_classification": "supervisor-1",
}
"""Everything else is the handler's, and `BY_LINK` the resident's."""
BY_LINK = {
    *("agree", "disagree", "accept_appointment", "decline_appointment"),
    *("ask_price", "withdraw", "urge", "object", "appeal", "add_words", "refuse_work"),
}


def give(browser: Browser, case: Case, command: str) -> HTTPResponse:
    """Give a command as its person does: look at the page, fill in the form that is drawn there, send it.

    On the desk's page of a case a form is there, or a tap on its name away.
    """
    desk = browser.office
    if command == "rate":
        where = link(desk, desk.case(case), Purpose.RATE)
    elif command in BY_LINK:
        where = link(desk, desk.case(case), Purpose.TRACK)
    else:
        browser.cookie = ""
        browser.sign_in(GIVEN_BY.get(command, "engineering-1"))
        where = f"/desk/riverside/cases/{case.number}"
    page = html(browser.get(where))
    if way := re.search(rf'href="([^"]*\?act={command})#do-{command}"', page):
        assert f"/{command}" not in page, "a form, or the way to it"
        page = html(browser.get(way[1]))
    drawn = {urljoin(where, action): fields for action, fields in Form(page).forms.items()}
    assert f"{where}/{command}" in drawn, f"no form for {command}"
    fields = drawn[f"{where}/{command}"]
    typed = {"score": "5"} if command == "rate" else {}
    for name, value in fields.items():
        first = fields.get(f"{name}?", "")
        if not name.endswith("?"):
            typed[name] = value or TYPED.get(f"{command}.{name}", TYPED.get(name, first or TYPED["text"]))
    if command in {"classify", "assign"}:
        typed = {name: value for name, value in typed.items() if name not in {"kind", "matter", "department"}}
    if command == "propose" and case.classification.kind == "complaint":  # which costs nobody anything
        typed |= {"price_item": "", "quantity": ""}
    return browser.post(f"{where}/{command}", typed)


WITHOUT_A_FORM = {
    "add_files",  # a panel of its own: files/test_files.py
    "choose_language",  # the switch at the head of the page: notices/test_language_chosen.py
    "replan",
    *(row.command for row in TABLE.values() if row.roles == {Role.SYSTEM}),
}
"""What the desk does by itself, and what goes with an amendment of the calendar."""


@pytest.mark.req("B1", "B4", "B5", "B7", "B8", "G4", "G5")
@pytest.mark.parametrize("command", [name for name in TABLE if name not in WITHOUT_A_FORM])
def test_every_command_of_the_table_has_a_form_that_can_be_sent(
    browser: Browser, desk: Office, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.domain.follow_up.second_asking.is_asked_again", lambda *_: True)
    monkeypatch.setattr("chalicelib.services.desk.is_drawn", lambda _: True)  # for the audit
    desk.register()
    complaints = {"verify", "reject", "object", "record_objection", "uphold", "confirm_plan", "return_plan"}
    kind = {"decide_suggestion": "suggestion", **dict.fromkeys(complaints, "complaint")}.get(
        command, "repair"
    )
    how = {"actor": AGENT, "channel": "hotline_operator", "unfinished": True}
    called = how if command == "call_back" else {}
    if command == "give_up_call_back":
        called = {**how, "text": None}
    if command in {"confirm_alarm", "record_outside_call"}:
        called = {"urgency": "emergency", "actor": AGENT}
    matter = "seepage" if command == "set_acceptance_day" else "home_other"
    if command in {"accept_common_work", "refuse_common_work"}:
        matter, called = "drain_blocked", {"unit": None}
    if command == "withdraw_care":
        called = {"care": True, "care_by": "王芳", "care_on": MONDAY.date(), "actor": AGENT}
    case = desk.register(matter=matter, kind=kind, **called).case
    for step in STEPS.get("start" if command == "verify" else command, ()):
        if step == "find_fault":
            desk.do(case, "record_revisit", AGENT, FAULT_FOUND)
        elif step == "cost_on_no_list":
            desk.do(case, "record_cost", HANDLER, CostForm(what="开墙换管"))
        elif step == "be_satisfied":
            desk.do(case, "record_revisit", AGENT, CONTENT)
        elif step == "call_in_vain":
            for _ in range(3):
                desk.clock.advance(timedelta(hours=9))
                desk.do(case, "call_back", AGENT, CallBackForm(reached=False))
        elif step == "wait":
            desk.clock.advance(timedelta(hours=1))
        elif step == "lead_elsewhere":
            first = desk.desk.cases.get("riverside", "202611-0001")
            desk.do(first, "open_incident", AGENT, OpenIncidentForm("全楼停电，正在抢修"))
        elif step == "lose_reply":
            lost = DeliveryForm(desk.case(case).version, "sms", None, "no_address")
            desk.do(case, "record_delivery", TIMER, lost)
        elif step == "raise_a_point":
            desk.do(case, "record_revisit", AGENT, POINT_RAISED)
        else:
            assert give(browser, case, step).status_code == 303, step
    before = desk.case(case).version
    sent = give(browser, case, command)
    assert sent.status_code == 303, text(sent)
    assert desk.desk.cases.events("riverside", case.number)[before].command == command
    assert browser.follow(sent).status_code == 200


def test_every_page_can_be_read_in_either_language(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    english = browser.get(f"{link(desk, case, Purpose.TRACK)}?lang=en")
    assert english.headers["Set-Cookie"][0].endswith("; Secure")
    assert english.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert '<html lang="en">' in html(english)
    assert "Registered: 202611-0001" in text(english)
    # Remembered on the next page, whatever the browser prefers.
    assert "How was it?" in text(browser.get(link(desk, case, Purpose.RATE)))
    assert "请您评价" in text(browser.get(f"{link(desk, case, Purpose.RATE)}?lang=zh-CN"))


def test_every_page_is_sent_with_the_headers_that_keep_it_safe(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    for address in (
        "/",
        "/c/riverside",
        "/c/nowhere",
        "/desk",
        "/desk/riverside",
        link(desk, case, Purpose.TRACK),
    ):
        headers = browser.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
    sheet = browser.get("/static/style.css")
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"


def test_no_page_has_a_script_or_a_style_of_its_own_and_every_field_has_a_label(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    pages = ["/", "/c/riverside", "/desk/riverside", "/desk/riverside/new", "/desk/riverside/figures"]
    pages += [
        f"/desk/riverside/cases/{case.number}",
        link(desk, case, Purpose.WORK),
        link(desk, completed(desk), Purpose.RATE),
    ]
    for address in pages:
        page = html(browser.get(address))
        page = re.sub(
            r'<script type="module" src="(?:\.\./)+static/'
            r'(?:desk|book|files|known|list|propose|work)\.js\?\w+"></script>',
            "",
            page,
        )
        assert not re.search(r"<script|<style|style=|\son\w+=", page), address
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address
        labelled = set(re.findall(r'<label for="([^"]+)"', page))
        shown = re.findall(
            r'<(?:input type="(?!hidden|radio)[^"]*"|input id|select|textarea)[^>]*?id="([^"]+)"', page
        )
        assert set(shown) <= labelled, address


@pytest.mark.parametrize("prefix", ["", "/desk", "/some/base"])
def test_every_address_on_a_page_leads_back_below_whatever_stands_in_front(
    browser: Browser, desk: Office, prefix: str
) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    known = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$") for path in app.app.routes]
    pages = [
        "/",
        "/c/riverside",
        "/desk/riverside",
        f"/desk/riverside/cases/{case.number}",
        link(desk, case, Purpose.TRACK),
    ]
    for address in pages:
        page = html(browser.get(address))
        for found in re.findall(r'(?:href|action)="([^"#]+)"', page):
            if found.startswith(("data:", "tel:")):
                continue
            path = urlsplit(urljoin(f"https://host{prefix}{address}", found)).path
            assert path.startswith(f"{prefix}/"), (address, found)
            assert any(address_pattern.match(path.removeprefix(prefix)) for address_pattern in known), (
                address,
                found,
            )


def test_the_bare_address_of_a_stage_leads_into_the_stage(desk: Office) -> None:
    def asked(path: str) -> Request:
        event = {
            "requestContext": {"httpMethod": "GET", "resourcePath": "/", "stage": "desk", "path": path},
            "headers": {"host": "abc.execute-api.cn-north-1.amazonaws.com.cn"},
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "body": None,
        }
        return Request(event)

    assert root_of(asked("/desk")) == "desk/"
    assert root_of(asked("/desk/")) == "./"


def test_a_chinese_reader_meets_no_english_sentence(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    where = f"/desk/riverside/cases/{case.number}"
    token = Form(html(browser.get(f"{where}?act=escalate"))).forms[f"../../..{where}/escalate"]["csrf"]
    refused = [
        browser.post(f"{where}/grant_extension", {"reason": "好", "csrf": token}),
        browser.post(f"{where}/sign", {"signature": "我", "csrf": token}),
        browser.post(f"{where}/merge", {"into": case.number, "reason": "同一件", "csrf": token}),
        browser.post(f"{where}/merge", {"into": "202601-0001", "reason": "同一件", "csrf": token}),
        browser.post(f"{where}/nonsense", {"csrf": token}),
        browser.post(f"{where}/rate", {"csrf": token}),
        browser.post("/c/nowhere", REPORT),
        browser.get("/desk/riverside?list=nonsense"),
        browser.get("/desk/riverside?list=community&cursor=nonsense"),
        browser.get("/desk/riverside?list=register&month=2026-13"),
    ]
    for page in refused:
        assert 400 <= page.status_code < 500, text(page)
        sentences = [match for match in re.findall(r"[A-Za-z][A-Za-z' ]{14,}", text(page)) if match.strip()]
        assert sentences == [], text(page)
        assert CJK.search(text(page))


def test_whatever_is_sent_no_page_fails(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    strange = [
        b"",
        b"\xff\xfe%zz",
        b"a=" + b"x" * 1000,
        b"&".join([b"x=1"] * 5000),
        b"text=%00&unit=%F0%9F",
        b"score=5;score=4",
    ]
    for address in ("/c/riverside", "/desk", f"{link(desk, case, Purpose.WORK)}/sign", "/desk/riverside/new"):
        for body in strange:
            response = browser.client.http.post(address, body=body, headers={"Content-Type": FORM})
            assert response.status_code < 500, (address, body[:20])
    assert (
        browser.client.http.post(
            "/c/riverside", body=b"text=" + b"x" * 500_000, headers={"Content-Type": FORM}
        ).status_code
        == 413
    )


def test_nothing_but_a_page_loads_the_templates() -> None:
    code = (
        "import tests.conftest, app, sys; sys.exit('jinja2' in sys.modules or 'phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own words


def test_the_number_of_a_case_stands_in_one_piece_where_a_link_has_ended(
    browser: Browser, desk: Office
) -> None:
    case = completed(desk)
    rate = link(desk, case, Purpose.RATE)
    desk.do(case, "rate", RESIDENT, RateForm(5))
    assert f'<span class="day">{case.number}</span>' in html(browser.get(rate))
