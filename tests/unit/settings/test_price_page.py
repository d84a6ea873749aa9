"""A manager publishes a price list by page: looked at first, for a later day, on record (B10)."""

from datetime import timedelta

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.community.prices import PriceItem, PriceList
from chalicelib.domain.work.forms import ProposeForm
from tests.browser import HANDLER, Browser, Form, html, signed, text
from tests.builders import MONDAY, Office, community

PAGE = "/desk/riverside/settings"
SHEET = "项目,单位,单价,编号\n更换水龙头,个,95.50,tap\n换灯,盏,20,\n"
FIRST = (MONDAY + timedelta(days=30)).date().isoformat()
TOLD = "公告栏公示"


@pytest.fixture
def manager(browser: Browser) -> Browser:
    browser.sign_in("manager-1")
    return browser


def form_of(browser: Browser, act: str) -> dict[str, str]:
    forms = Form(html(browser.get(PAGE))).forms
    return next(fields for action, fields in forms.items() if action.endswith(f"/{act}"))


def hand_in(browser: Browser, sheet: str = SHEET, first: str = FIRST, told: str = TOLD) -> HTTPResponse:
    typed = {"csrf": form_of(browser, "prices")["csrf"], "from": first, "announced": told}
    return browser.upload(f"{PAGE}/prices", typed, "标准.csv", sheet.encode("gb18030"))


def send(browser: Browser, act: str) -> HTTPResponse:
    return browser.post(f"{PAGE}/{act}", form_of(browser, act))


def published(browser: Browser, sheet: str = SHEET, first: str = FIRST) -> None:
    assert hand_in(browser, sheet, first).status_code == 303
    assert send(browser, "publish").status_code == 303


def lists(desk: Office) -> tuple[PriceList, ...]:
    return desk.desk.directory.community("riverside").price_lists


@pytest.mark.req("B10")
def test_what_changes_is_shown_before_yes_and_holds_from_its_day_alone(
    desk: Office, manager: Browser
) -> None:
    assert hand_in(manager).status_code == 303
    shown = text(manager.get(PAGE))
    assert "公布之前不会改动" in shown
    assert "更换水龙头 80 元/个 95.50 元/个" in shown
    assert "换灯 无 20 元/盏" in shown
    assert not lists(desk)
    typed = form_of(manager, "publish")
    for _ in range(2):  # pressed twice
        assert manager.post(f"{PAGE}/publish", typed).status_code == 303
    (made,) = lists(desk)
    assert (made.valid_from, made.version, made.by, made.announced) == (FIRST, "1", "manager-1", TOLD)
    shown = text(manager.get(PAGE))
    assert "即将执行" in shown
    assert f"公布收费标准，执行日期：{FIRST}" in shown
    here = desk.desk.directory.community("riverside")
    assert [item.fee_fen for item in here.prices_at(desk.clock())] == [8000]
    assert [item.fee_fen for item in here.prices_at(desk.clock() + timedelta(days=31))] == [9550, 2000]


@pytest.mark.req("B10")
def test_a_case_keeps_the_price_of_the_day_on_which_it_was_quoted(desk: Office, manager: Browser) -> None:
    published(manager)
    tap = ProposeForm("老化", "换龙头", price_item="tap")
    before = desk.do(signed(desk, matter="home_other"), "propose", HANDLER, tap)
    desk.clock.advance(timedelta(days=31))
    after = desk.do(signed(desk, matter="home_other"), "propose", HANDLER, tap)
    prices = [desk.case(case).work.plan.price_fen for case in (before, after)]
    assert prices == [8000, 9550]
    listed = desk.case(after).work.plan.listed
    assert (listed.valid_from, listed.version) == (FIRST, "1")


@pytest.mark.req("B10")
def test_a_changed_list_needs_a_month_and_the_first_one_a_day(desk: Office, manager: Browser) -> None:
    early = (MONDAY + timedelta(days=29)).date().isoformat()
    refused = hand_in(manager, first=early)
    assert refused.status_code == 409
    assert f"最早可从 {FIRST} 起执行" in text(refused)
    assert f'value="{early}"' in html(refused), "what was typed is kept"
    assert TOLD in html(refused)
    far = hand_in(manager, first="2036-01-01")
    assert (far.status_code, "检查年份" in text(far)) == (400, True)
    assert hand_in(manager, first="soon").status_code == 400
    assert hand_in(manager, told=" ").status_code == 400
    desk.desk.directory.put(community(prices=()))  # type: ignore[attr-defined]
    tomorrow = (MONDAY + timedelta(days=1)).date().isoformat()
    published(manager, first=tomorrow)
    assert lists(desk)[0].valid_from == tomorrow


