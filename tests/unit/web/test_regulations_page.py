"""The regulations as pages: every limit in words with its source, and the deadlines of a case (C, G2)."""

import re
from collections.abc import Iterator

import pytest

from tests.browser import Browser, browsing, html, text
from tests.builders import office, regulations

PAGE = "/desk/riverside/regulations"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as made:
        made.sign_in("manager-1")
        yield made


@pytest.mark.req("G2")
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_each_pack_is_read_as_a_page_with_every_rule(browser: Browser, language: str) -> None:
    browser.language = language
    for pack in ("S0", "S2", "default"):
        page = text(browser.get(f"{PAGE}?pack={pack}"))
        rules = [part for rule in regulations().get(pack).rules for part in rule.limits()]
        assert not [rule.id for rule in rules if rule.id not in page]
    assert browser.get(f"{PAGE}?pack=S9").status_code == 404


@pytest.mark.req("G2")
def test_levels_say_what_they_are_levels_of(browser: Browser) -> None:
    page = text(browser.get(f"{PAGE}?pack=default"))
    assert "· 投诉 · 一般 · 严重程度：一般" in page
    assert "· 一般 · 一般" not in page


@pytest.mark.req("D2")
def test_revisits_are_said_as_people_say_them(browser: Browser) -> None:
    page = text(browser.get(f"{PAGE}?pack=default"))
    assert "回访2次，每次在5个工作日内，当天不计" in page
    assert "回访1次，在5个工作日内，当天不计" in page
    browser.language = "en"
    page = text(browser.get(f"{PAGE}?pack=default"))
    assert "2 revisits, each within 5 working days, the day itself not counted" in page
    assert "1 revisit within 7 days" in page


@pytest.mark.req("C1", "G2")
def test_the_kind_that_is_counted_unless_one_is_chosen_says_so(browser: Browser) -> None:
    kinds = html(browser.get(PAGE)).partition('name="kind"')[2].partition("</select>")[0]
    names = re.findall(r"<option[^>]*>([^<]+)", kinds)
    names = [name.strip() for name in names]
    assert names[0] == "不选，按投诉计"
    assert len(names) == len(set(names))


@pytest.mark.req("C1", "G2")
def test_the_calculator_says_every_deadline_with_its_reasons_as_the_api_does(browser: Browser) -> None:
    query = "pack=S2&matter=move_card&kind=inquiry&at=2026-11-23T09:00"
    page = text(browser.get(f"{PAGE}?{query}"))
    api = browser.client.http.get(
        "/v1/regulations/S2/deadlines?matter=move_card&kind=inquiry&at=2026-11-23T09:00:00%2B08:00"
        "&community=riverside",
        headers={"Accept-Language": "zh-CN"},
    )
    deadlines = api.json_body["deadlines"]
    assert deadlines
    for deadline in deadlines:
        assert not [reason for reason in deadline["reasons"] if reason not in page]
    assert "2026年11月25日（周三）18:00" in page


def test_what_cannot_be_worked_out_is_said_at_its_field_and_stays(browser: Browser) -> None:
    answer = browser.get(f"{PAGE}?matter=move_card&at=tomorrow")
    assert answer.status_code == 400
    assert "tomorrow" in answer.body.decode()
    assert browser.get(f"{PAGE}?matter=nothing").status_code == 400
    assert browser.get(f"{PAGE}?kind=repair").status_code == 400
