"""The lists that staff are offered answer, and a case stands with whoever has to decide (B1, E8)."""

import re

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.work.forms import RejectForm
from tests.browser import Browser, Form, assigned, html, link, text
from tests.builders import MANAGER, SUPERVISOR, Office
from tests.sending import send

SIGNED_IN = ("agent-1", "supervisor-1", "manager-1", "engineering-head", "engineering-1")


def objected(desk: Office) -> Case:
    case = assigned(desk, kind="complaint")
    case = desk.do(case, "reject", SUPERVISOR, RejectForm("现场的灯是亮的"))
    return desk.do(case, "object", RESIDENT, ReasonForm("晚上不亮"))


@pytest.mark.req("E8")
@pytest.mark.parametrize("username", SIGNED_IN)
def test_every_tab_of_every_role_opens_a_page(browser: Browser, username: str) -> None:
    browser.sign_in(username)
    page = html(browser.get("/desk/riverside")) + html(browser.get("/desk/riverside?list=mine"))
    tabs = set(re.findall(r'href="[./]*(desk/riverside[^"]*)"', page))
    assert tabs
    for tab in tabs:
        assert browser.get(f"/{tab}").status_code == 200, tab
    departments = browser.office.desk.directory.community("riverside").member(username)
    assert departments is not None
    assert any("list=department" in tab for tab in tabs) == (
        bool(departments.departments) and username != "engineering-1"
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


@pytest.mark.req("B1", "G7")
def test_the_resident_hears_that_the_finding_stays_and_reads_why(browser: Browser, desk: Office) -> None:
    case = desk.do(objected(desk), "uphold", MANAGER, RequiredNoteForm("看过三晚的监控，灯都亮着"))
    send(desk)
    said = [sms for _, sms in desk.sms.sent if "异议" in sms and case.number in sms][-1]
    assert "维持核实结论" in said
    assert "如有问题" not in said
    page = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "经理已裁定您的异议：维持核实结论" in page
    assert "看过三晚的监控，灯都亮着" in page
    forms = Form(html(browser.get(link(desk, case, Purpose.TRACK)))).forms
    assert [action.rsplit("/", 1)[-1] for action in forms] == ["choose_language"]
