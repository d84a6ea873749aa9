"""No cookie of the host can sign anybody out: each is read by itself."""

from urllib.parse import quote

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from tests.browser import Browser, html

OTHERS = [
    '{"theme": "dark", "n": [1, 2]}',
    "主题=深色",
    "主题",
    "a b c",
    "a = b",
    "=",
    "=x",
    '"',
    'x="a; b"',
    "x=a,b",
    "x=\\",
    "expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "path=/; domain",
    "$Version=1",
    "session",
    "xsession=1",
    "session2=2",
    "__Host-session",
    "é=ü",
    "\t",
]


@pytest.mark.req("E8")
@pytest.mark.parametrize("other", OTHERS)
def test_a_session_lives_beside_any_other_cookie(browser: Browser, other: str) -> None:
    browser.sign_in("agent-1")
    own = browser.cookie
    for cookie in (f"{other}; {own}", f"{own}; {other}", f"{other};{own};{other}"):
        browser.cookie = cookie
        assert browser.get("/desk/riverside").status_code == 200, cookie
        chosen = browser.client.http.get("/", headers={"Cookie": f"{other}; lang=en"})
        assert '<html lang="en">' in html(chosen)


cookies = st.text(st.characters(exclude_characters=";\r\n\0", exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=st.lists(cookies, max_size=3), after=st.lists(cookies, max_size=3))
def test_whatever_other_cookies_hold(browser: Browser, before: list[str], after: list[str]) -> None:
    others = [*before, *after]
    if any(pair.partition("=")[0].strip() == "__Host-session" for pair in others):
        return
    browser.cookie = ""
    browser.sign_in("agent-1")
    browser.cookie = ";".join([*before, browser.cookie, *after])
    assert browser.get("/desk/riverside").status_code == 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_no_header_breaks_a_page(browser: Browser, value: str) -> None:
    names = ("Accept-Language", "Cookie", "Sec-Fetch-Site", "If-None-Match", "Authorization", "X-CSRF-Token")
    with Client(app.app) as client:
        for name in names:
            assert client.http.get("/c/riverside", headers={name: value}).status_code == 200, name
        posted = client.http.post(
            "/c/riverside",
            body=quote(value).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=" + value},
        )
        assert posted.status_code in {400, 415}
