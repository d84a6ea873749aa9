"""While somebody is on the telephone: who reported from there before, and what is open (A1, E8)."""

import pytest

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.services.search import follow
from tests.browser import Browser, Form, assigned, html, text
from tests.builders import Office

NEW = "/desk/riverside/new"


def found(browser: Browser, **typed: str) -> str:
    """What stands beside the form for what is typed, as its script asks for it."""
    csrf = Form(html(browser.get(NEW))).forms["../../desk/riverside/new"]["csrf"]
    answer = browser.post("/desk/riverside/new/known", {**typed, "csrf": csrf})
    assert answer.status_code == 200, text(answer)
    return html(answer)


def known(desk: Office, **changes: str) -> str:
    case = assigned(desk, **changes)
    follow(desk.desk, case.community, case.number)
    return case.number


@pytest.mark.req("A1", "A16")
@pytest.mark.parametrize("unit", ["3-1201", "3栋1201", "3－1201室"])
def test_a_unit_however_it_is_written_says_who_reported_and_what_is_open(
    browser: Browser, desk: Office, unit: str
) -> None:
    open_case, over, other = known(desk), known(desk), known(desk, unit="3-1202", name="李强")
    ended = desk.desk.cases.get("riverside", over)
    desk.do(ended, "withdraw", RESIDENT, ReasonForm("好了"))
    browser.sign_in("agent-1")
    page = found(browser, unit=unit)
    assert "王芳" in page
    assert page.index(open_case) < page.index(over), "what is open comes first"
    assert "先看是不是同一件事" in page
    assert other not in page
    assert "李强" not in page


@pytest.mark.req("A1", "E8")
def test_a_number_is_looked_for_from_seven_digits_on_and_every_search_is_a_look(
    browser: Browser, desk: Office
) -> None:
    number = known(desk)
    browser.sign_in("agent-1")
    assert number not in found(browser, phone="139000")
    assert number in found(browser, phone="139 0000 1234")
    looks = desk.desk.looks.page("riverside", "person", "agent-1", 50, None).items
    assert any(look.what is LookAt.SEARCH and number in look.numbers for look in looks)


@pytest.mark.req("E8", "G13")
def test_whoever_may_not_see_a_case_learns_nothing_of_its_household(browser: Browser, desk: Office) -> None:
    number = known(desk)
    about = desk.register(about_staff="agent-1", kind="complaint").case
    follow(desk.desk, about.community, about.number)
    for username in ("engineering-2", "cleaning-head"):
        browser.cookie = ""
        browser.sign_in(username)
        page = found(browser, unit="3-1201")
        assert number not in page
        assert "王芳" not in page
    browser.cookie = ""
    browser.sign_in("agent-1")
    assert about.number not in found(browser, unit="3-1201")


@pytest.mark.req("A1", "A9")
def test_without_a_script_a_button_says_it_and_fills_in_what_only_one_can_be(
    browser: Browser, desk: Office
) -> None:
    number = known(desk)
    browser.sign_in("agent-1")
    form = Form(html(browser.get(NEW))).forms["../../desk/riverside/new"]
    response = browser.post(NEW, {**form, "unit": "3栋1201", "text": "又滴水了", "known": "yes"})
    page = html(response)
    assert response.status_code == 200
    assert number in page
    shown = Form(page).forms["../../desk/riverside/new"]
    assert (shown["unit"], shown["name"]) == ("3栋1201", "王芳")
    assert "又滴水了" in page
    assert len(desk.desk.cases.register("riverside", "202611", 9, None).items) == 1, "nothing is registered"


@pytest.mark.req("E8")
def test_nobody_but_staff_asks_and_no_form_of_another_page_does(browser: Browser, desk: Office) -> None:
    known(desk)
    assert browser.post("/desk/riverside/new/known", {"unit": "3-1201"}).status_code == 401
    for username, status in (("committee-1", 403), ("h-agent-1", 403), ("agent-1", 403)):
        browser.cookie = ""
        browser.sign_in(username)
        answer = browser.post("/desk/riverside/new/known", {"unit": "3-1201", "csrf": "made up"})
        assert answer.status_code == status, username
        assert "王芳" not in html(answer)
