"""What one ordinary case uses of AWS, and what that costs.

The calls are counted on the embedded cloud, and multiplied with AWS's list prices.

The case is reported with the web form, assigned by the rules, signed for, completed, accepted, rated and
closed; each person opens the link before using it, and the resident looks at the tracking page at the
beginning and the end. Beside it stands one with a work order, three pictures and a signature, without what
S3 stores of it (`order_story.py`). The desk is one of its own, in a temporary folder on a free port: a desk
that runs is not disturbed.
"""

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench import prices
from bench.order_story import play_order, rate
from bench.result import Result, at_most, progress
from infra.local.cloud import Cloud
from infra.local.messages import Message, Messages
from infra.local.player import Player, code_in
from infra.package import package
from tests.local_cloud.conftest import RunningDesk, free_port

CASES = 3
COMMUNITY = "yanshi"
"""It has no quiet hours: at night the survey of another community would wait for the morning."""
MOST_TRANSITIONS = 12
MOST_DOLLARS = 0.50
MOST_OF_AN_ORDER = 1.3
"""So much a case with a work order, three pictures and a signature costs at most, of an ordinary one."""
QUIET_SECONDS, LONGEST_SECONDS = 3.0, 60.0
SWEEP = "invocations Reconcile"


def measure() -> list[Result]:
    """Counts per case: the median of a few cases, each alone on the desk."""
    memory_gb = _memory_gb()
    played: dict[str, list[dict[str, float]]] = {"case": [], "order": []}
    with tempfile.TemporaryDirectory() as folder:
        desk = RunningDesk(Path(folder), free_port())
        progress("starting an embedded cloud of its own")
        desk.start()
        try:
            staff = {role: _token(desk, role) for role in ("agent", "supervisor")}
            for round_number in range(CASES + 1):
                progress(
                    f"case {round_number}" if round_number else "a first case, which warms the functions"
                )
                for kind, cases in played.items():
                    counted = _counted(desk, round_number, memory_gb, staff if kind == "order" else None)
                    if round_number and counted is not None:
                        cases.append(counted)
        finally:
            desk.stop()
    medians = {
        kind: {name: median(case[name] for case in cases) for name in prices.DOLLARS}
        for kind, cases in played.items()
    }
    return [*_results(medians["case"]), _of_an_order(medians["case"], medians["order"])]


def _of_an_order(case: Mapping[str, float], order: Mapping[str, float]) -> Result:
    """What a case with a work order costs, against an ordinary one; without SMS."""
    costs = [prices.dollars_per_thousand(counts) for counts in (case, order)]
    plain, whole = (sum(price.values()) - price[prices.SMS] for price in costs)
    more = ", ".join(
        f"{name} {order[name]:.4g} for {case[name]:.4g}" for name in prices.DOLLARS if name != prices.SMS
    )
    name = "a case with work order, three pictures and signature ÷ an ordinary one"
    found = f"{whole / plain:.2f} (${whole:.3f} per 1,000; {more})"
    return at_most(name, whole / plain, MOST_OF_AN_ORDER, found)


def _token(desk: RunningDesk, role: str) -> str:
    """The session of somebody of staff, which lasts for many cases."""
    (account, *_) = desk.accounts(role, COMMUNITY)
    player = Player(desk.base_url, list, lambda _: None)
    return player.sign_in(account["username"], account["password"])


def _results(counts: Mapping[str, float]) -> list[Result]:
    price = prices.dollars_per_thousand(counts)
    sms = price.pop(prices.SMS)
    shown = [
        Result(name, f"{counts[name]:.4g} a case, ${dollars:.4f} per 1,000")
        for name, dollars in price.items()
    ]
    transitions = counts[prices.TRANSITIONS]
    total = sum(price.values())
    return [
        *(figure for figure in shown if figure.name != prices.TRANSITIONS),
        at_most(
            prices.TRANSITIONS,
            transitions,
            MOST_TRANSITIONS,
            f"{transitions:g} a case, ${price[prices.TRANSITIONS]:.4f} per 1,000",
            counted=True,
        ),
        at_most("per 1,000 cases, without SMS", total, MOST_DOLLARS, f"${total:.3f}"),
        Result(prices.SMS, f"{counts[prices.SMS]:g} a case, ${sms:.2f} per 1,000 cases"),
    ]


