"""However much was written about a case, no answer is over 1 MB, and everything can still be read."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import LONG, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.services.views.parts import MOST_BYTES, MOST_NOTICES
from tests.browser import HANDLER, Browser, assigned, browsing, html, link
from tests.builders import Office, office
from tests.fakes.identity import FakeIdentity

NOTES = 989
MOST = 1_000_000
MARKED = re.compile(r"§(\d+)§")
API = "/v1/communities/riverside"
Noted = tuple[Office, Case]


@pytest.fixture(scope="module")
def noted() -> Noted:
    """A case with very many notes of the longest length, each of which has its number in it."""
    place = office()
    case = place.do(assigned(place), "sign", HANDLER, SignForm("工程部甲"))
    for nth in range(NOTES):
        place.clock.advance(timedelta(seconds=30))
        note = f"§{nth}§".ljust(LONG, "字")
        case = place.do(case, "progress", HANDLER, RequiredNoteForm(note))
    return place, case


@pytest.fixture
def browser(noted: Noted) -> Iterator[Browser]:
    with browsing(noted[0]) as made:
        yield made


def read_through(browser: Browser, address: str, most: int = NOTES) -> list[int]:
    """The numbers of the notes on the parts of a page, as they come."""
    found: list[int] = []
    while address and len(found) < most:
        page = browser.get(address)
        assert page.status_code == 200
        assert len(page.body) < MOST
        found += [int(nth) for nth in MARKED.findall(html(page))]
        further = re.search(r'href="([^"]+\?earlier=\d+)"', html(page))
        address = further[1] if further else ""
    return found


@pytest.mark.req("B8", "E5")
def test_the_pages_of_staff_handler_and_resident_go_back_part_by_part(noted: Noted, browser: Browser) -> None:
    place, case = noted
    newest_first = list(reversed(range(NOTES)))
    assert read_through(browser, link(place, case, Purpose.TRACK)) == newest_first
    browser.sign_in("manager-1")
    for address in (link(place, case, Purpose.WORK), f"/desk/riverside/cases/{case.number}"):
        found = read_through(browser, address, 90)
        assert found == newest_first[: len(found)]
        assert len(found) >= 90


@pytest.mark.req("E5")
def test_the_timeline_of_a_link_goes_back_part_by_part(noted: Noted, browser: Browser) -> None:
    place, case = noted
    address, earlier, found = f"/v1{link(place, case, Purpose.TRACK).replace('/l/', '/links/')}", None, []
    while True:
        answer = browser.get(address + (f"?earlier={earlier}" if earlier else ""))
        assert answer.status_code == 200
        assert len(answer.body) < MOST
        view = answer.json_body
        found = [int(nth) for nth in MARKED.findall(json.dumps(view["timeline"], ensure_ascii=False))] + found
        earlier = view["earlier"]
        if earlier is None:
            break
    assert found == list(range(NOTES))
    assert browser.get(f"{address}?earlier=x").status_code == 400
    assert browser.get(f"{address}?earlier=1").json_body["timeline"] == []


def asked(browser: Browser, address: str) -> HTTPResponse:
    given = {"username": "manager-1", "password": FakeIdentity.PASSWORD}
    sent = {"Content-Type": "application/json"}
    session = browser.client.http.post(
        "/v1/sessions", body=json.dumps(given).encode(), headers=sent
    ).json_body
    answer = browser.client.http.get(address, headers={"Authorization": f"Bearer {session['token']}"})
    assert answer.status_code == 200, answer.body
    assert len(answer.body) < MOST
    return answer


@pytest.mark.req("E8")
def test_the_history_of_the_api_ends_a_page_where_texts_are_long(noted: Noted, browser: Browser) -> None:
    _, case = noted
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        answer = asked(browser, f"{API}/cases/{case.number}/events?limit=100{more}")
        assert len(answer.body) < 2 * MOST_BYTES, "a hundred of the longest notes have 600 KB"
        page = answer.json_body
        found += [item["version"] for item in page["items"]]
        cursor = page["cursor"]
    assert found == list(range(1, case.version + 1))


@pytest.mark.req("G8")
def test_the_messages_of_a_case_go_back_part_by_part(noted: Noted, browser: Browser) -> None:
    place, case = noted
    every = place.stores.notices.of_case("riverside", case.number)
    assert len(every) > 3 * MOST_NOTICES
    found: list[Any] = []
    while True:
        view = asked(browser, f"{API}/cases/{case.number}?notices_after={len(found)}").json_body
        assert len(view["notices"]) <= MOST_NOTICES
        found = view["notices"] + found
        if not view["notices_older"]:
            break
    assert len(found) == len(every)
    assert [notice["created_at"] for notice in found] == sorted(notice["created_at"] for notice in found)

    browser.sign_in("manager-1")
    page = html(browser.get(f"/desk/riverside/cases/{case.number}"))
    further = re.search(r'href="([^"]+\?messages=\d+)"', page)
    assert further
    assert html(browser.get(further[1])) != page
