"""Posters with QR codes: each leads to the form with its building begun (A1)."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.web import poster_page
from chalicelib.web.poster_page import begun
from tests.browser import BASE, REPORT, Browser, html, text


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("1-3", ["1 栋", "2 栋", "3 栋"]),
        ("3/2，A座、1", ["3/2", "A座", "1 栋"]),
        ("2, 2", ["2 栋"]),
        ("5-4", []),
        ("<script>", ["<script>"]),
    ],
)
def test_each_building_that_was_typed_has_its_poster(browser: Browser, typed: str, places: list[str]) -> None:
    browser.sign_in("agent-1")
    page = browser.get(f"/desk/riverside/posters?buildings={typed}")
    assert html(page).count('class="qr"') == len(places)
    assert "<script>" not in html(page)
    for place in places:
        assert f"滨江花园 {place}" in text(page)


def test_too_many_are_said_and_the_first_are_made(browser: Browser) -> None:
    browser.sign_in("agent-1")
    page = browser.get("/desk/riverside/posters?buildings=1-999")
    assert html(page).count('class="qr"') == poster_page.MOST
    assert "一次最多 60 张" in text(page)


@pytest.mark.req("A1")
def test_whoever_scans_one_is_at_the_form_with_the_building_filled_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[str] = []
    monkeypatch.setattr(poster_page, "qr", lambda address: codes.append(address) or "")
    browser.sign_in("agent-1")
    browser.get("/desk/riverside/posters?buildings=3")
    (address,) = codes
    assert address.startswith(f"{BASE}/c/riverside?")
    assert parse_qs(urlsplit(address).query) == {"unit": ["3-"]}
    page = html(browser.get(address.removeprefix(BASE)))
    assert re.search(r'name="unit"[^>]* value="3-"', page)
    assert browser.post("/c/riverside", {**REPORT, "unit": "3-1201"}).status_code == 303


@pytest.mark.parametrize(("building", "unit"), [("3", "3-"), ("3/2", "3-2-"), ("A座", "A座"), ("B", "B-")])
def test_a_unit_begins_with_its_building(building: str, unit: str) -> None:
    assert begun(building) == unit
