"""What goes wrong with browsers: sent twice, gone back, signed out while typing, keys alone, a slow line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.in_browser.people import (
    COMMUNITY,
    HOSTILE,
    fill_in_report,
    link_in,
    new_unit,
    number_on,
    send_report,
    sign_in,
    take_down,
)
from tests.in_browser.visitor import DESK, PHONE, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk

ON_A_PHONE = Look(PHONE, scripts=True, language="zh-CN")
AT_THE_DESK = Look(DESK, scripts=True, language="zh-CN")


def _never_comes(_: Route) -> None:
    """Leaves a request without an answer."""


@pytest.fixture
def resident(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, ON_A_PHONE, desk) as opened:
        yield opened


@pytest.fixture
def agent(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, AT_THE_DESK, desk) as opened:
        sign_in(desk, opened, "agent")
        yield opened


@pytest.mark.req("A4")
def test_back_and_sent_again_is_one_case(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    send_report(resident)
    first = number_on(resident)
    resident.page.reload()
    assert number_on(resident) == first
    resident.page.go_back()
    if resident.page.locator("[name=text]").input_value():  # the browser has kept what was typed
        send_report(resident)
        assert number_on(resident) == first


@pytest.mark.req("A3")
def test_without_a_network_a_report_stays_on_its_page_and_leaves_later(resident: Visitor) -> None:
    resident.expects("net::ERR_")
    fill_in_report(resident, new_unit())
    written = resident.page.locator("[name=text]").input_value()
    resident.page.context.set_offline(True)
    resident.page.locator("#report .go button").click()
    expect(resident.page.locator("#offline")).to_contain_text("没有网络")
    assert resident.page.locator("[name=text]").input_value() == written
    resident.page.context.set_offline(False)
    send_report(resident)
    assert number_on(resident)


@pytest.mark.req("A3")
def test_a_report_is_written_and_sent_with_keys_alone(resident: Visitor) -> None:
    resident.open(f"/c/{COMMUNITY}")
    typed = {"text": "厨房水龙头一直滴水", "unit": new_unit(), "phone": "13900002222", "name": "周先生"}
    keyboard = resident.page.keyboard
    for _ in range(80):
        keyboard.press("Tab")
        focused = resident.page.evaluate(
            "() => ({name: document.activeElement.name, tag: document.activeElement.tagName,"
            " outline: getComputedStyle(document.activeElement).outlineStyle})"
        )
        assert focused["outline"] != "none", f"where the keys are cannot be seen: {focused}"
        if focused["name"] in typed:
            keyboard.type(typed.pop(focused["name"]))
        if focused["tag"] == "BUTTON" and not typed:
            break
    keyboard.press("Enter")
    resident.page.wait_for_url("**/receipt*")
    assert number_on(resident)


@pytest.mark.req("A2")
def test_who_is_signed_out_while_typing_finds_it_again_after_signing_in(
    desk: RunningDesk, agent: Visitor
) -> None:
    take_down(agent, new_unit(), HOSTILE)
    agent.page.context.clear_cookies()
    send_report(agent)
    sign_in(desk, agent, "agent")
    assert agent.page.locator("form:has([name=text]) [name=text]").input_value() == HOSTILE


@pytest.mark.req("B3")
def test_two_tabs_sign_once_and_the_second_is_told(desk: RunningDesk, resident: Visitor) -> None:
    messages, unit = desk.messages(), new_unit()
    fill_in_report(resident, unit)
    send_report(resident)
    link = link_in(messages, f"{unit}.*签收")
    resident.open(link)
    second = resident.page.context.new_page()
    second.goto(link)
    resident.give("sign", signature="王建军")
    other = Visitor(second, ON_A_PHONE, desk.base_url, desk.cloud.endpoint)
    other.try_to_give("sign", signature="王建军")
    assert second.locator("[role=alert]:visible, [role=status]:visible").count() >= 1
    assert second.locator("form[action$='/start']").count() == 1


@pytest.mark.req("A3")
def test_on_a_slow_line_a_page_can_be_read_before_its_scripts_are_there(resident: Visitor) -> None:
    resident.page.route("**/*.js*", _never_comes)
    resident.page.goto(f"{resident.base_url}/c/{COMMUNITY}", wait_until="commit")
    resident.page.locator("[name=text]").fill("水龙头滴水")
    assert resident.page.locator("form:has([name=text]) button").first.is_enabled()


@pytest.mark.req("E8")
def test_the_switch_of_the_sound_says_on_only_once_it_can_sound(agent: Visitor) -> None:
    """A browser lets no page sound before its first key or tap, and tells nobody."""
    agent.open(f"/desk/{COMMUNITY}?list=community")
    switch = agent.page.locator("#alive button").last
    expect(switch).to_have_text("提示音：点按页面后开启")
    agent.page.keyboard.press("Tab")
    expect(switch).to_have_text("提示音：开")
    switch.click()
    expect(switch).to_have_text("提示音：关")
    agent.page.keyboard.press("Tab")
    expect(switch).to_have_text("提示音：关")
    switch.click()
    expect(switch).to_have_text("提示音：开")
    agent.open(f"/desk/{COMMUNITY}?list=community")
    expect(switch).to_have_text("提示音：点按页面后开启")
    switch.click()
    expect(switch).to_have_text("提示音：开")