def _counted(
    desk: RunningDesk, place: int, memory_gb: Mapping[str, float], staff: dict[str, str] | None
) -> dict[str, float] | None:
    """What one case used; None if the sweep came in between, which is no case's own.

    With `staff` it is one with a work order.
    """
    cloud, messages = desk.cloud, desk.messages()
    before, told = _meter(cloud), _Told(messages)
    player = Player(desk.base_url, told.new, lambda _: None)
    number = _play(player, place) if staff is None else play_order(player, COMMUNITY, staff, place)
    after = _settled(cloud)
    told.new()
    used = {name: amount - before.get(name, 0) for name, amount in after.items()}
    if used.get(SWEEP):
        return None
    invocations = {name: count for name, count in used.items() if name.startswith("invocations ")}
    took = {
        name.removeprefix("milliseconds "): amount
        for name, amount in used.items()
        if name.startswith("milliseconds ")
    }
    return {
        prices.REQUESTS: used["invocations APIHandler"],
        prices.INVOCATIONS: sum(invocations.values()),
        prices.GB_SECONDS: sum(amount / 1000 * memory_gb[name] for name, amount in took.items()),
        prices.WRITES: used["write units"],
        prices.READS: used["read units"],
        prices.TRANSITIONS: _transitions(cloud, number),
        prices.MAILS: told.count("mail"),
        prices.SMS: told.count("SMS"),
    }


class _Told:
    """Messages, read on and kept for counting."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._all: list[Message] = []

    def new(self) -> list[Message]:
        found = self._messages.new()
        self._all += found
        return found

    def count(self, medium: str) -> int:
        return sum(message.medium == medium for message in self._all)


def _play(player: Player, place: int) -> str:
    unit = f"3-2-{1201 + place}"
    receipt = player.report(
        COMMUNITY,
        channel="web",
        text="厨房水龙头一直滴水，关不紧，麻烦师傅来看看。",
        unit=unit,
        name="孙女士",
        phone=f"1380013{8001 + place}",
        kind="repair",
        matter="home_other",
    )
    number, track = str(receipt["number"]), code_in(receipt["tracking_url"])
    player.look(track)
    work = code_in(player.wait_for(f"派单.*{unit}").text)
    player.look(work)
    player.use_link(work, "sign", signature="丁强")
    player.look(work)
    player.use_link(work, "complete", result="更换水龙头阀芯，试水十分钟不再滴漏。")
    player.use_link(track, "accept_work", resident_name="孙女士")
    rate(player, number, track)
    return number


def _meter(cloud: Cloud) -> dict[str, float]:
    found: dict[str, float] = cloud.get("/_suda/meter")
    return found


def _settled(cloud: Cloud) -> dict[str, float]:
    """The meter once nothing moves any more."""
    until = time.monotonic() + LONGEST_SECONDS
    last, since = _meter(cloud), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        if time.monotonic() > until:
            raise RuntimeError(f"The case did not come to rest within {LONGEST_SECONDS:g} s.")
        time.sleep(0.2)
        now = _meter(cloud)
        if now != last:
            last, since = now, time.monotonic()
    return last


def _transitions(cloud: Cloud, number: str) -> int:
    """States entered over all executions of the case, each of which must have ended well."""
    client = cloud.client("stepfunctions")
    executions: list[Any] = []
    for machine in client.list_state_machines()["stateMachines"]:
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"])
        listed = (execution for page in pages for execution in page["executions"])
        executions += [execution for execution in listed if number in execution["name"]]
    unended = [
        f"{execution['name']} ({execution['status']})"
        for execution in executions
        if execution["status"] != "SUCCEEDED"
    ]
    if unended or not executions:
        raise RuntimeError(f"Not ended well: {', '.join(unended) or 'no execution was started'}.")
    entered = 0
    for execution in executions:
        pages = client.get_paginator("get_execution_history").paginate(executionArn=execution["executionArn"])
        entered += sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])
    return entered


def _memory_gb() -> dict[str, float]:
    """The memory of each function, from the template."""
    resources = json.loads(package("local").template.read_text("utf-8"))["Resources"]
    return {
        name: resource["Properties"]["MemorySize"] / 1024
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
