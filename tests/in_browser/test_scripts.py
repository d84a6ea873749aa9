"""What pages do by themselves: find while one types, lists that live, and forms that wait for a network."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.content import jpeg
from tests.in_browser.people import (
    COMMUNITY,
    HOSTILE,
    link_in,
    new_phone,
    new_unit,
    sign_in,
    wait_for_page,
)
from tests.in_browser.visitor import DESK, PHONE, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import report

PHOTO = FilePayload(name="现场.jpg", mimeType="image/jpeg", buffer=jpeg())


@pytest.fixture
def agent(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, Look(DESK, scripts=True, language="zh-CN"), desk) as opened:
        sign_in(desk, opened, "agent")
        yield opened


@pytest.fixture
def handler(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, Look(PHONE, scripts=True, language="zh-CN"), desk) as opened:
        opened.expects("net::ERR_")
        yield opened


def case_of(desk: RunningDesk, text: str = HOSTILE) -> tuple[str, str]:
    """A case of somebody who has not reported before: its number, and the link of whoever works on it."""
    messages, unit = desk.messages(), new_unit()
    number = str(report(desk, unit=unit, phone=new_phone(), text=text)["number"])
    return number, link_in(messages, f"{unit}.*签收")


@pytest.mark.req("A5", "E8")
def test_a_case_is_found_while_its_number_is_typed_and_opened_with_keys(
    desk: RunningDesk, agent: Visitor
) -> None:
    number, _ = case_of(desk)
    wait_for_page(agent, f"/desk/{COMMUNITY}/find?q={number}", number)
    agent.open(f"/desk/{COMMUNITY}")
    keys, hits = agent.page.keyboard, agent.page.locator("#hits")
    keys.press("/")
    keys.type(number)
    expect(hits.locator("a").first).to_contain_text(number)
    agent.looks_well()
    keys.press("Escape")
    expect(hits).to_be_hidden()
    keys.type(number)
    expect(hits).to_be_visible()
    keys.press("ArrowDown")
    with agent.page.expect_navigation():
        keys.press("Enter")
    assert agent.page.url.endswith(f"/cases/{number}")
    assert HOSTILE in agent.text


@pytest.mark.req("E8")
def test_the_page_of_an_act_opens_at_its_form_with_the_cursor_in_it(
    desk: RunningDesk, agent: Visitor
) -> None:
    number, _ = case_of(desk)
    agent.open(f"/desk/{COMMUNITY}/cases/{number}")
    agent.page.locator("a[href$='?act=fill_in#do-fill_in']").first.click()
    field = agent.page.locator("#do-fill_in :is(input:not([type=hidden]), select, textarea)").first
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()


@pytest.mark.req("A1", "A2")
def test_what_to_ask_and_say_follows_what_is_typed(agent: Visitor) -> None:
    agent.open(f"/desk/{COMMUNITY}/new")
    words, matter = agent.page.locator("[name=text]"), agent.page.locator("[name=matter]")
    guidance, known = agent.page.locator("#book-found"), agent.page.locator("#known")
    words.fill("卫生间水管爆了，水漫到客厅")
    expect(guidance).to_contain_text("能关就先关总阀")
    words.fill("保安骂人")
    expect(matter).to_have_value("staff_attitude")
    expect(guidance).to_contain_text("您可以要求对经办人保密")
    expect(guidance).not_to_contain_text("能关就先关总阀")
    expect(known).to_be_empty()  # nobody was named, so nobody is looked for
    agent.page.locator("[name=unit]").fill(new_unit())
    expect(known).not_to_be_empty()
    matter.select_option("elevator")
    words.fill("保安骂人，卫生间水管爆了")
    expect(guidance).to_contain_text("请不要扒门")
    expect(matter).to_have_value("elevator")


@pytest.mark.req("A14", "E8")
def test_a_new_emergency_appears_in_the_list_without_loading_it(desk: RunningDesk, agent: Visitor) -> None:
    agent.open(f"/desk/{COMMUNITY}?list=register")
    switch = agent.page.locator("#alive button").last
    switch.click()
    switch.click()
    expect(switch).to_have_text("提示音：关")
    agent.page.locator("h1").first.click()  # a list that somebody is in does not change under their hands
    agent.page.evaluate("() => { window.stays = true }")
    number = str(
        report(desk, unit=new_unit(), phone=new_phone(), text="电梯停了，里面困着人", matter="elevator")[
            "number"
        ]
    )
    expect(agent.page.locator(f"#list [data-number='{number}']")).to_be_visible(timeout=45_000)
    expect(agent.page.locator("#alive")).to_contain_text(number)
    expect(switch).to_have_text("提示音：关")
    assert agent.page.evaluate("window.stays")
    agent.looks_well(still=False)


@pytest.mark.req("B3", "B9")
def test_what_is_typed_without_a_network_is_sent_once_when_there_is_one(
    desk: RunningDesk, handler: Visitor
) -> None:
    _, work = case_of(desk)
    handler.open(work)
    handler.give("sign", signature="王建军")
    handler.give("start")
    handler.page.context.set_offline(True)
    form = handler.unfold("progress")
    handler.fill(form, note=HOSTILE)
    handler.page.locator(f"{form} button:not([name]):not([type=button])").first.click()
    expect(handler.page.locator("#kept")).to_be_visible()
    with handler.page.expect_navigation():
        handler.page.context.set_offline(False)
    handler.open(work)
    handler.page.wait_for_timeout(500)
    assert handler.page.locator("ol.timeline").inner_text().count(HOSTILE) == 1
    handler.looks_well()


@pytest.mark.req("B3", "D1")
def test_a_handler_signs_with_keys_alone(desk: RunningDesk, handler: Visitor) -> None:
    _, work = case_of(desk)
    handler.open(work)
    keys = handler.page.keyboard
    for _ in range(60):
        keys.press("Tab")
        focused = handler.page.evaluate("() => document.activeElement.form?.action ?? ''")
        if re.search(r"/sign$", focused) and handler.page.evaluate(
            "() => document.activeElement.tagName === 'BUTTON'"
        ):
            break
    with handler.page.expect_navigation():
        keys.press("Enter")
    assert handler.page.locator("form[action$='/start']").count() == 1


@pytest.mark.req("A3", "E8")
def test_files_go_on_after_a_session_that_ended_meanwhile(desk: RunningDesk, agent: Visitor) -> None:
    number, _ = case_of(desk)
    case = f"/desk/{COMMUNITY}/cases/{number}"
    agent.open(case)
    cookies = agent.page.context.cookies()
    agent.page.context.clear_cookies()
    add, lines = agent.unfold("files"), agent.page.locator("ul.sending li")
    agent.page.locator(f"{add} [name=files][multiple]").set_input_files(PHOTO)
    expect(lines).to_contain_text(["刷新本页后会自动继续"])
    agent.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were given
    agent.open(case)
    expect(lines).to_contain_text(["已上传"])
    agent.send(agent.unfold("files"))
    assert agent.page.locator("ul.files li").count() == 1
    agent.open(case)
    agent.page.wait_for_timeout(500)
    assert lines.count() == 0
