"""A report, by whatever entrance, is looked at once: one number parsed, what surrounds it asked for once."""

from collections.abc import Iterator
from typing import Any

import phonenumbers
import pytest

from chalicelib.domain.case.context import Context
from chalicelib.services.desk import Desk
from tests.api_desk import ApiDesk, api_desk
from tests.browser import REPORT, Browser, Form, html, text
from tests.builders import Office


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every phone number that is parsed, as often as it is."""
    numbers: list[str] = []
    parse = phonenumbers.parse

    def counted(number: str, *more: Any, **how: Any) -> Any:
        numbers.append(number)
        return parse(number, *more, **how)

    monkeypatch.setattr(phonenumbers, "parse", counted)
    return numbers


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every community whose context is asked for."""
    communities: list[str] = []
    found = Desk.context

    def counted(desk: Desk, *what: Any) -> Context:
        communities.append(what[0].id)
        return found(desk, *what)

    monkeypatch.setattr(Desk, "context", counted)
    return communities


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A3")
@pytest.mark.parametrize("user", [None, "agent-1"])
def test_by_the_api_a_phone_number_is_parsed_once(api: ApiDesk, user: str | None, parsed: list[str]) -> None:
    assert api.report(user=user, phone="139 0000 1234").status_code == 201
    assert parsed == ["139 0000 1234"]


@pytest.mark.req("A3")
def test_by_the_page_a_phone_number_is_parsed_once(
    browser: Browser, desk: Office, parsed: list[str], asked: list[str]
) -> None:
    assert browser.post("/c/riverside", {**REPORT, "phone": "139 0000 1234"}).status_code == 303
    assert parsed == ["139 0000 1234"]
    assert asked == ["riverside"]
    assert desk.desk.cases.get("riverside", "202611-0001").report.phone == "+8613900001234"


@pytest.mark.req("A3")
def test_at_the_desk_a_phone_number_is_parsed_once(browser: Browser, parsed: list[str]) -> None:
    browser.sign_in("agent-1")
    page = browser.get("/desk/riverside/new")
    form = Form(html(page)).forms["../../desk/riverside/new"]
    call = {**form, **REPORT, "channel": "hotline_operator", "phone": "139 0000 1234"}
    sent = browser.post("/desk/riverside/new", {key: value for key, value in call.items() if "?" not in key})
    assert sent.status_code == 303
    assert parsed == ["139 0000 1234"]


def test_a_form_sent_again_is_the_same_report(browser: Browser) -> None:
    """The form's own key makes it one; with other words it is another report, and says so first."""
    sent = {**REPORT, "once": "k"}
    first = browser.post("/c/riverside", sent)
    assert browser.post("/c/riverside", sent).headers == first.headers
    other = browser.post("/c/riverside", {**sent, "text": "电梯也坏了"})
    assert (other.status_code, "之前已用别的内容登记过" in text(other)) == (409, True)
    fresh = Form(html(other)).forms["../c/riverside"]["once"]
    again = browser.post("/c/riverside", {**sent, "text": "电梯也坏了", "once": fresh})
    assert again.headers["Location"] != first.headers["Location"]
