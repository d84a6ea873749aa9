"""Another language or look is chosen on a page with a form: what was typed stays (A3, G8)."""

import re
from html import unescape

import pytest

from chalicelib.domain.case.links import Purpose
from tests.browser import REPORT, Browser, completed, html, link, text

TYPED = "走廊的灯不亮 <b>&"
WAY = r'formaction="([^"]*\?(?:lang|look)=[a-zA-Z-]+)"'


def ways(page: str) -> list[str]:
    """Where the buttons of another language or look send the form of a page."""
    return [unescape(way) for way in re.findall(WAY, page)]


def filled(page: str) -> dict[str, str]:
    """What stands in the fields of a page, by their names."""
    inputs = re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page)
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n([^<]*)<', page)
    return {name: unescape(value) for name, value in (*inputs, *areas)}


@pytest.mark.req("A3", "G8")
@pytest.mark.parametrize("address", ["/c/riverside", "/desk/riverside/new"])
def test_a_report_keeps_what_was_typed_in_another_language_or_look(browser: Browser, address: str) -> None:
    browser.sign_in("agent-1")
    page = html(browser.get(address))
    assert len(ways(page)) == 4
    typed = {**filled(page), **REPORT, "text": TYPED}
    for way in ways(page):
        browser.at = address
        again = browser.post(way, typed)
        assert again.status_code == 200, "shown, and not registered"
        shown = filled(html(again))
        assert {name: shown[name] for name in ("text", "unit", "name", "phone")} == {
            name: typed[name] for name in ("text", "unit", "name", "phone")
        }
        assert shown["once"] == typed["once"]
        assert re.search(r'<option value="repair" selected', html(again))


@pytest.mark.req("A3", "G8")
def test_the_page_says_it_in_the_language_that_was_chosen(browser: Browser) -> None:
    browser.get("/c/riverside")
    page = browser.post("/c/riverside?lang=en", {"text": TYPED, "unit": "3-1201"})
    assert '<html lang="en"' in html(page)
    assert "Report something" in text(browser.get("/c/riverside")), "it is remembered"


@pytest.mark.req("A3")
def test_a_key_sends_the_report_and_no_other_language(browser: Browser) -> None:
    buttons = re.findall(r'<(?:button|input)[^>]*form="report"[^>]*>', html(browser.get("/c/riverside")))
    assert "hidden" in buttons[0], "Enter in a field presses the first button of a form"


@pytest.mark.req("D1", "G8")
def test_a_survey_keeps_the_stars_and_the_words(browser: Browser) -> None:
    survey = link(browser.office, completed(browser.office), Purpose.RATE)
    page = html(browser.get(survey))
    for way in ways(page):
        browser.at = survey
        again = browser.post(way, {"score": "2", "comment": TYPED})
        assert again.status_code == 200
        assert filled(html(again))["comment"] == TYPED
        assert re.search(r'value="2" required checked', html(again))


@pytest.mark.req("E5", "G24")
@pytest.mark.parametrize("address", ["/c/riverside/cases", "/c/riverside/my-data"])
def test_a_number_and_its_code_are_asked_for_as_before(browser: Browser, address: str) -> None:
    for way in ways(html(browser.get(address))):
        browser.at = address
        assert (
            filled(html(browser.post(way, {"do": "send", "phone": "13900001234"})))["phone"] == "13900001234"
        )
        browser.at = address
        asked = html(browser.post(way, {"do": "prove", "phone": "13900001234", "request": "r1", "code": ""}))
        assert filled(asked)["request"] == "r1"
        assert 'name="code"' in asked


@pytest.mark.req("E5", "G24")
@pytest.mark.parametrize("address", ["/c/riverside/cases", "/c/riverside/my-data"])
@pytest.mark.parametrize(("typed", "says"), [("12", "分机"), ("a@b", "name@example.com")])
def test_a_number_that_is_none_is_told_how_one_is_written(
    browser: Browser, address: str, typed: str, says: str
) -> None:
    refused = browser.post(address, {"do": "send", "phone": typed})
    assert refused.status_code == 400
    assert says in text(refused)
