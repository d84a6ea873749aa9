"""What people do every day, from page to page, in each look that a page has."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from tests.content import jpeg
from tests.in_browser.conftest import NewVisitor
from tests.in_browser.people import (
    COMMUNITY,
    HOSTILE,
    billed_repair,
    fill_in_report,
    link_in,
    new_unit,
    number_on,
    send_report,
    sign_in,
    sign_off,
    take_down,
    wait_for_page,
)
from tests.in_browser.visitor import LOOKS, Look, Visitor
from tests.local_cloud.conftest import RunningDesk

VISIT = FilePayload(name="visit.jpg", mimeType="image/jpeg", buffer=jpeg())
ROLES = ("agent", "supervisor", "manager", "department_head", "handler", "committee", "company_head")
"""Agents take payments, and the supervisor is the statistician too (infra/local/sample.toml)."""
OF_EACH_ROLE = [
    (role, look)
    for place, role in enumerate(ROLES)
    for look in (LOOKS[0], LOOKS[3], (LOOKS[4], LOOKS[1], LOOKS[2], LOOKS[5])[place % 4])
]
"""Every page of each role at both widths with scripts, and one look more in turn: all six are met."""


@pytest.mark.req("A1", "A3", "A4", "B9", "D1", "G8")
def test_a_repair_from_the_report_to_the_stars(desk: RunningDesk, somebody: NewVisitor) -> None:
    messages, resident, handler, unit = desk.messages(), somebody(), somebody(), new_unit()
    fill_in_report(resident, unit)
    resident.looks_well()
    send_report(resident)
    resident.looks_well()
    number = number_on(resident)
    with resident.page.expect_navigation():
        resident.page.locator("main a[href*='/l/']").first.click()
    resident.looks_well()
    assert HOSTILE in resident.text, "what was typed is shown as it was typed"

    assert handler.open(link_in(messages, f"{unit}.*签收")) == 200
    handler.looks_well()
    handler.give("sign", signature="王建军")
    handler.looks_well()
    handler.give("start")
    handler.give("complete", result="更换阀芯，试水十分钟不再滴漏。")
    handler.looks_well()
    sign_off(desk, somebody(), number)

    assert resident.open(link_in(messages, f"{number}.*(评价|評價|rate)")) == 200
    resident.looks_well()
    resident.give("rate", score="5")
    resident.looks_well()


@pytest.mark.req("A2", "A5", "B7", "E8")
def test_the_desk_registers_on_the_phone_finds_the_case_and_the_manager_grants_time(
    desk: RunningDesk, somebody: NewVisitor
) -> None:
    messages, agent, handler, manager, unit = desk.messages(), somebody(), somebody(), somebody(), new_unit()
    sign_in(desk, agent, "agent")
    agent.looks_well()
    take_down(agent, unit, "卧室门锁打不开，钥匙转不动")
    agent.looks_well()
    send_report(agent)
    agent.looks_well()
    number = number_on(agent)
    wait_for_page(agent, f"/desk/{COMMUNITY}/find?q={unit}", number)
    agent.looks_well()
    with agent.page.expect_navigation():
        agent.page.locator(f"main a[href*='{number}']").first.click()
    agent.looks_well()

    handler.open(link_in(messages, f"{unit}.*签收"))
    handler.give("sign", signature="王建军")
    handler.give("start")
    later = f"{datetime.now(UTC) + timedelta(days=6):%Y-%m-%dT%H:%M}"
    handler.give("request_extension", until=later, reason="等厂家配件")
    handler.looks_well()

    sign_in(desk, manager, "manager")
    manager.looks_well()
    wait_for_page(manager, f"/desk/{COMMUNITY}", number)  # what waits for somebody is their first page
    manager.open(f"/desk/{COMMUNITY}/cases/{number}")
    manager.looks_well()
    manager.give("refuse_extension", reason="先临时修好")
    manager.looks_well()


@pytest.mark.req("A3", "B9", "B10", "D4", "E1", "E8", "G16")
def test_a_bill_is_paid_a_revisit_made_and_the_month_read(
    desk: RunningDesk, somebody: NewVisitor, look: Look
) -> None:
    """The cashier, whoever revisits, the statistician, the committee and the company head."""
    number, track = billed_repair(desk)
    case = f"/desk/{COMMUNITY}/cases/{number}"
    cashier, visitor, others = somebody(), somebody(), somebody()
    sign_in(desk, cashier, "agent")
    assert cashier.open(case) == 200
    cashier.give("record_payment", paid_fen="80", receipt=number)
    cashier.looks_well()

    sign_in(desk, visitor, "supervisor")
    assert visitor.open(case) == 200
    add = visitor.unfold("files")
    assert visitor.page.locator(f"{add} [name=stage]").input_value() == "revisit"
    visitor.page.locator(f"{add} [name=files][multiple]").set_input_files(VISIT)
    if look.scripts:
        expect(visitor.page.locator(f"{add} ul.sending button")).to_have_count(1)
    visitor.send(add)
    visitor.give("record_revisit", outcome="satisfied", manner="visit", note=HOSTILE)
    visitor.looks_well()
    assert HOSTILE in visitor.text
    wait_for_page(visitor, f"/desk/{COMMUNITY}/accounts", number)
    visitor.looks_well()

    for role, path in (
        ("committee", "figures"),
        ("committee", "month-to-print"),
        ("company_head", "communities"),
    ):
        others.page.context.clear_cookies()
        others.open("/desk")
        sign_in(desk, others, role)
        assert others.open(f"/desk/{COMMUNITY}/{path}") == 200, (role, path)
        others.looks_well()
    others.open(track)
    others.looks_well()
    assert others.page.locator("ul.files li").count() == 3, "their two signatures, and what the visitor saw"


def addresses_on(who: Visitor) -> set[str]:
    """Where the tabs of the page lead."""
    return {str(link.evaluate("link => link.href")) for link in who.page.locator("nav a[href]").all()}


@pytest.mark.req("E8")
@pytest.mark.parametrize(("role", "look"), OF_EACH_ROLE, ids=str)
def test_every_page_of_a_role_looks_well(desk: RunningDesk, somebody: NewVisitor, role: str) -> None:
    who = somebody()
    sign_in(desk, who, role)
    addresses = addresses_on(who)
    if lists := [address for address in addresses if "?list=" in address]:
        assert who.open(lists[0]) == 200  # the other lists stand in a line of their own there
        addresses |= addresses_on(who)
    assert addresses
    for address in sorted(addresses):
        assert who.open(address) == 200, address
        who.looks_well()
