"""The board of the day: each number leads to a list of just those cases (E1, B7)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, TIMER
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.timers import TimersForm
from tests.browser import HANDLER, Browser, assigned, browsing, completed, html, signed, text
from tests.builders import Office, office

PAGE = "/desk/riverside/board"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        made.sign_in("supervisor-1")
        yield made


def counted(browser: Browser) -> dict[str, int]:
    """The address of each number on the board → the number."""
    page = html(browser.get(PAGE))
    tiles = re.findall(r'<a class="tile[^"]*" href="([^"]+)"><strong>(\d+)</strong>', page)
    cells = re.findall(r'<td class="n"><a href="([^"]+)"[^>]*>(\d+)</a>', page)
    return {unescape(address): int(number) for address, number in [*tiles, *cells]}


@pytest.mark.req("B7", "E1")
def test_each_number_leads_to_just_those_cases(browser: Browser, desk: Office) -> None:
    desk.register(matter="seepage", kind="repair", unit="3-1201")
    late = assigned(desk)
    desk.clock.advance(timedelta(hours=9))
    desk.do(late, "fire_timers", TIMER, TimersForm())
    desk.register(matter="elevator", kind="repair")
    assigned(desk)
    signed(desk)
    completed(desk, matter="lighting_lock")
    numbers = counted(browser)
    assert len(numbers) >= 12
    for address, number in numbers.items():
        browser.get(PAGE)
        listed = browser.get(address)
        assert listed.status_code == 200
        assert len(re.findall(r"<tr data-number=", html(listed))) == number, address
    for of in ("due=2h", "overdue=1", "state=assigned", "state=registered", "signed=today", "handler="):
        assert any(of in address for address in numbers), of


@pytest.mark.req("B2", "E1")
def test_the_time_to_sign_is_the_months_average_whatever_became_of_the_cases(
    browser: Browser, desk: Office
) -> None:
    assert "平均签收用时：暂无" in text(browser.get(PAGE))
    first, second = assigned(desk), assigned(desk)
    desk.clock.advance(timedelta(minutes=10))
    desk.do(first, "sign", HANDLER, SignForm("工程部甲"))
    desk.clock.advance(timedelta(minutes=20))
    desk.do(second, "sign", HANDLER, SignForm("工程部甲"))
    assert "本月平均签收用时：20分" in text(browser.get(PAGE))
    desk.do(second, "withdraw", RESIDENT, ReasonForm("不用了"))
    desk.clock.advance(timedelta(days=1))
    assert "本月平均签收用时：20分" in text(browser.get(PAGE)), "one that has ended counts too"
    desk.clock.advance(timedelta(days=30))
    assert "平均签收用时：暂无" in text(browser.get(PAGE))
