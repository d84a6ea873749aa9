"""Who probably calls stands on the page of a call, and an answer leads to its entry of the book (A1, A14)."""

from typing import Any

import pytest

from chalicelib.domain.case.looks import LookAt
from tests.browser import Browser, html, text
from tests.builders import AGENT, Office, office

PHONE, OTHER = "13800138000", "13900009999"
KNOWN = "这个号码以前报过事"


@pytest.fixture
def desk() -> Office:
    return office()


def call(desk: Office, **known: Any) -> str:
    nobody_knows = {"name": None, "unit": None, "text": None, "matter": None, "kind": None}
    new = {"phone": PHONE, "channel": "hotline_operator", "unfinished": True, **nobody_knows, **known}
    return desk.register(actor=AGENT, **new).case.number


def page(browser: Browser, number: str) -> Any:
    return browser.get(f"/desk/riverside/cases/{number}")


@pytest.mark.req("A1", "E8")
def test_a_known_caller_is_named_with_what_is_open(browser: Browser, desk: Office) -> None:
    before = desk.register(phone=PHONE, name="李雷", unit="2-301", matter="elevator").case.number
    desk.register(phone=OTHER, name="韩梅梅", unit="9-901")
    number = call(desk)
    browser.sign_in("agent-1")
    shown = text(page(browser, number))
    assert KNOWN in shown
    assert "可能是 李雷、2-301" in shown
    assert f'cases/{before}">{before}</a>' in html(page(browser, number))
    assert "韩梅梅" not in shown
    looks = desk.desk.looks.page("riverside", "person", "agent-1", 50, None).items
    assert any(look.what is LookAt.SEARCH and before in look.numbers for look in looks), "it is on record"
    assert KNOWN not in text(page(browser, before)), "that one was no call"


@pytest.mark.req("A1")
def test_a_number_that_never_reported_is_nobody_known(browser: Browser, desk: Office) -> None:
    desk.register(phone=OTHER)
    browser.sign_in("agent-1")
    assert KNOWN not in text(page(browser, call(desk)))
    desk.register(phone=PHONE, name=None, unit=None, channel="hotline_operator", actor=AGENT)
    again = text(page(browser, call(desk)))
    assert "没有留姓名和房号" in again


@pytest.mark.req("E8", "G13")
def test_nobody_learns_by_it_of_a_case_that_they_may_not_see(browser: Browser, desk: Office) -> None:
    about = {"about_staff": "manager-1", "channel": "walk_in", "matter": "elevator"}
    desk.register(phone=PHONE, name="李雷", unit="2-301", kind="complaint", actor=AGENT, **about)
    desk.register(phone=PHONE, name="李雷", unit="2-301", shielded=True, kind="complaint")
    number = call(desk)
    browser.sign_in("manager-1")
    assert "李雷" not in text(page(browser, number))


@pytest.mark.req("A14")
def test_the_entry_of_an_answer_is_a_link_also_where_nobody_wrote_it(browser: Browser, desk: Office) -> None:
    browser.sign_in("supervisor-1")
    csrf = html(browser.get("/desk/riverside/book")).split('name="csrf" value="')[1].split('"')[0]
    entry = {"sort": "fees", "title": "停车费", "answer": "每月300元。", "version": "0", "csrf": csrf}
    browser.post("/desk/riverside/book", entry)
    for mark in (_marks(browser, "停车费"), _marks(browser, "119")):
        case = desk.register(actor=AGENT, kind="inquiry", matter="fee_query", text="问一下停车费和火警").case
        said = {"said": "请看说明。", "manner": "phone", "entry": mark, "once": mark, "csrf": csrf}
        browser.post(f"/desk/riverside/cases/{case.number}/answer", said)
        entry_id, _, version = mark.partition("@")
        link = f'desk/riverside/book/{entry_id}?version={version}">{mark}</a>'
        assert link in html(page(browser, case.number))
        answer = browser.get(f"/desk/riverside/book/{entry_id}?version={version}")
        assert answer.status_code == 200, text(answer)
        assert (entry["answer"] in text(answer)) == (version != "0")


def _marks(browser: Browser, asked: str) -> str:
    found = html(browser.get(f"/desk/riverside/book?q={asked}&case=202611-0001"))
    return found.split("?entry=")[1].split('"')[0]
