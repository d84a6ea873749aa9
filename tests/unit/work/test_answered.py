"""Whoever answers answers what they have read: a quote or time that was replaced meanwhile is read first."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.answered import ANSWERS, SEEN_FIRST
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.domain.work.resident_forms import AppointmentForm
from tests.browser import HANDLER, Browser, Form, html, link, signed, text
from tests.builders import AGENT, Office, office

QUOTE = ProposeForm("龙头老化", "换龙头", price_item="tap")


@pytest.fixture
def desk() -> Office:
    return office()


def pressed(browser: Browser, address: str, command: str) -> dict[str, str]:
    """The fields of a command's form as the page has them now."""
    forms = Form(html(browser.get(address))).forms
    return next(fields for action, fields in forms.items() if action.endswith(f"/{command}"))


def quoted_anew(desk: Office, case: Case) -> None:
    """The desk notes a refusal on the telephone, and the handler names another price."""
    word = ReasonedWordForm(desk.clock(), "王芳", "phone", "太贵")
    desk.do(case, "record_refusal", AGENT, word)
    desk.do(case, "propose", HANDLER, ProposeForm("龙头老化", "换两个龙头", price_item="tap", quantity=2))


@pytest.mark.req("B5", "G11")
@pytest.mark.parametrize("command", ["agree", "disagree"])
def test_a_page_with_the_old_quote_answers_no_new_one(browser: Browser, desk: Office, command: str) -> None:
    case = desk.do(signed(desk, matter="home_other"), "propose", HANDLER, QUOTE)
    track = link(desk, case, Purpose.TRACK)
    old = pressed(browser, track, command) | {"reason": "不要"}
    quoted_anew(desk, case)
    refused = browser.post(f"{track}/{command}", old)
    assert refused.status_code == 409
    assert "有了新情况" in text(refused)
    assert desk.case(case).state == "proposed"
    now = pressed(browser, track, command) | {"reason": "不要"}
    assert browser.post(f"{track}/{command}", now).status_code == 303
    assert browser.post(f"{track}/{command}", now).status_code == 303, "a second press is the first one"


@pytest.mark.req("B11")
def test_a_page_with_the_old_time_accepts_no_new_one_and_a_note_holds_nobody_up(
    browser: Browser, desk: Office
) -> None:
    case = signed(desk)
    times = [desk.clock() + timedelta(minutes=minutes) for minutes in (60, 90)]
    desk.do(case, "propose_appointment", HANDLER, AppointmentForm(times[0]))
    track = link(desk, case, Purpose.TRACK)
    old = pressed(browser, track, "accept_appointment")
    desk.do(case, "propose_appointment", HANDLER, AppointmentForm(times[1]))
    assert browser.post(f"{track}/accept_appointment", old).status_code == 409
    now = pressed(browser, track, "accept_appointment")
    desk.do(case, "progress", HANDLER, RequiredNoteForm("又来电"))
    assert browser.post(f"{track}/accept_appointment", now).status_code == 303


def test_what_is_answered_is_of_the_table() -> None:
    assert set(ANSWERS) | SEEN_FIRST <= set(TABLE)