@pytest.mark.req("B10")
def test_a_list_that_waited_too_long_for_its_yes_is_not_published(desk: Office, manager: Browser) -> None:
    assert hand_in(manager).status_code == 303
    desk.clock.advance(timedelta(days=1))
    manager.sign_in("manager-1")
    assert send(manager, "publish").status_code == 409
    assert not lists(desk)


@pytest.mark.req("B10")
def test_nothing_changes_until_every_line_is_right(desk: Office, manager: Browser) -> None:
    wrong = hand_in(manager, SHEET + "换灯,盏,-1,\n换锁,次,1.234,\n")
    assert wrong.status_code == 400
    shown = text(wrong)
    assert "第 4 行：“-1”是负数" in shown
    assert "第 5 行：“1.234”不足一分" in shown
    assert all(not action.endswith("/publish") for action in Form(html(wrong)).forms)
    without = manager.post(f"{PAGE}/prices", {"csrf": form_of(manager, "prices")["csrf"]})
    assert (without.status_code, "请选择文件" in text(without)) == (400, True)
    assert not lists(desk)


@pytest.mark.req("B10")
def test_a_list_to_come_is_taken_back_or_replaced_and_one_that_holds_is_not(
    desk: Office, manager: Browser
) -> None:
    published(manager)
    old = lists(desk)[0].id
    hand_in(manager, SHEET.replace("95.50", "90"))
    assert "将取代同一天执行的第 1 版" in text(manager.get(PAGE))
    send(manager, "publish")
    assert [(made.version, made.items[0].fee_fen) for made in lists(desk)] == [("2", 9000)]
    csrf = form_of(manager, "prices")["csrf"]
    assert manager.post(f"{PAGE}/publish", {"csrf": csrf, "draft": old}).status_code == 409
    typed = form_of(manager, "withdraw")
    for _ in range(2):
        assert manager.post(f"{PAGE}/withdraw", typed).status_code == 303
    assert not lists(desk)
    published(manager)
    holding = {"csrf": "", "list": lists(desk)[0].id}
    desk.clock.advance(timedelta(days=31))
    manager.sign_in("manager-1")
    holding["csrf"] = form_of(manager, "prices")["csrf"]
    assert manager.post(f"{PAGE}/withdraw", holding).status_code == 409


@pytest.mark.req("B10")
def test_a_list_comes_down_as_a_file_that_can_be_handed_in_again(desk: Office, manager: Browser) -> None:
    odd = PriceItem("odd", "=更换@门锁", 1, "次")
    here = desk.desk.directory.community("riverside")
    desk.desk.directory.put(community(prices=(*here.prices, odd)))  # type: ignore[attr-defined]
    for language in ("zh-CN", "zh-TW", "en"):
        manager.language = language
        came = manager.get(f"{PAGE}/price-list")
        assert came.headers["Content-Type"].startswith("text/csv")
        assert hand_in(manager, html(came).removeprefix("\ufeff")).status_code == 303
    manager.language = "zh-CN"
    assert "届时没有变动，共 2 项" in text(manager.get(PAGE))
    published(manager)
    coming = lists(desk)[0].id
    assert "95.50" in html(manager.get(f"{PAGE}/price-list?list={coming}"))
    assert manager.get(f"{PAGE}/price-list?list=none").status_code == 404
    desk.clock.advance(timedelta(days=31))
    manager.sign_in("manager-1")
    published(manager, SHEET.replace("20", "25"), (desk.clock() + timedelta(days=31)).date().isoformat())
    desk.clock.advance(timedelta(days=40))
    manager.sign_in("manager-1")
    assert "以往的标准" in text(manager.get(PAGE))
    assert "95.50" in html(manager.get(f"{PAGE}/price-list?list={coming}")), (
        "a list of before stays to be read"
    )
