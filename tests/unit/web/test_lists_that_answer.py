"""The lists that staff are offered answer, and a case stands with whoever has to decide (B1, E8)."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.work.forms import RejectForm
from tests.browser import Browser, assigned, browsing, html, text
from tests.builders import MANAGER, SUPERVISOR, Office, office

SIGNED_IN = ("agent-1", "supervisor-1", "manager-1", "engineering-head", "engineering-1")


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as opened:
        yield opened


def objected(desk: Office) -> Case:
    case = assigned(desk, kind="complaint")
    case = desk.do(case, "reject", SUPERVISOR, RejectForm("现场的灯是亮的"))
    return desk.do(case, "object", RESIDENT, ReasonForm("晚上不亮"))


@pytest.mark.req("E8")
@pytest.mark.parametrize("username", SIGNED_IN)
def test_every_tab_of_every_role_opens_a_page(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    page = html(browser.get("/desk/riverside"))
    tabs = set(re.findall(r'href="[./]*(desk/riverside[^"]*)"', page))
    assert tabs
    for tab in tabs:
        assert browser.get(f"/{tab}").status_code == 200, tab
    departments = browser.office.desk.directory.community("riverside").member(username)
    assert departments is not None
    assert any("list=department" in tab for tab in tabs) == (
        bool(departments.departments) and "engineering-1" != username
    )


@pytest.mark.req("B1", "E8")
def test_an_objection_stands_with_the_manager_until_it_is_decided(browser: Browser, desk: Office) -> None:
    case = objected(desk)
    browser.sign_in("manager-1")
    mine = text(browser.get("/desk/riverside?list=mine"))
    assert case.number in mine
    assert "丁国栋" in mine
    facts = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "责任人 丁国栋" in facts
    desk.do(case, "reopen", MANAGER, ReasonForm("晚上看过，确实不亮"))
    assert case.number not in text(browser.get("/desk/riverside?list=mine"))
