"""What was typed without a network leaves from any page of work, and is never lost in silence (B3, B9)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.in_browser.people import link_in, new_phone, new_unit
from tests.in_browser.visitor import PHONE, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import report

FOUND = "垫圈老化，已更换，试水十分钟不漏"
OLDER = """() => {
    for (const name of Object.keys(localStorage).filter(key => key.startsWith('work '))) {
        const held = JSON.parse(localStorage.getItem(name))
        localStorage.setItem(name, JSON.stringify({ ...held, at: held.at - 8 * 24 * 3600 * 1000 }))
    }
}"""


@pytest.fixture
def handler(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, Look(PHONE, scripts=True, language="zh-CN"), desk) as opened:
        opened.expects("net::ERR_")
        yield opened


def case_of(desk: RunningDesk) -> tuple[str, str]:
    messages, unit = desk.messages(), new_unit()
    number = str(report(desk, unit=unit, phone=new_phone())["number"])
    return number, link_in(messages, f"{unit}[^\n]*签收")


def typed_without_a_network(handler: Visitor, work: str) -> None:
    """Progress is typed on the page of a case, and sent where there is no network."""
    handler.open(work)
    handler.give("sign", signature="王建军")
    handler.give("start")
    handler.page.context.set_offline(True)
    form = handler.unfold("progress")
    handler.fill(form, note=FOUND)
    handler.page.locator(f"{form} button:not([name]):not([type=button])").first.click()
    expect(handler.page.locator("#kept")).to_contain_text("没有网络")
    handler.page.context.set_offline(False)


def times_told(handler: Visitor, work: str) -> int:
    handler.open(work)
    handler.page.wait_for_timeout(500)
    return handler.page.locator("ol.timeline").inner_text().count(FOUND)


@pytest.mark.req("B3", "B9")
@pytest.mark.parametrize("page", ["another case", "the day", "both at once"])
def test_an_act_that_waits_leaves_from_another_page_once(
    desk: RunningDesk, handler: Visitor, page: str
) -> None:
    number, work = case_of(desk)
    _, other = case_of(desk)
    handler.page.context.route("**/progress", lambda route: route.abort())
    typed_without_a_network(handler, work)
    handler.open(other if page == "another case" else f"{other}/day")
    kept = handler.page.locator("#kept")
    expect(kept).to_contain_text(f"没有网络，尚未发送。已保存在本机，有网络时自动发送： {number}")
    handler.looks_well(still=False)
    if page == "both at once":
        beside = handler.page.context.new_page()
        beside.goto(other)
        expect(beside.locator("#kept")).to_contain_text("没有网络")  # its own first try has failed
        handler.page.context.unroute("**/progress")
        for each in (beside, handler.page):
            each.evaluate("dispatchEvent(new Event('online'))")
        expect(kept).not_to_contain_text("没有网络")
    else:
        handler.page.context.unroute("**/progress")
        kept.get_by_role("button", name="现在重发").click()
        expect(kept).to_contain_text(f"已发送： {number}")
        with handler.page.expect_navigation():
            kept.get_by_role("link", name="打开工单").click()
        assert handler.page.url == work
    assert times_told(handler, work) == 1
    expect(handler.page.locator("#kept")).to_be_hidden()


@pytest.mark.req("B3", "B9")
@pytest.mark.parametrize("why", ["refused", "old"])
def test_what_is_not_sent_is_said_and_stays_to_be_read(desk: RunningDesk, handler: Visitor, why: str) -> None:
    number, work = case_of(desk)
    _, other = case_of(desk)
    handler.page.context.route("**/progress", lambda route: route.abort())
    typed_without_a_network(handler, work)
    handler.page.goto("about:blank")
    with_another = handler.page.context.new_page()
    with_another.goto(f"{other}/receipt")  # any page of the desk, without the script
    if why == "old":
        with_another.evaluate(OLDER)
    else:
        with_another.evaluate(
            """() => {
                const name = Object.keys(localStorage).find(key => key.startsWith('work '))
                const held = JSON.parse(localStorage.getItem(name))
                held.fields = held.fields.map(([key, value]) => [key, key === 'version' ? '1' : value])
                held.action = held.action.replace('/progress', '/resume')
                localStorage.setItem(name.replace('/progress', '/resume'), JSON.stringify(held))
                localStorage.removeItem(name)
            }"""
        )
    with_another.close()
    handler.page.context.unroute("**/progress")
    handler.open(f"{other}/day")
    kept = handler.page.locator("#kept")
    said = "未能办理：" if why == "refused" else "满七天没有发出，不再发送："
    expect(kept).to_contain_text(f"{said} {number}")
    expect(kept).to_contain_text(FOUND)
    expect(kept.get_by_role("link", name="打开工单")).to_have_attribute("href", work)
    handler.looks_well(still=False)
    assert times_told(handler, work) == 0
    expect(handler.page.locator("#kept")).to_contain_text(FOUND)
    handler.page.locator("#kept").get_by_role("button", name="从本机删除").click()
    expect(handler.page.locator("#kept")).not_to_contain_text(said)
    handler.open(f"{other}/day")
    expect(handler.page.locator("#kept")).to_be_hidden()
