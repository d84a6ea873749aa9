"""The page of a month under another regulation (G23)."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from tests.browser import Browser, browsing, text
from tests.builders import MONDAY, Office, office

PAGE = "/desk/riverside/what-if"
ASKED = f"{PAGE}?pack=S2&month=2026-11"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        made.sign_in("supervisor-1")
        yield made


@pytest.mark.req("G23")
def test_nothing_is_run_before_it_is_asked_for(browser: Browser, desk: Office) -> None:
    desk.register()
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "<table" not in page.body.decode()
    assert 'value="2026-11"' in page.body.decode(), "the newest month with cases: the last one has none"


@pytest.mark.req("G23")
def test_what_nobody_typed_is_no_mistake_of_theirs(browser: Browser) -> None:
    page = browser.get(f"{PAGE}?pack=S2")
    assert page.status_code == 200
    assert "近 12 个月也没有" in text(page)
    assert browser.get(f"{PAGE}?pack=S2&month=").status_code == 200


@pytest.mark.req("G23")
@pytest.mark.parametrize(("language", "missed"), [("zh-CN", "超时"), ("zh-TW", "逾時"), ("en", "missed")])
def test_a_month_stands_side_by_side(browser: Browser, desk: Office, language: str, missed: str) -> None:
    for _ in range(3):
        desk.register(kind="repair", matter="home_other")
    desk.clock.set(MONDAY + timedelta(days=3, hours=8))
    browser.language = language
    page = browser.get(ASKED)
    assert page.status_code == 200
    total = page.body.decode().partition("<tbody>")[2].partition("</tr>")[0]
    cells = [cell.partition("</td>")[0] for cell in total.split('<td class="n">')[1:]]
    assert cells[:5] == ["3", "3", "0", "100%", "0%"], "48 hours against 7 working days"
    assert missed in text(page)
    assert not [said for said in ("王芳", "202611-", "工程部甲") if said in text(page)]


@pytest.mark.req("G23")
def test_a_month_without_cases_leads_to_those_that_have_some(browser: Browser, desk: Office) -> None:
    empty = browser.get(f"{PAGE}?pack=S2&month=2026-10")
    assert empty.status_code == 400
    assert "近 12 个月也没有" in text(empty)
    desk.register()
    page = browser.get(f"{PAGE}?pack=S2&month=2026-10")
    assert page.status_code == 400
    assert f"{ASKED.partition('?')[0]}?month=2026-11&pack=S2" in unescape(page.body.decode())
    wrong = browser.get(f"{PAGE}?pack=S2&month=2026-13")
    assert (wrong.status_code, "2026-13" in text(wrong)) == (400, True)
    assert {browser.get(f"{PAGE}?pack={pack}").status_code for pack in ("S9", "default")} == {404}


@pytest.mark.req("G23")
def test_a_large_month_is_run_in_parts_and_says_so(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.web.what_if_page.MOST_CASES", 2)
    for _ in range(3):
        desk.register()
    first = browser.get(ASKED)
    assert "本月还有更多" in text(first)
    more = unescape(first.body.decode()).partition("&cursor=")[2].partition('"')[0]
    last = browser.get(f"{ASKED}&cursor={more}")
    assert "共 1 件工单" in text(last)
    assert "本月余下" in text(last)
    assert browser.get(f"{ASKED}&cursor=x{more}").status_code == 400
