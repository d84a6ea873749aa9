"""The first screen of a case: by when, in its own words, and why an act cannot be given (E8, B7)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.links import Purpose
from chalicelib.domain.intake.outside import OutsideCallForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ChargeForm
from chalicelib.domain.work.resident_forms import AppointmentForm
from chalicelib.web.classified import ranked
from chalicelib.web.list_rows import countdown, duration
from chalicelib.web.words import words
from chalicelib.web.work_lines import own_words
from tests.browser import HANDLER, Browser, Form, assigned, html, link, signed, text
from tests.builders import AGENT, MONDAY, RESIDENT, Office
from tests.words import WRITTEN_IN

WHERE = "/desk/riverside/cases/202611-0001"


@pytest.mark.req("B7", "E8")
def test_the_first_screen_says_what_is_due_next_and_for_how_long(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    page = html(browser.get(WHERE))
    head = page.partition('class="card actions"')[0]
    due = case.deadlines[Clock.SIGN].due_at
    assert f'datetime="{due.isoformat()}">剩' in head
    assert "签收 11月23日" in head


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("user", "act", "said"),
    [
        ("agent-1", "grant_extension", "“批准延期”由管理处经理"),
        ("supervisor-1", "reopen", "现在不能“重新处理”：工单是“已派单，待签收”。"),
        ("engineering-1", "reopen", "现在不能“重新处理”：工单是“已派单，待签收”。“重新处理”由"),
        ("supervisor-1", "no_such_act", ""),
    ],
)
def test_an_act_of_the_address_that_is_not_possible_says_why(
    browser: Browser, desk: Office, user: str, act: str, said: str
) -> None:
    assigned(desk)
    browser.sign_in(user)
    page = browser.get(f"{WHERE}?act={act}")
    assert (said in text(page), page.status_code) == (True, 200)
    assert (f'id="do-{act}"' in html(page)) == bool(said), "where the address leads"
    assert 'role="alert"' not in html(browser.get(WHERE)).partition("<main")[2]


@pytest.mark.req("A14")
def test_the_answer_book_is_folded_where_nobody_asks(browser: Browser, desk: Office) -> None:
    folded = '<details class="card"><summary>服务问答</summary>'
    desk.register(kind="repair", matter="lighting_lock")
    desk.register(kind="inquiry", text="停车位怎么申请", phone="13900009999")
    browser.sign_in("agent-1")
    assert folded in html(browser.get(WHERE))
    asked = html(browser.get("/desk/riverside/cases/202611-0002"))
    assert folded not in asked
    assert 'value="停车位怎么申请"' in asked


@pytest.mark.req("B9", "A7")
def test_a_case_without_a_matter_is_headed_by_its_own_words(desk: Office) -> None:
    case = desk.register(
        matter="unsorted", text="厨房着火了，浓烟从窗户冒出来，三楼还有老人，请马上派人来"
    ).case
    assert own_words(case) == "厨房着火了，浓烟从窗户冒出来，三楼还有老人，请…"
    assert own_words(desk.register(phone="13900009999").case) == "", "it has a matter"


@pytest.mark.req("B11")
def test_the_resident_s_time_is_answered_before_the_work_goes_on(browser: Browser, desk: Office) -> None:
    case = signed(desk, kind="repair", matter="flooding", urgency="urgent")
    desk.do(case, "propose_appointment", RESIDENT, AppointmentForm(desk.clock() + timedelta(hours=3)))
    page = html(browser.get(link(desk, case, Purpose.WORK)))
    first, other = page.index("/accept_appointment"), page.index("/decline_appointment")
    assert first < other < page.index('id="more"') < page.index("/arrive")


@pytest.mark.req("B7")
def test_nothing_is_due_after_the_solution_that_the_solution_meets(browser: Browser, desk: Office) -> None:
    case = signed(desk)
    page = text(browser.get(link(desk, case, Purpose.WORK)))
    due = page.partition("时限 ")[2].partition("经过")[0]
    running = due.partition("已于")[0]
    solving = case.deadlines[Clock.SOLVE].due_at
    later = [clock for clock, deadline in case.deadlines.items() if deadline.due_at > solving]
    assert later, "there is one to leave out"
    names = {Clock.RESPOND: "回应", Clock.PROGRESS: "告知进展", Clock.INFORM: "告知住户"}
    assert not [clock for clock in later if f"{names[clock]} ：最晚" in due]
    assert "办结 ：最晚" in running
    assert due.index("办结 ：最晚") < due.index("签收 ：最晚"), "what is done stands below"


@pytest.mark.req("B9")
def test_staff_read_their_own_sentence_about_the_charge(browser: Browser, desk: Office) -> None:
    case = desk.do(signed(desk), "declare_charge", HANDLER, ChargeForm(True, "超出保修"))
    worker, resident = (text(browser.get(link(desk, case, to))) for to in (Purpose.WORK, Purpose.TRACK))
    assert ("价格须先经住户同意" in worker, "报您同意" in worker) == (True, False)
    assert "价格另行报您同意" in resident


@pytest.mark.req("A6")
def test_an_alarm_is_raised_by_nobody_and_what_was_called_can_be_called_again(
    browser: Browser, desk: Office
) -> None:
    case = desk.register(matter="fire", urgency="emergency", kind="help", actor=AGENT).case
    desk.do(case, "record_outside_call", AGENT, OutsideCallForm("other", "派车", dialled="0571-88112233"))
    browser.sign_in("supervisor-1")
    page = browser.get(WHERE)
    assert "系统自动 险情告警" in text(page)
    assert '拨打<a href="tel:057188112233">0571-88112233</a>' in html(page)
    form = Form(html(browser.get(f"{WHERE}?act=record_outside_call"))).forms
    fields = next(fields for action, fields in form.items() if action.endswith("/record_outside_call"))
    typed = {"service": "other", "answered": "派车", "dialled": "住户不在家"}
    refused = browser.post(f"{WHERE}/record_outside_call", {**fields, **typed})
    assert (refused.status_code, "请写数字" in text(refused)) == (400, True)
    assert "住户不在家" in html(refused)


@pytest.mark.req("B7")
@pytest.mark.parametrize("language", WRITTEN_IN)
def test_nobody_counts_the_seconds_of_a_minute(language: str) -> None:
    said = words(language)
    soon, late = (countdown(MONDAY, MONDAY + timedelta(seconds=by), said).said for by in (-13, 0))
    assert soon == said("desk.left", time=said("time.under_a_minute"))
    assert late == said("desk.over", time=said("time.under_a_minute"))


@pytest.mark.req("B7")
@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (timedelta(days=2), "2天"),
        (timedelta(days=2, minutes=5), "2天"),
        (timedelta(days=2, hours=1), "2天1小时"),
        (timedelta(hours=1, minutes=1, seconds=1), "1小时1分"),
        (timedelta(seconds=59), "不到1分钟"),
    ],
)
def test_a_time_left_is_said_in_two_units_and_none_of_nothing(amount: timedelta, said: str) -> None:
    assert duration(amount, words("zh-CN")) == said


@pytest.mark.req("A8")
@pytest.mark.parametrize(
    ("urgency", "severity", "said"),
    [
        ("normal", "general", ("一般",)),
        ("urgent", "general", ("急",)),
        ("normal", "serious", ("严重",)),
        ("emergency", "serious", ("紧急", "严重")),
    ],
)
def test_what_is_ordinary_is_not_said_beside_what_is_not(
    urgency: str, severity: str, said: tuple[str, ...]
) -> None:
    assert ranked(urgency, severity, words("zh-CN")) == said
