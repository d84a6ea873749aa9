"""Two hundred reports of one outage at once: one incident, and nobody is told twice (A16, G10)."""

import time
import uuid
from collections import Counter
from typing import Any

import pytest

from chalicelib.domain.case.case import State
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report_form, token_of, wait_until
from tests.local_cloud.register import Register
from tests.threads import at_once

COMMUNITY = "lanting"
REPORTS, LONGEST_SECONDS = 200, 60
CASES = f"/v1/communities/{COMMUNITY}/cases"


def outage(number: int) -> dict[str, Any]:
    """What a resident of building 8 says on the telephone while the power is off."""
    return report_form(
        another=False,
        text="家里停电了",
        unit=f"8-1-{100 + number}",
        phone=f"139003{number:05d}",
        channel="hotline_operator",
        matter="power_outage",
    )


@pytest.mark.req("A16", "A11", "G8", "G10")
def test_two_hundred_reports_of_one_outage_are_one_incident_and_two_hundred_receipts(
    desk: RunningDesk,
) -> None:
    agent = token_of(desk, "agent", COMMUNITY)

    def report(number: int) -> tuple[int, Any]:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        return ask(desk, "POST", CASES, outage(number), token=agent, headers=key)

    status, first = report(0)
    assert status == 201, first
    opened = {"text": "8号楼停电，正在抢修。", "scope": "building"}
    command = f"{CASES}/{first['number']}/commands"
    status, leader = ask(desk, "POST", f"{command}/open_incident", opened, token=agent)
    assert status == 200, leader
    before = Register(desk, COMMUNITY).cases[first["number"]].version

    messages, by_phone = desk.messages(), Counter[str]()

    def sent() -> Counter[str]:
        """How many messages each number has got of those who reported the outage."""
        by_phone.update(message.to for message in messages.new() if "139003" in message.to)
        return by_phone

    began = time.monotonic()
    answers = at_once(REPORTS - 1, lambda turn: report(turn + 1))
    assert {status for status, _ in answers} == {201}, Counter(str(answer) for answer in answers)
    receipts = [first, *(receipt for _, receipt in answers)]
    numbers = {receipt["number"] for receipt in receipts}
    assert len(numbers) == REPORTS
    assert {receipt["state"] for _, receipt in answers} == {"merged"}
    wait_until(lambda: len(sent()) == REPORTS - 1, "each has the receipt by SMS", LONGEST_SECONDS)
    took = time.monotonic() - began

    where = f"/v1/communities/{COMMUNITY}/incidents"
    status, shown = ask(desk, "GET", f"{where}/{first['number']}", token=agent)
    assert (status, shown["count"]) == (200, REPORTS)
    _, listed = ask(desk, "GET", where, token=agent)
    assert [item["reports"] for item in listed["items"]] == [REPORTS]
    cases = Register(desk, COMMUNITY).cases
    assert {cases[number].state for number in numbers - {first["number"]}} == {State.MERGED}
    assert not any(cases[number].assignment.handler for number in numbers - {first["number"]})
    assert cases[first["number"]].version - before < 10, "it is not written when another joins"
    assert set(sent().values()) == {1}, "nobody is told twice"
    assert took <= LONGEST_SECONDS, f"{took:.0f} s"
