"""Who reaches the settings of a community: its managers, with a form of their own session (E8)."""

import pytest

from chalicelib.web.settings_page import ACTS
from tests.browser import Browser, Form, html

PAGE = "/desk/riverside/settings"


@pytest.mark.req("E8")
@pytest.mark.parametrize("user", ["agent-1", "supervisor-1", "engineering-1", "committee-1", "manager-1"])
def test_managers_alone_read_and_change_settings(browser: Browser, user: str) -> None:
    browser.sign_in(user)
    may = user == "manager-1"
    for path in (PAGE, f"{PAGE}/price-list"):
        assert browser.get(path).status_code == (200 if may else 403), path
    for act in ACTS:
        assert browser.get(f"{PAGE}/{act}").status_code == (303 if may else 403), act
        assert browser.post(f"{PAGE}/{act}", {"csrf": "x"}).status_code == 403, act
    elsewhere = PAGE.replace("riverside", "hillside")
    assert browser.get(elsewhere).status_code == 404


def test_an_act_that_is_none_is_not_there(browser: Browser) -> None:
    browser.sign_in("manager-1")
    csrf = next(iter(Form(html(browser.get(PAGE))).forms.values()))["csrf"]
    assert browser.post(f"{PAGE}/everything", {"csrf": csrf}).status_code == 404
    visitor = Browser(browser.client, browser.office)
    assert visitor.get(PAGE).status_code == 401
