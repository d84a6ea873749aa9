"""An emergency on the pages: who was told, the link of the SMS, who has it, whom somebody called (A6)."""

import re

import pytest

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.roles import RESIDENT
from tests.browser import Browser, Form, html, text
from tests.builders import AGENT, Office


def alert_link(desk: Office, person: str) -> str:
    case = desk.desk.cases.get("riverside", "202611-0001")
    return f"/l/{desk.codes.code(link_for(case, Purpose.ALERT, 30, person))}"


@pytest.mark.req("A6")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_guard_confirms_by_the_link_and_the_desk_sees_who_and_whom_he_called(
    browser: Browser, desk: Office, language: str
) -> None:
    browser.language = language
    waits, has = {
        "zh-CN": ("还没有人确认接手", "秩序部甲已于"),
        "en": ("Nobody has this in hand yet", "has this in hand since"),
    }[language]
    case = desk.register(actor=AGENT, kind="help", matter="fire", unit="3-1201").case
    page = html(browser.get(alert_link(desk, "security-1")))
    assert waits in page
    assert "3-1201" in page
    assert '<a href="tel:119">119</a>' in page
    forms = Form(page).forms
    call = next(fields for action, fields in forms.items() if action.endswith("record_outside_call"))
    typed = {**{name: value for name, value in call.items() if "?" not in name}}
    browser.follow(
        browser.post(
            f"{alert_link(desk, 'security-1')}/record_outside_call",
            {**typed, "service": "fire_brigade", "answered": "8分钟到"},
        )
    )
    done = browser.follow(browser.post(f"{alert_link(desk, 'security-1')}/confirm_alarm", {"once": "k"}))
    assert has in text(done)
    browser.sign_in("agent-1")
    shown = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert has in shown
    assert re.search("119.{1,3}8分钟到", shown)
    assert waits not in shown


@pytest.mark.req("A6", "A7")
def test_the_link_of_an_alert_says_that_nobody_has_sorted_the_case(browser: Browser, desk: Office) -> None:
    case = desk.register(kind=None, matter=None, text="厨房着火了，浓烟从窗户冒出来，快来人").case
    assert case.alarm is not None
    page = text(browser.get(alert_link(desk, case.alarm.told[0])))
    assert "已登记，待分类" in page
    assert "待派单" not in page


@pytest.mark.req("A6", "G8")
def test_nobody_else_gets_the_link_of_an_alert_and_it_ends_with_the_emergency(
    browser: Browser, desk: Office
) -> None:
    case = desk.register(actor=AGENT, kind="help", matter="fire").case
    assert browser.get(alert_link(desk, "security-2")).status_code == 404, "nobody told him"
    own = alert_link(desk, "security-1")
    assert browser.get(own).status_code == 200
    desk.do(case, "withdraw", RESIDENT, ReasonForm("误报"))
    assert browser.get(own).status_code == 410
