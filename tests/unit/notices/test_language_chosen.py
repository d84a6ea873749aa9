"""A language that somebody picks later is that of their messages too (A11)."""

import pytest

from chalicelib.domain.case.links import Purpose
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.work.forms import CompleteForm
from tests.browser import REPORT, Browser, Form, browsing, html, link, text
from tests.builders import SUPERVISOR, Office, community, office
from tests.sending import phone_of, send
from tests.stories import HANDLER


def csrf(browser: Browser, address: str) -> str:
    return html(browser.get(address)).partition('name="csrf" value="')[2].partition('"')[0]


def told(desk: Office, phone: str) -> str:
    return [said for to, said in desk.sms.sent if to == phone][-1]


@pytest.mark.req("A11", "D1")
def test_the_switch_of_the_tracking_page_is_that_of_the_messages_too() -> None:
    with browsing(office(community())) as browser:
        browser.post("/c/riverside", REPORT)
        desk = browser.office
        case = desk.desk.cases.get("riverside", "202611-0001")
        send(desk)
        assert told(desk, case.report.phone or "").startswith("【诉达】")
        track = link(desk, case, Purpose.TRACK)
        forms = Form(html(browser.get(track))).forms
        (switch,) = [address for address in forms if address.endswith("/choose_language")]
        chosen = browser.follow(browser.post(switch, {**forms[switch], "language": "en"}))
        assert '<html lang="en"' in html(chosen)
        assert "Messages about this case: English from now on" in text(chosen)
        desk.do(desk.case(case), "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
        desk.do(desk.case(case), "sign", HANDLER, SignForm("工程部甲"))
        desk.do(desk.case(case), "complete", HANDLER, CompleteForm("灯已换好。"))
        send(desk)
        assert told(desk, case.report.phone or "").startswith("[Suda] ")
        again = {**forms[switch], "once": "again", "language": "en"}  # only the page was in another language
        assert browser.post(f"{track}/choose_language", again).status_code == 303
        assert desk.case(case).report.language == "en"
        wrong = browser.post(f"{track}/choose_language", {"once": "w", "language": "fr"})
        assert wrong.status_code == 400
        browser.sign_in("agent-1")
        assert "English" in text(browser.get("/desk/riverside/cases/202611-0001?lang=zh-CN"))


@pytest.mark.req("A11")
def test_whoever_takes_a_report_down_says_in_which_language_the_caller_hears() -> None:
    with browsing(office(community())) as browser:
        browser.sign_in("agent-1")
        page = html(browser.get("/desk/riverside/new"))
        assert '<option value="zh-CN" selected' in page, "the community's, until somebody says another"
        typed = {"text": "lift stuck", "unit": "3-1201", "name": "Ann", "phone": "13900001234"}
        hidden = Form(page).forms["../../desk/riverside/new"]
        sent = browser.post(
            "/desk/riverside/new", {**hidden, **typed, "channel": "hotline_operator", "language": "en"}
        )
        assert sent.status_code == 303
        case = browser.office.desk.cases.get("riverside", "202611-0001")
        assert case.report.language == "en"
        send(browser.office)
        assert told(browser.office, "+8613900001234").startswith("[Suda] ")


@pytest.mark.req("A11", "B2")
def test_a_handler_reads_messages_in_the_language_of_the_own_account() -> None:
    with browsing(office(community())) as browser:
        desk = browser.office
        browser.sign_in("engineering-1")
        hidden = {"csrf": csrf(browser, "/desk/account")}
        assert browser.post("/desk/account/language", {**hidden, "language": "fr"}).status_code == 400
        assert browser.post("/desk/account/language", {**hidden, "language": "en"}).status_code == 303
        assert '<option value="en" selected' in html(browser.get("/desk/account"))
        case = desk.register(matter="lighting_lock", kind="repair").case
        desk.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
        send(desk)
        assert told(desk, phone_of("engineering-1")).startswith("[Suda] ")
        assert browser.post("/desk/account/language", {**hidden, "language": ""}).status_code == 303
        case = desk.register(matter="lighting_lock", kind="repair").case
        desk.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
        send(desk)
        assert told(desk, phone_of("engineering-1")).startswith("【诉达】")
