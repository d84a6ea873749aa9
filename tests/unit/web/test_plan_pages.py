"""A plan that the desk confirms before its resident reads it, on the pages and on paper (B5, S3)."""

import re

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.web.list_page import FILTERS
from chalicelib.web.list_routes import ADDRESS
from tests.browser import Browser, Form, html, link, signed, text
from tests.builders import Office

PLAN = {"cause": "轴承老化", "plan": "周五更换轴承。", "once": "p"}
HOME = "/desk/riverside"
pytestmark = pytest.mark.req("B5")


@pytest.fixture
def case(browser: Browser, desk: Office) -> Case:
    """A complaint whose handler has handed a plan in through the link."""
    case = signed(desk, kind="complaint")
    browser.follow(browser.post(f"{link(desk, case, Purpose.WORK)}/propose", PLAN))
    return case


def where(case: Case) -> str:
    return f"{HOME}/cases/{case.number}"


def typed(browser: Browser, case: Case, command: str) -> dict[str, str]:
    """What the form of a command on the page of the case holds, as the page has drawn it."""
    forms = Form(html(browser.get(where(case)))).forms
    fields = next(fields for action, fields in forms.items() if action.endswith(f"/{command}"))
    return {name: value for name, value in fields.items() if not name.endswith("?")}


def told(desk: Office, case: Case) -> set[tuple[str, str]]:
    """Kind and recipient of every message about the case so far."""
    left = desk.stores.notices.of_case(case.community, case.number)
    return {(sent.notice.kind, sent.notice.recipient) for sent in left}


def happened(desk: Office, case: Case) -> list[str]:
    return [event.type for event in desk.desk.cases.events(case.community, case.number)]


def test_the_resident_reads_that_a_plan_is_looked_at_and_nothing_of_it(
    browser: Browser, desk: Office, case: Case
) -> None:
    assert NoticeKind.PROPOSED not in {kind for kind, _ in told(desk, case)}
    for language, said in (
        ("zh-CN", "方案已拟好，客服核对后征求您的意见"),
        ("zh-TW", "方案已擬好，客服核對後徵求您的意見"),
        ("en", "There is a plan; the desk checks it before it comes to you"),
    ):
        browser.cookie, browser.language = "", language
        page = browser.get(link(desk, case, Purpose.TRACK))
        assert said in text(page)
        assert PLAN["plan"] not in html(page)
        assert PLAN["cause"] not in html(page)
        assert not {"agree", "disagree"} & {action.rsplit("/", 1)[-1] for action in Form(html(page)).forms}


def test_the_handler_reads_that_it_waits_and_cannot_start_but_can_propose_another(
    browser: Browser, desk: Office, case: Case
) -> None:
    address = link(desk, case, Purpose.WORK)
    page = browser.get(address)
    assert "客服确认后才告知住户：周五更换轴承。" in text(page)
    acts = {action.rsplit("/", 1)[-1] for action in Form(html(page)).forms}
    assert "propose" in acts
    assert not {"start", "complete", "confirm_plan"} & acts
    again = browser.post(f"{address}/propose", PLAN)
    assert again.status_code == 303, "sent twice it is handed in once"
    assert happened(desk, case).count("plan_handed_in") == 1


