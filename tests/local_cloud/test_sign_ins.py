"""Sessions on a running desk: renewed by the page, and over everywhere when their person says so."""

import base64
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask

COMMUNITY = "lanting"


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        return None


class Pages:
    """A browser with cookies of its own."""

    def __init__(self, desk: RunningDesk) -> None:
        self.desk, self.cookies = desk, http.cookiejar.CookieJar()
        keeps = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(keeps, Stays)

    def go(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        sent = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self._opener.open(self.desk.base_url + path, sent, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def cookie(self, name: str) -> str:
        return next(str(cookie.value) for cookie in self.cookies if cookie.name == name)

    def forget(self, name: str) -> None:
        self.cookies.clear("127.0.0.1", "/", name)


def claims(token: str) -> dict[str, int]:
    read: dict[str, int] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return read


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.req("E8")
def test_a_page_renews_its_session_and_its_person_ends_all(desk: RunningDesk) -> None:
    (account, *_) = desk.accounts("committee", COMMUNITY)
    given = {"username": account["username"], "password": account["password"]}
    browser, other = Pages(desk), Pages(desk)
    assert [pages.go("/desk", given)[0] for pages in (browser, other)] == [303, 303]
    first = browser.cookie("session")
    assert claims(first)["exp"] - claims(first)["iat"] == 3600
    browser.forget("session")
    status, page = browser.go("/desk/account")
    renewed = browser.cookie("session")
    assert (status, renewed != first) == (200, True)
    assert claims(renewed)["auth_time"] == claims(first)["auth_time"], "the same session, as AWS has it"
    assert browser.go("/desk/account/sign-out", {"csrf": csrf(page)})[0] == 303
    assert other.go("/desk/account")[0] == 401
    assert [ask(desk, "GET", "/v1/me", token=token)[0] for token in (first, renewed)] == [401, 401]
