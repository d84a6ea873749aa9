"""What people do every day, from page to page, in a browser: in each look that a page has."""

import re
from itertools import count

import pytest

from infra.local.messages import Message, Messages
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import wait_until

COMMUNITY = "cuiyuan"
LINK = re.compile(r"http\S+/l/[0-9A-Za-z]+")
numbers = count(1)
HOSTILE = "<script>alert(1)</script>'\"&amp;{{7*7}} 厨房水龙头一直滴水"


def _account(desk: RunningDesk, role: str, name: str = "") -> dict[str, str]:
    return next(
        account for account in desk.accounts(role, COMMUNITY) if account["username"].endswith(name or role)
    )


def _signed_in(desk: RunningDesk, who: Visitor, role: str, name: str = "") -> None:
    account = _account(desk, role, name)
    who.sign_in(account["username"], account["password"])


def _link(messages: Messages, words: str) -> str:
    """The link of the message with these words, when it has come."""
    found: list[Message] = []

    def there() -> bool:
        found.extend(message for message in messages.new() if re.search(words, message.text, re.DOTALL))
        return bool(found)

    wait_until(there, f"a message like {words}")
    link = LINK.search(found[0].text)
    assert link, found[0].text
    return link[0]


def _report(resident: Visitor, unit: str, text: str = HOSTILE) -> None:
    """Reports a tap as a resident, from the community's address."""
    assert resident.open(f"/c/{COMMUNITY}") == 200
    resident.looks_well()
    phone = f"139{next(numbers):08d}"
    resident.fill(text=text, unit=unit, phone=phone, name="孙女士", kind="repair", matter="home_other")
    resident.send("form:has([name=text])")


@pytest.mark.req("A1", "A3", "A4", "D1", "G8")
def test_a_repair_from_the_report_to_the_stars(desk: RunningDesk, somebody: NewVisitor) -> None:
    messages, resident, handler = desk.messages(), somebody(), somebody()
    unit = f"{next(numbers)}-1-0801"
    _report(resident, unit)
    resident.looks_well()
    number = re.search(r"\d{6}-\d{4,}", resident.text)
    assert number, resident.text
    resident.page.locator("a[href*='/l/']").first.click()
    resident.looks_well()
    assert HOSTILE in resident.text, "what was typed is shown as it was typed"

    assert handler.open(_link(messages, f"{unit}.*签收")) == 200
    handler.looks_well()
    sign = handler.page.locator("form[action$='/sign'] button").first
    handler.give("sign", signature="王建军")
    handler.looks_well()
    handler.give("start")
    handler.give("complete", result="更换阀芯，试水十分钟不再滴漏。")
    handler.looks_well()
    assert sign.count() == 0

    assert resident.open(_link(messages, f"{number[0]}.*评价|{number[0]}.*評|{number[0]}.*rate")) == 200
    resident.looks_well()
    resident.give("rate", score="5")
    resident.looks_well()
