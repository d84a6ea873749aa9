"""The one line on where a case stands, and that what can be done with one tap is done so (A11, E5)."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.work.forms import ChargeForm, ProposeForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm, AppointmentForm
from chalicelib.web.standing import STEPS
from chalicelib.web.words import words
from tests.browser import HANDLER, HEAD, Browser, assigned, completed, html, link, text
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office
from tests.paid_repair import billed_repair
from tests.words import LANGUAGES


def line(page: str) -> str:
    return re.sub(r"<[^>]*>", "", page.partition("<h1>")[2].partition("</h1>")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_a_sentence_and_every_step_has_a_name(language: str) -> None:
    groups = words(language).groups
    assert {
        *map(str, State),
        "to_sort",
        "visit",
        "completed_rated",
        "completed_unaccepted",
        "late",
        "after_pause",
        "to_pay",
        "checking",
        "plan_checking",
        "urged",
    } == groups["stands"].keys()
    assert len(groups["steps"]) == len(STEPS)


@pytest.mark.req("E5", "A11")
def test_the_first_line_says_where_it_stands_and_the_next_by_when(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    address = link(desk, case, Purpose.TRACK)
    page = browser.get(address)
    assert line(html(page)) == "已派给工程部 工程部甲，等待签收"
    assert "最晚今天 14:45 办结。" in text(page)
    stands = html(page).partition('class="stands')[2].partition("</section>")[0].partition("经过")[0]
    assert "回应您" not in stands, "an answer after the work says nothing"
    desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    assert line(html(browser.get(address))) == "工程部 工程部甲已签收，准备处理"
    desk.clock.advance(timedelta(hours=9))
    late = browser.get(address)
    assert "原定今天 14:45 办结，已超时，我们在催办。" in text(late)
    assert 'class="stands waits"' in html(late)
    assert line(html(browser.get(link(desk, completed(desk), Purpose.TRACK)))) == "已完工，请您查看并验收签字"


@pytest.mark.req("A10", "E5")
@pytest.mark.parametrize(("urgency", "again"), [("normal", 120), ("emergency", 15)])
def test_who_has_urged_reads_when_and_from_when_on_it_is_possible_again(
    browser: Browser, desk: Office, urgency: str, again: int
) -> None:
    case = desk.register(urgency=urgency).case
    address = link(desk, case, Purpose.TRACK)
    assert "催办" not in html(browser.get(address)).partition('class="steps"')[0]
    assert browser.post(f"{address}/urge", {"once": "u1"}).status_code == 303
    page = browser.get(address)
    assert re.search(r"您今天 \d\d:\d\d 催办过；今天 \d\d:\d\d 起可再次催办。", text(page))
    assert 'action="' + address + '/urge"' not in html(page)
    desk.clock.advance(timedelta(minutes=again))
    page = browser.get(address)
    assert "起可再次催办" not in text(page)
    assert browser.post(f"{address}/urge", {"once": "u2"}).status_code == 303


@pytest.mark.req("B9", "E5")
def test_a_resident_is_asked_for_their_own_signature_and_for_no_paper(browser: Browser, desk: Office) -> None:
    page = text(browser.get(link(desk, billed_repair(desk), Purpose.TRACK)))
    assert "可用手指在框内签字；" in page
    assert "请住户" not in page
    assert "签字单据" not in page


@pytest.mark.req("B11", "E5")
def test_who_comes_and_when_is_the_line_once_a_visit_is_asked_for_and_agreed(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    visit = AppointmentForm(desk.clock() + timedelta(hours=3))
    case = desk.do(case, "propose_appointment", HANDLER, visit)
    address = link(desk, case, Purpose.TRACK)
    page = html(browser.get(address))
    assert "上门，请您答复是否方便" in line(page)
    answers = page[page.index('class="card answer"') :]
    form = answers[answers.index('id="do-accept_appointment"') :].partition("</form>")[0]
    once = re.search(r'name="once" value="(\w+)"', form)
    assert once
    assert "required" not in form, "one tap"
    browser.follow(browser.post(f"{address}/accept_appointment", {"once": once[1]}))
    assert line(html(browser.get(address))) == "工程部 工程部甲 今天 12:00 上门"


@pytest.mark.req("B11", "E5")
def test_who_proposes_the_agreed_time_again_reads_that_it_is_agreed(browser: Browser, desk: Office) -> None:
    case, at = assigned(desk), desk.clock() + timedelta(hours=3)
    desk.do(case, "agree_appointment", AGENT, AgreedVisitForm(at, desk.clock(), "王芳", "phone"))
    address = link(desk, case, Purpose.TRACK)
    typed = {
        "visit_at": f"{at.astimezone(ZoneInfo(case.zone)):%Y-%m-%dT%H:%M}",
        "note": "还是这个时间",
        "once": "a",
    }
    page = browser.post(f"{address}/propose_appointment", typed)
    assert page.status_code == 400
    assert "这个时间已经约好" in text(page)
    assert "还是这个时间" in html(page), "what was typed is kept"
    assert desk.case(case).work.proposed_visit is None


@pytest.mark.req("D7", "E5")
def test_what_takes_it_up_again_stands_before_the_praise(browser: Browser, desk: Office) -> None:
    page = html(browser.get(link(desk, completed(desk), Purpose.TRACK)))
    assert page.index('id="do-reopen"') < page.index('id="do-praise"')


@pytest.mark.req("B5")
def test_a_plan_waits_for_its_answer_with_its_price_beside_it(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "propose", HEAD, ProposeForm("灯座老化", "换灯座", 3000))
    page = html(browser.get(link(desk, case, Purpose.TRACK)))
    assert line(page) == "方案已定，等您同意"
    asked = page[page.index('class="card answer"') : page.index('id="do-agree"')]
    assert "换灯座" in asked
    assert "30" in asked


@pytest.mark.req("A11", "B9")
def test_the_first_line_says_what_is_to_be_paid_and_where(browser: Browser, desk: Office) -> None:
    case = billed_repair(desk)
    said = line(html(browser.get(link(desk, case, Purpose.TRACK))))
    assert said == "已完工，请您查看并验收签字；待缴费 80 元，请到客服中心"


@pytest.mark.req("A11")
def test_the_receipt_of_a_withdrawn_report_promises_nothing(browser: Browser, desk: Office) -> None:
    case = desk.register().case
    address = f"{link(desk, case, Purpose.TRACK)}/receipt"
    assert "办结" in text(browser.get(address))
    desk.do(case, "withdraw", RESIDENT, ReasonForm("不用修了"))
    page = text(browser.get(address))
    assert "办结" not in page
    assert "已撤回" in page


@pytest.mark.req("B10")
def test_a_quote_is_asked_with_its_price_in_sight(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    charged = ChargeForm(chargeable=True, reason="灯具自购", on_list=True)
    page = html(browser.get(link(desk, desk.do(case, "declare_charge", HANDLER, charged), Purpose.WORK)))
    form = page.partition('next" id="do-propose"')[2].partition("</form>")[0]
    assert 'name="price_fen"' in form, "it comes next, and stands open"
    assert "<details" not in form, "nobody quotes what is folded away"


@pytest.mark.req("C16", "E5")
def test_whoever_asked_for_the_price_reads_by_when_it_comes_and_that_it_is_late(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    address = link(desk, case, Purpose.TRACK)
    assert "报价" not in html(browser.get(address)).partition('class="steps"')[0]
    assert browser.post(f"{address}/ask_price", {"once": "p1"}).status_code == 303
    assert re.search(r"最晚今天 \d\d:\d\d 报价。", text(browser.get(address)))
    desk.clock.advance(timedelta(hours=2))
    assert re.search(r"原定今天 \d\d:\d\d 报价，已超时", text(browser.get(address)))


@pytest.mark.req("E5")
def test_the_manager_who_takes_the_work_is_called_the_manager_on_the_first_line_too(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(
        desk.register(urgency="normal").case, "assign", SUPERVISOR, AssignForm("manager-1", "经理亲自办")
    )
    address = link(desk, case, Purpose.TRACK)
    assert line(html(browser.get(address))) == "已派给管理处经理 丁国栋，等待签收"
    desk.do(case, "sign", MANAGER, SignForm("丁国栋"))
    assert line(html(browser.get(f"{address}?lang=en"))).startswith("Manager 丁国栋 has signed")


@pytest.mark.req("A11")
def test_a_receipt_read_later_does_not_promise_what_has_been_done(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    receipt = f"{link(desk, case, Purpose.TRACK)}/receipt"
    assert "系统安排责任人" in text(browser.get(receipt))
    desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    said = text(browser.get(receipt))
    assert "系统安排责任人" not in said
    assert "已有专人办理，进展写在查询页上。" in said
