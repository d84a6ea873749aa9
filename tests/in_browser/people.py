"""What people do in the browser, step by step, whatever their journey is."""

import re
from itertools import count
from typing import Any

from infra.local.messages import Message, Messages
from tests.content import drawn
from tests.in_browser.visitor import Visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report, sign_result_off, token_of, wait_until

COMMUNITY = "cuiyuan"
LINK = re.compile(r"http\S+/l/[0-9A-Za-z]+")
NUMBER = re.compile(r"\d{6}-\d{4,}")
HOSTILE = "<script>alert(1)</script>'\"&amp;{{7*7}} 厨房水龙头一直滴水"
counted = count(1)


def new_unit() -> str:
    """A unit that nobody has reported from yet."""
    return f"{next(counted)}-1-0801"


def sign_in(desk: RunningDesk, who: Visitor, role: str, name: str = "") -> None:
    """Signs in as the first of a role, or as the one whose username ends so."""
    account = next(
        account for account in desk.accounts(role, COMMUNITY) if account["username"].endswith(name)
    )
    who.sign_in(account["username"], account["password"])


def link_in(messages: Messages, words: str) -> str:
    """The link of the next message with these words (a pattern), when it has come."""
    found: list[Message] = []

    def has_come() -> bool:
        found.extend(message for message in messages.new() if re.search(words, message.text, re.DOTALL))
        return bool(found)

    wait_until(has_come, f"a message like {words}", seconds=60)
    link = LINK.search(found[0].text)
    assert link, found[0].text
    return link[0]


def number_on(page: Visitor) -> str:
    """The number of the case that the page shows first."""
    found = NUMBER.search(page.text)
    assert found, page.text
    return found[0]


def sign_off(desk: RunningDesk, head: Visitor, number: str) -> None:
    """The head of the engineers finds the result on the first page, and signs it off."""
    if "/desk/" not in head.page.url:
        sign_in(desk, head, "department_head", "engineering-head")
    wait_for_page(head, f"/desk/{COMMUNITY}", number)
    head.looks_well()
    assert head.open(f"/desk/{COMMUNITY}/cases/{number}") == 200
    head.give("sign_off_result")
    head.looks_well()


def new_phone() -> str:
    """A number that nobody has called from yet."""
    return f"139{next(counted):08d}"


def wait_for_page(who: Visitor, path: str, words: str) -> None:
    """Opens a page until it has the words: lists and the search follow what was written within moments."""
    wait_until(lambda: who.open(path) == 200 and words in who.text, f"{words} on {path}")


def fill_in_report(resident: Visitor, unit: str, text: str = HOSTILE) -> None:
    """Fills in the form of the community's address with a dripping tap."""
    assert resident.open(f"/c/{COMMUNITY}") == 200
    resident.fill(text=text, unit=unit, phone=new_phone(), name="孙女士", kind="repair", matter="home_other")


def take_down(agent: Visitor, unit: str, text: str) -> None:
    """Fills in the form of the desk while somebody is on the telephone."""
    assert agent.open(f"/desk/{COMMUNITY}/new") == 200
    form = "form:has([name=text])"
    agent.fill(form, text=text, unit=unit, name="李先生", phone=new_phone(), channel="hotline_operator")
    agent.fill(form, kind="repair", matter="home_other")


def send_report(resident: Visitor) -> None:
    """Sends the report that was filled in."""
    resident.send("form:has([name=text])")


def billed_repair(desk: RunningDesk) -> tuple[str, str]:
    """A drain that was cleared, signed for and billed, by programs; its number, and its resident's link."""
    phone, unit = new_phone(), new_unit()
    given = report(desk, unit=unit, phone=phone, matter="drain_blocked", text="厨房下水道堵了，水排不下去")
    number = str(given["number"])
    here = f"/v1/communities/{COMMUNITY}/cases/{number}"
    agent = token_of(desk, "agent", COMMUNITY)

    def case() -> dict[str, Any]:
        status, body = ask(desk, "GET", here, token=agent)
        assert status == 200, body
        return dict(body)

    wait_until(lambda: case()["state"] == "assigned", f"{number} is assigned")
    handler = token_of(desk, "handler", COMMUNITY, case()["handler"])
    price = {"cause": "油垢堵塞", "plan": "疏通下水", "price_item": "drain"}
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("sign", {"signature": "王建军"}),
        ("start", {}),
        ("compare_item", {"actual": "厨房地漏", "differs": False}),
        ("propose", price),
        ("sign_agreement", {"spoken_to": "孙女士", "signature": drawn()}),
        ("complete", {"result": "疏通后排水正常"}),
        ("accept_work", {"resident_name": "孙女士", "proved": True, "signature": drawn()}),
        ("bill", {"labour_fen": 8000, "material_fen": 0}),
    )
    for command, form in steps:
        once = {"Idempotency-Key": f"{number}{command}"}
        status, body = ask(desk, "POST", f"{here}/commands/{command}", form, token=handler, headers=once)
        assert status == 200, (command, body)
        if command == "complete":
            sign_result_off(desk, number, COMMUNITY)
    return number, str(given["tracking_url"])
