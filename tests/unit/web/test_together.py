"""Several cases handed over at once: ticked in the list, looked at first, done once, each with its answer."""

import re
from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from chalicelib.domain.case.events import Assigned
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.community.roster import Shift
from chalicelib.services.dispatch import together
from tests.browser import Browser, Form, assigned, browsing, html, text
from tests.builders import Office, community, office

LIST, PAGE = "/desk/riverside?list=community", "/desk/riverside/reassign"
TO = {"handler": "engineering-2", "department": "", "urgency": "", "reason": "甲请假"}


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        made.sign_in("supervisor-1")
        yield made


def handler(desk: Office, number: str) -> str | None:
    return desk.desk.cases.get("riverside", number).assignment.handler


def given(desk: Office, number: str) -> int:
    events = desk.desk.cases.events("riverside", number)
    return sum(isinstance(event.payload, Assigned) for event in events)


def picked(browser: Browser, *numbers: str) -> dict[str, str]:
    """The form for what was ticked, as a browser fills it in."""
    page = browser.get(f"{PAGE}?{'&'.join(f'pick={number}' for number in numbers)}")
    assert page.status_code == 200, text(page)
    (form,) = (fields for where, fields in Form(html(page)).forms.items() if where.endswith("reassign"))
    return {name: value for name, value in form.items() if not name.endswith("?")}


@pytest.mark.req("B2", "B3")
def test_ticked_cases_are_looked_at_then_handed_over_each_with_its_answer(
    browser: Browser, desk: Office
) -> None:
    first, second = assigned(desk).number, assigned(desk).number
    gone = assigned(desk)
    assert f'name="pick" value="{first}"' in html(browser.get(LIST))
    desk.do(gone, "withdraw", RESIDENT, ReasonForm("已好"))
    form = {**picked(browser, first, second, gone.number, "202611-9999"), **TO}

    look = browser.post(PAGE, {**form, "step": "look"})
    assert "共 4 件，可办理 2 件，不能办理 2 件。" in text(look)
    assert "工单已撤回" in text(look) or "已撤" in text(look)
    assert handler(desk, first) == "engineering-1", "looking writes nothing"

    (sent,) = (fields for where, fields in Form(html(look)).forms.items() if where.endswith("reassign"))
    done = browser.post(PAGE, {**sent, "step": "do"})
    assert "共 4 件，已办理 2 件，未办理 2 件。" in text(done)
    assert [handler(desk, number) for number in (first, second)] == ["engineering-2"] * 2

    again = browser.post(PAGE, {**sent, "step": "do"})
    assert "已办理 2 件" in text(again)
    assert [given(desk, number) for number in (first, second)] == [2, 2], "a repeat does nothing twice"


@pytest.mark.req("A8", "B2")
def test_urgency_alone_or_beside_a_handler_and_nothing_of_both_is_asked_for(
    browser: Browser, desk: Office
) -> None:
    number = assigned(desk).number
    form = picked(browser, number)
    wanted = {"handler": "", "department": "", "urgency": "", "reason": "住户有老人"}
    refused = browser.post(PAGE, {**form, **wanted, "step": "do"})
    assert refused.status_code == 400
    assert "住户有老人" in html(refused), "what was typed stays"
    done = browser.post(PAGE, {**form, **wanted, "urgency": "urgent", "step": "do"})
    assert "已办理 1 件" in text(done)
    case = desk.desk.cases.get("riverside", number)
    assert (case.classification.urgency, case.assignment.handler) == ("urgent", "engineering-1")
    both = {**wanted, "handler": "engineering-2", "urgency": "normal", "once": "other", "step": "do"}
    assert "已办理 1 件" in text(browser.post(PAGE, {**form, **both}))
    assert handler(desk, number) == "engineering-2"


@pytest.mark.req("B2", "B14")
def test_looking_says_who_is_off_duty_or_of_another_department_and_what_is_due() -> None:
    night = Shift("engineering", "engineering-2", tuple(range(7)), time(20), time(23))
    desk = office(community(shifts=(night,)))
    with browsing(desk) as browser:
        browser.sign_in("supervisor-1")
        form = picked(browser, assigned(desk).number)
        off = text(browser.post(PAGE, {**form, **TO, "step": "look"}))
        assert "当前不当班" in off
        assert "不属于该工单的部门" not in off
        assert re.search(r"签收 剩\d", off)
        there = text(browser.post(PAGE, {**form, **TO, "handler": "cleaning-1", "step": "look"}))
        assert "不属于该工单的部门" in there
        assert "当前不当班" not in there
        theirs = {**TO, "handler": "cleaning-1", "department": "cleaning", "step": "look"}
        assert "不属于该工单的部门" not in text(browser.post(PAGE, {**form, **theirs}))


@pytest.mark.req("A8", "B2")
def test_an_urgency_that_a_case_has_already_is_no_refusal(browser: Browser, desk: Office) -> None:
    form = picked(browser, assigned(desk).number)
    said = text(browser.post(PAGE, {**form, **TO, "urgency": "normal", "step": "look"}))
    assert "已是该紧急程度，不变" in said
    assert "没有提交成功" not in said
    assert "可办理 1 件，不能办理 0 件" in said
    alone = {**TO, "handler": "", "urgency": "normal", "step": "look"}
    assert "可办理 0 件" in text(browser.post(PAGE, {**form, **alone}))


@pytest.mark.req("E8")
def test_a_head_hands_over_what_is_the_departments_and_handlers_have_no_boxes(
    browser: Browser, desk: Office
) -> None:
    number = assigned(desk).number
    browser.sign_in("cleaning-head")
    assert "没有" in text(browser.post(PAGE, {**picked(browser, number), **TO, "step": "do"}))
    assert handler(desk, number) == "engineering-1"
    browser.sign_in("engineering-1")
    assert 'name="pick"' not in html(browser.get("/desk/riverside?list=mine"))
    assert browser.get(f"{PAGE}?pick={number}").status_code == 403


def test_what_time_did_not_reach_is_named_and_done_by_going_on(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = assigned(desk).number
    monkeypatch.setattr(together, "PATIENCE", timedelta(0))
    late = browser.post(PAGE, {**picked(browser, number), **TO, "step": "do"})
    assert "尚未办理" in text(late)
    assert handler(desk, number) == "engineering-1"
    monkeypatch.setattr(together, "PATIENCE", timedelta(seconds=15))
    (sent,) = (fields for where, fields in Form(html(late)).forms.items() if where.endswith("reassign"))
    assert "已办理 1 件" in text(browser.post(PAGE, {**sent, "step": "do"}))


def test_ticks_beyond_a_page_or_none_are_answered_in_words(browser: Browser) -> None:
    assert "还没有勾选工单" in text(browser.get(PAGE))
    many = "&".join(f"pick=202611-{serial:04d}" for serial in range(1, 60))
    assert browser.get(f"{PAGE}?{many}").status_code == 400
