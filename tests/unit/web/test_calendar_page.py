"""The calendar as a page: read by the staff, changed by the manager after seeing what moves (G1)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.services.calendar.days import DayView
from chalicelib.web.calendar_page import _day
from chalicelib.web.words import words
from tests.browser import Browser, browsing, html, text
from tests.builders import MONDAY, Office, office
from tests.fakes.directory import FakeDirectory

PAGE = "/desk/riverside/calendar"
DAY = timedelta(days=1)
CLOSED = {"day": "2026-11-24", "what": "closed", "reason": "停电检修"}


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        made.sign_in("manager-1")
        yield made


def csrf(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html(browser.get(PAGE)))
    assert found is not None
    return found[1]


def slow_case(desk: Office) -> Case:
    """To be solved in two working days from Monday 09:00."""
    directory = desk.stores.directory
    assert isinstance(directory, FakeDirectory)
    directory.put(replace(directory.community("riverside"), regulation="S2"))
    return desk.register(kind="inquiry", matter="move_card").case


@pytest.mark.req("G1")
def test_what_would_move_is_shown_and_the_change_moves_just_that(browser: Browser, desk: Office) -> None:
    number = slow_case(desk).number
    form = {**CLOSED, "csrf": csrf(browser)}
    look = browser.post(PAGE, {**form, "step": "look"})
    rows = re.findall(
        r"<tr><td><a[^>]*>([\d-]+)</a></td><td>[^<]*</td>"
        r'<td data-label="现在的时限">([^<]*)</td><td data-label="调整后"[^>]*>([^<]*)',
        html(look),
    )
    assert html(look).index('value="do"') < html(look).index("data-label="), "the button is above the rows"
    foreseen = {(found, unescape(before), unescape(after)) for found, before, after in rows}
    assert (number, "11月25日 周三 18:00", "11月26日 周四 18:00") in foreseen
    assert desk.desk.cases.get("riverside", number).clocks.solve_due_at == MONDAY + 2 * DAY + timedelta(
        hours=9
    )
    assert desk.desk.directory.community("riverside").amendments == ()

    done = browser.post(PAGE, {**form, "step": "do"})
    assert "其中 1 件的时限已更新" in text(done)
    assert desk.desk.cases.get("riverside", number).clocks.solve_due_at == MONDAY + 3 * DAY + timedelta(
        hours=9
    )
    event = desk.desk.cases.events("riverside", number)[-1].payload
    assert len(event.moved) == len(rows), "the preview is the amendment's own rule"  # type: ignore[union-attr]
    row = text(done)
    assert "停电检修" in row
    assert desk.desk.directory.community("riverside").amendments[0].by == "manager-1"

    again = browser.post(PAGE, {**form, "step": "do"})
    assert "其中 0 件的时限已更新" in text(again), "a repeat moves nothing"
    back = browser.post(PAGE, {**form, "what": "usual", "step": "look"})
    assert "11月26日 周四 18:00" in text(back)
    assert "11月25日 周三 18:00" in text(back)
    assert "其中 1 件的时限已更新" in text(browser.post(PAGE, {**form, "what": "usual", "step": "do"}))
    assert desk.desk.directory.community("riverside").amendments == ()


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": "2026-11-20"}, "这一天已经过去"),
        ({"day": "2036-11-20"}, "这一天太远"),
        ({"day": "morgen"}, "日期不对"),
        ({"what": "hours"}, "请选择不上班，或填写上班的起止时间"),
        ({"what": "hours", "opens": "12:00", "closes": "09:00"}, "时段不对"),
        ({"what": "hours", "opens": "12"}, "时段不对"),
        ({"what": "usual"}, "没有调整过"),
        ({"reason": ""}, "请填写日期、调整内容和原因"),
    ],
)
@pytest.mark.parametrize("step", ["look", "do"])
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    browser: Browser, step: str, changed: dict[str, str], said: str
) -> None:
    form = {**CLOSED, "csrf": csrf(browser), **changed, "step": step}
    answer = browser.post(PAGE, form)
    assert answer.status_code in {400, 404}
    assert said in text(answer)
    assert f'value="{form["day"]}"' in html(answer)
    assert f'value="{form["reason"]}"' in html(answer)


@pytest.mark.req("G1", "G13")
def test_hours_of_a_day_are_read_and_everybody_of_the_staff_reads_the_year(
    browser: Browser, desk: Office
) -> None:
    hours = {
        "what": "hours",
        "opens": "09:00",
        "closes": "11:00",
        "opens_again": "15:00",
        "closes_again": "16:00",
    }
    browser.post(PAGE, {**CLOSED, **hours, "csrf": csrf(browser), "step": "do"})
    assert desk.desk.directory.community("riverside").amendments[0].windows == (
        ("09:00", "11:00"),
        ("15:00", "16:00"),
    )
    browser.sign_in("engineering-1")
    page = browser.get(f"{PAGE}?year=2026")
    assert "09:00–11:00、15:00–16:00" in text(page)
    assert 'name="day"' not in html(page)
    assert browser.get(f"{PAGE}?year=sometime").status_code == 400


@pytest.mark.req("G1")
@pytest.mark.parametrize(
    ("language", "said"), [("zh-CN", "国庆节"), ("zh-TW", "國慶節"), ("en", "National Day")]
)
def test_festivals_are_in_the_language_of_whoever_reads(language: str, said: str) -> None:
    day = DayView(date(2026, 10, 1), (), "国庆节", provisional=False)
    assert _day(day, words(language))[2] == said
