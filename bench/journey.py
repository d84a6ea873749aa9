"""What one ordinary case uses of AWS, and what that costs.

The calls are counted on the embedded cloud, and multiplied with AWS's list prices.

The case is reported with the web form, assigned by the rules, signed for, completed, rated and closed; each
person opens the link before using it, and the resident looks at the tracking page at the beginning and the
end. The desk is one of its own, in a temporary folder on a free port: a desk that runs is not disturbed.
"""

import re
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench import prices
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
QUIET_SECONDS, LONGEST_SECONDS = 1.5, 30.0
SWEEP = "invocations Reconcile"


def measure() -> list[Result]:
    """Counts per case: the median of a few cases, each alone on the desk."""
    memory_gb = _memory_gb()
    with tempfile.TemporaryDirectory() as folder:
        desk = RunningDesk(Path(folder), free_port())
        progress("starting an embedded cloud of its own")
        desk.start()
        try:
            cases = []
            for round_number in range(CASES + 1):
                progress(
                    f"case {round_number}" if round_number else "a first case, which warms the functions"
                )
                counted = _counted(desk, round_number, memory_gb)
                if round_number and counted is not None:
                    cases.append(counted)
        finally:
            desk.stop()
    counts = {name: median(case[name] for case in cases) for name in prices.DOLLARS}
    return _results(counts)


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


def _counted(desk: RunningDesk, place: int, memory_gb: float) -> dict[str, float] | None:
    """What one case used; None if the sweep came in between, which is no case's own."""
    cloud, messages = desk.cloud, desk.messages()
    before, told = _meter(cloud), _Told(messages)
    number = _play(Player(desk.base_url, told.new, lambda _: None), place)
    after = _settled(cloud)
    told.new()
    used = {name: amount - before.get(name, 0) for name, amount in after.items()}
    if used.get(SWEEP):
        return None
    invocations = {name: count for name, count in used.items() if name.startswith("invocations ")}
    milliseconds = sum(amount for name, amount in used.items() if name.startswith("milliseconds "))
    return {
        prices.REQUESTS: used["invocations APIHandler"],
        prices.INVOCATIONS: sum(invocations.values()),
        prices.GB_SECONDS: milliseconds / 1000 * memory_gb,
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
    survey = code_in(player.wait_for(f"{number}.*评价").text)
    player.look(survey)
    player.use_link(survey, "rate", score=5, comment="来得快，修得好。")
    player.wait_for(f"{number}.*结案")
    player.look(track)
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
    unended = [execution["name"] for execution in executions if execution["status"] != "SUCCEEDED"]
    if unended or not executions:
        raise RuntimeError(f"Not ended well: {', '.join(unended) or 'no execution was started'}.")
    entered = 0
    for execution in executions:
        pages = client.get_paginator("get_execution_history").paginate(executionArn=execution["executionArn"])
        entered += sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])
    return entered


def _memory_gb() -> float:
    """The memory of a function, from the template; all have the same."""
    sizes = set(re.findall(r'"MemorySize": (\d+)', package("local").template.read_text("utf-8")))
    if len(sizes) != 1:
        raise RuntimeError(f"The functions have different sizes, {sorted(sizes)}: count each by its own.")
    return int(sizes.pop()) / 1024
