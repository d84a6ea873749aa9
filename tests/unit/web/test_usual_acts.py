"""The page of a case for staff: what waits first, then what is done most; whom it was told to (A14, E8)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import ClassifyForm
from tests.browser import REPORT, Browser, Form, assigned, extension, html, link, text
from tests.builders import SUPERVISOR, Office

UNSORTED = {**REPORT, "matter": "", "kind": ""}
WHERE = "/desk/riverside/cases/202611-0001"


def in_sight(page: str) -> str:
    """The acts of a page that stand before what is folded under "more"."""
    return page.partition('class="card actions"')[2].partition('id="more"')[0]


@pytest.mark.req("E8")
def test_what_is_done_most_is_one_tap_away_also_where_something_else_waits(browser: Browser) -> None:
    """A resident who asks after a case that is not sorted yet is answered and written down at once."""
    browser.post("/c/riverside", UNSORTED)
    browser.sign_in("supervisor-1")
    acts = in_sight(html(browser.get(WHERE)))
    assert acts.index("/classify") < acts.index("?act=answer#do-answer") < acts.index("?act=fill_in#")
    assert "?act=refer" not in acts
    assert "/answer" in in_sight(html(browser.get(f"{WHERE}?act=answer"))).partition("<button>")[0]


@pytest.mark.req("G14")
def test_a_withdrawn_case_invites_nobody_to_call_it_malicious(browser: Browser, desk: Office) -> None:
    desk.do(assigned(desk), "withdraw", RESIDENT, ReasonForm("自己好了"))
    browser.sign_in("supervisor-1")
    page = html(browser.get(WHERE))
    assert "目前没有需要您做的事" in in_sight(page)
    assert "propose_malicious" not in in_sight(page)
    assert "?act=propose_malicious" in page
    assert "提请认定恶意投诉" in in_sight(html(browser.get(f"{WHERE}?act=propose_malicious")))


@pytest.mark.req("G14")
def test_nor_does_an_ended_case_with_something_else_to_do(browser: Browser, desk: Office) -> None:
    cared_for = ClassifyForm("独居老人", care=True, care_by="王芳")
    case = desk.do(assigned(desk), "classify", SUPERVISOR, cared_for)
    desk.do(case, "withdraw", RESIDENT, ReasonForm("自己好了"))
    browser.sign_in("supervisor-1")
    page = html(browser.get(WHERE))
    assert "?act=withdraw_care#" in in_sight(page)
    assert "propose_malicious" not in in_sight(page)
    assert "?act=propose_malicious" in page


@pytest.mark.req("E8", "G5")
def test_both_decisions_that_wait_stand_in_sight(browser: Browser, desk: Office) -> None:
    extension(desk)
    browser.sign_in("manager-1")
    acts = in_sight(html(browser.get(WHERE)))
    assert acts.index("/grant_extension") < acts.index("/refuse_extension") < acts.index("?act=assign")


@pytest.mark.req("A14")
def test_nobody_is_greeted_on_a_case_and_how_to_take_it_is_folded_there(browser: Browser) -> None:
    browser.post("/c/riverside", UNSORTED)
    browser.sign_in("agent-1")
    case, new = html(browser.get(WHERE)), html(browser.get("/desk/riverside/new"))
    greeting, heading = "客服中心，请讲", "<summary>接待提示"
    assert (greeting in case, f'<details class="card">{heading}' in case) == (False, True)
    assert (greeting in new, f'<details class="card" open>{heading}' in new) == (True, True)


@pytest.mark.req("G8", "E6")
def test_messages_stand_as_the_history_does_the_newest_first_and_on_paper_last(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    desk.clock.advance(timedelta(minutes=5))
    desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    browser.sign_in("manager-1")
    page, file = (
        text(browser.get(address)).partition("通知记录")[2] for address in (WHERE, f"{WHERE}/paper")
    )
    assert page.index("09:05") < page.index("09:00")
    assert file.index("09:00") < file.index("09:05")


@pytest.mark.req("E8", "B9")
def test_a_form_that_is_refused_names_its_act_above_its_fields(browser: Browser, desk: Office) -> None:
    """The button with the name is below the screen of a telephone, and another act was open before."""
    work = link(desk, assigned(desk), Purpose.WORK)
    form = next(sent for at, sent in Form(html(browser.get(work))).forms.items() if at.endswith("/decline"))
    refused = html(browser.post(f"{work}/decline", {**form, "reason": ""}))
    section = refused.partition('id="do-decline"')[2]
    assert section.index("<h3>退单</h3>") < section.index('role="alert"') < section.index('name="reason"')
    assert "<h3>签收</h3>" not in html(browser.get(work))