def test_whoever_is_at_the_desk_finds_it_confirms_it_and_the_resident_agrees(
    browser: Browser, desk: Office, case: Case
) -> None:
    browser.sign_in("agent-1")
    first = html(browser.get(HOME))
    item = next(part for part in first.split("<li class=")[1:] if f'data-number="{case.number}"' in part)
    assert "工程部甲提交了处理方案，请确认" in item
    assert "方案：周五更换轴承。" in item
    acts = set(re.findall(rf"cases/{case.number}(?:/|\?act=)([a-z_]+)", item))
    assert {"confirm_plan", "return_plan"} <= acts
    for query in ("list=community", "list=community&plan_check=waits"):
        found = text(browser.get(f"{HOME}?{query}"))
        assert case.number in found
        assert "方案待客服确认" in found
    assert case.number not in text(browser.get(f"{HOME}?list=community&sign_off=waits"))
    assert browser.get(f"{HOME}?list=community&plan_check=no").status_code == 400
    assert "原因：轴承老化 方案：周五更换轴承。" in text(browser.get(where(case))), (
        "read where it is confirmed"
    )
    form = typed(browser, case, "confirm_plan")
    page = text(browser.follow(browser.post(f"{where(case)}/confirm_plan", form)))
    assert desk.case(case).state is State.PROPOSED
    twice = browser.post(f"{where(case)}/confirm_plan", form)
    assert twice.status_code == 303, "sent twice it is put to them once"
    assert "方案经确认，已征求住户意见" in page
    put = page.partition("方案经确认，已征求住户意见")[2]
    assert "提交人 工程部甲" in put, "who has confirmed it and whose it is, both are named"
    assert happened(desk, case).count("proposed") == 1
    for sheet in ("contact", "file"):
        paper = text(browser.get(f"{where(case)}/paper?sheet={sheet}"))
        assert "方案确认" in paper
        assert re.search(r"安佳于\S+ \S+ \S+确认；工程部甲于", paper)
    assert "方案确认" not in text(browser.get(f"{where(case)}/paper?sheet=original"))
    assert (NoticeKind.PROPOSED, "resident") in told(desk, case)
    browser.cookie = ""
    track = link(desk, case, Purpose.TRACK)
    page = browser.get(track)
    assert PLAN["plan"] in text(page)
    fields = next(fields for action, fields in Form(html(page)).forms.items() if action.endswith("/agree"))
    agreed = browser.post(f"{track}/agree", {k: v for k, v in fields.items() if not k.endswith("?")})
    browser.follow(agreed)
    assert desk.case(case).state is State.WORKING


def test_returned_the_handler_reads_why_and_finds_the_form_as_it_was_filled_in(
    browser: Browser, desk: Office, case: Case
) -> None:
    browser.sign_in("agent-1")
    form = typed(browser, case, "return_plan")
    refused = browser.post(f"{where(case)}/return_plan", {**form, "reason": ""})
    assert refused.status_code == 400
    page = browser.follow(
        browser.post(f"{where(case)}/return_plan", {**form, "reason": "周五太晚，老人出不了门"})
    )
    assert "周五太晚，老人出不了门" in text(page)
    assert (NoticeKind.PLAN_RETURNED, "engineering-1") in told(desk, case)
    browser.cookie = ""
    address = link(desk, case, Purpose.WORK)
    page = browser.get(address)
    assert "周五太晚，老人出不了门" in text(page)
    assert next(iter(Form(html(page)).forms)).endswith("/propose"), "the next thing to do stands open"
    form = html(page).partition("/propose")[2].partition("</form>")[0]
    assert "轴承老化</textarea>" in form, "what was handed in stands there, to be mended"
    assert "周五更换轴承。</textarea>" in form
    assert "周五" not in text(browser.get(link(desk, case, Purpose.TRACK)))
    browser.get(address)
    better = {**PLAN, "plan": "今晚更换轴承。", "once": "q"}
    page = text(browser.follow(browser.post(f"{address}/propose", better)))
    assert "老人出不了门" not in page.partition("今晚更换轴承。")[0], "the new one is what waits"


def test_a_page_that_is_out_of_date_confirms_nothing(browser: Browser, desk: Office, case: Case) -> None:
    browser.sign_in("agent-1")
    form = typed(browser, case, "confirm_plan")
    cookie, browser.cookie = browser.cookie, ""
    better = {**PLAN, "plan": "明年再换。", "once": "q"}
    browser.post(f"{link(desk, case, Purpose.WORK)}/propose", better)
    browser.cookie = cookie
    answer = browser.post(f"{where(case)}/confirm_plan", form)
    assert answer.status_code in {409, 412}
    assert desk.case(case).state is State.SIGNED
    assert "明年再换" in text(answer), "what waits now is shown"


def test_a_repair_s_plan_is_put_to_the_resident_at_once(browser: Browser, desk: Office) -> None:
    case = signed(desk)
    browser.follow(browser.post(f"{link(desk, case, Purpose.WORK)}/propose", PLAN))
    assert PLAN["plan"] in text(browser.get(link(desk, case, Purpose.TRACK)))
    assert (NoticeKind.PROPOSED, "resident") in told(desk, case)


@pytest.mark.req("E8")
def test_the_address_of_a_list_may_say_every_filter_that_there_is() -> None:
    assert set(FILTERS) <= set(ADDRESS), "what the form offers and the address leaves out asks for nothing"
