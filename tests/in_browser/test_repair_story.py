"""A kitchen drain, blocked twice, the second time within warranty, and a tile that the worker broke (B13)."""

from datetime import datetime
from random import SystemRandom
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FilePayload

from tests.content import jpeg
from tests.in_browser.conftest import NewVisitor
from tests.in_browser.people import (
    COMMUNITY,
    link_in,
    new_unit,
    number_on,
    send_report,
    sign_in,
    sign_off,
    take_down,
    wait_for_page,
)
from tests.in_browser.visitor import LOOKS, Visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import wait_until

BLOCKED = "厨房下水道堵了，水排不下去"
TILE = FilePayload(name="tile.jpg", mimeType="image/jpeg", buffer=jpeg(width=640, height=480))


def draw(handler: Visitor, command: str) -> None:
    """A finger on the frame of a form's signature."""
    form = handler.unfold(command)
    frame = handler.page.locator(f"{form} canvas")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    mouse = handler.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 60)
    mouse.down()
    for step in range(1, 8):  # nobody signs the same way twice
        mouse.move(box["x"] + 20 + 30 * step, box["y"] + SystemRandom().randrange(10, 85))
    mouse.up()


def take_drain_down(agent: Visitor, unit: str) -> str:
    """The desk takes the call down; the number of the case."""
    take_down(agent, unit, BLOCKED)
    agent.fill("form:has([name=text])", matter="drain_blocked")
    send_report(agent)
    return number_on(agent)


@pytest.mark.req("B9", "B10", "B12", "B13", "B16", "E6", "G11", "G12")
@pytest.mark.parametrize("look", [LOOKS[0]], ids=str)
def test_a_drain_is_blocked_twice_and_a_tile_broken(desk: RunningDesk, somebody: NewVisitor) -> None:
    messages, agent, handler, unit = desk.messages(), somebody(), somebody(), new_unit()
    head = somebody()
    sign_in(desk, agent, "agent")
    first = take_drain_down(agent, unit)
    case = f"/desk/{COMMUNITY}/cases/{first}"
    wait_for_page(agent, case, first)
    agent.give("take_key", resident_name="李先生", receipt="K-1")

    handler.open(link_in(messages, f"{unit}.*签收"))
    handler.give("sign", signature="王建军")
    handler.give("start")
    handler.give("compare_item", actual="厨房地漏", differs="no")
    handler.give("propose", cause="油垢堵塞", plan="疏通下水", price_item="drain")
    draw(handler, "sign_agreement")
    handler.give("sign_agreement", spoken_to="李先生")
    handler.give("complete", result="疏通后排水正常")
    handler.looks_well()
    assert "等待李卫东签字" in handler.text
    sign_off(desk, head, first)
    handler.page.reload()
    handler.looks_well()
    assert "通水顺畅并由住户签字即验收" in handler.text
    draw(handler, "accept_work")
    handler.give("accept_work", resident_name="李先生", proved="yes")
    handler.looks_well()
    handler.give("bill", labour_fen="80", material_fen="0")

    agent.open(case)
    agent.give("return_key", resident_name="李先生")
    agent.give("record_payment", paid_fen="80", receipt="SJ-1")
    agent.looks_well()

    resident = somebody()
    resident.open(link_in(messages, f"{first}.*评价"))
    resident.looks_well()
    resident.give("rate", score="5")

    assert take_drain_down(agent, unit) == first, "the desk is asked whether it is the same matter"
    with agent.page.expect_navigation():
        agent.page.get_by_role("button", name="是另一件事").click()
    second = number_on(agent)
    assert second != first
    wait_for_page(agent, f"/desk/{COMMUNITY}/cases/{second}", first)
    assert "保修" in agent.text
    handler.open(link_in(messages, f"{unit}.*签收"))
    assert "保修" in handler.text
    assert first in handler.text
    handler.looks_well()
    handler.give("sign", signature="王建军")
    handler.give("start")
    handler.give("complete", result="更换存水弯；拆卸时碰裂一块瓷砖", prevention="拆卸前铺垫保护瓷砖")
    sign_off(desk, head, second)
    handler.page.reload()
    draw(handler, "accept_work")
    handler.give("accept_work", resident_name="李先生", proved="yes")

    case = f"/desk/{COMMUNITY}/cases/{second}"
    agent.open(case)
    add = agent.unfold("files")
    agent.page.locator(f"{add} [name=files][multiple]").set_input_files(TILE)
    agent.page.locator(f"{add} [name=stage]").select_option("broken")
    with agent.page.expect_navigation():
        agent.page.locator(f"{add} button:not([name]):not([type=button])").first.click()
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    word = {"spoken_to": "李先生", "spoken_at": f"{now:%Y-%m-%dT%H:%M}", "manner": "in_person"}
    agent.give(
        "record_loss", amount_fen="120", what="厨房瓷砖一块碎裂", party="物业公司", agreed="yes", **word
    )
    agent.looks_well()
    assert "双方已确认：" in agent.text

    supervisor = somebody()
    sign_in(desk, supervisor, "supervisor")
    supervisor.open(case)
    supervisor.give("record_revisit", outcome="satisfied", manner="phone")
    supervisor.give("archive", cause="存水弯变形", course="两次到场", result="排水正常", lesson="铺垫后再拆")
    supervisor.looks_well()
    for sheet in ("contact", "order", "original", "file"):
        assert supervisor.open(f"{case}/paper?sheet={sheet}") == 200
        supervisor.looks_well()
    assert "瓷砖" in supervisor.text
    assert "SJ-1" not in supervisor.text, "the first case's receipt"
    with supervisor.page.expect_navigation():
        supervisor.page.locator("button[name=sheet]").click()
    made = supervisor.page.locator("main a.button[href*='files.kept'], main a.button[href*='papers']")
    wait_until(lambda: supervisor.page.reload() and made.count(), "the case file as PDF")
    with urlopen(str(made.get_attribute("href")), timeout=30) as answer:  # noqa: S310
        assert answer.read().startswith(b"%PDF")
