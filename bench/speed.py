"""Requests in process against a bare Chalice view that does one equal transaction.

All run over chalice.test.Client and moto, in turns, so that a busy machine slows them alike; what counts is
the time of the processor, and the ratio of each pair. A command has to read its case and an intake to take a
number, and on moto such a call costs as much as a small transaction: so a second floor makes the same calls
as the desk and nothing else, and shows what our own code adds.
"""

from collections.abc import Callable, Sequence
from statistics import median
from time import process_time
from typing import Any

from bench.moto_desk import Caller, caller, moto_desk
from bench.replay import TRANSACTION, Floor, Sent, captured, for_another_case
from bench.result import Result, at_most, progress
from chalicelib import wiring
from chalicelib.domain.case.links import Purpose, link_for

WARM_UP, ROUNDS = 5, 50
TARGET = 1.5
CASES = "/v1/communities/riverside/cases"
REPORT = {
    "another": True,
    "text": "三楼走廊的灯不亮了，晚上很黑。",
    "unit": "3-1201",
    "name": "王芳",
    "phone": "13900001234",
    "matter": "elevator",
}
NOTE = {"note": "阀芯老化，正在更换；备件今天下午送到，预计傍晚前完成。"}

Numbers = tuple[str, str, str]
"""The case of the request, and those that the two floors write to."""


def measure() -> list[Result]:
    """How long a request takes, as a ratio to its floor.

    An intake by staff and one by a resident; a command with a token and one with a link.
    """
    with moto_desk():
        agent, resident, handler = caller("agent-1", "agent"), caller(), caller("engineering-1", "handler")
        results = _intake("intake by staff", agent)
        results += _intake("intake by a resident, with the rate limits", resident)
        numbers = tuple(case_at_work(agent, handler) for _ in range(3))
        ours, desk = numbers[0], wiring.desk()
        code = desk.codes.code(link_for(desk.cases.get("riverside", ours), Purpose.WORK, 0))
        ways: dict[str, Callable[[], Any]] = {
            "command with a token": lambda: handler.post(f"{CASES}/{ours}/commands/progress", NOTE),
            "command with a link": lambda: resident.post(f"/v1/links/{code}/progress", NOTE),
        }
        for name, ask in ways.items():
            results += _compared(name, NOTE, ask, lambda _: numbers)
    return results


def _intake(name: str, who: Caller) -> list[Result]:
    """Each intake is a case of its own; the floors' are numbered where no case will come."""

    def numbers(answer: Any) -> Numbers:
        number = str(answer["number"])
        return number, number.replace("-0", "-8"), number.replace("-0", "-9")

    return _compared(name, REPORT, lambda: who.post(CASES, REPORT), numbers)


def case_at_work(agent: Caller, handler: Caller) -> str:
    """A case that the handler has signed for; its number."""
    number = str(agent.post(CASES, REPORT)["number"])
    manager, to = caller("manager-1", "manager"), {"handler": "engineering-1", "reason": "on duty"}
    manager.post(f"{CASES}/{number}/commands/assign", to)
    handler.post(f"{CASES}/{number}/commands/sign", {"signature": "工程部甲"})
    return number


def _compared(
    name: str, body: Any, ask: Callable[[], Any], numbers: Callable[[Any], Sequence[str]]
) -> list[Result]:
    progress(f"{name}: {ROUNDS} rounds")
    floor = Floor()
    ours, transactions, same_calls = [], [], []
    for _ in range(WARM_UP + ROUNDS):
        with captured() as calls:
            began = process_time()
            answer = ask()
            ours.append(process_time() - began)
        number, first, second = numbers(answer)
        alone = [for_another_case(call, number, first) for call in calls if call.operation == TRANSACTION]
        transactions.append(_floored(floor, alone, body))
        same_calls.append(_floored(floor, [for_another_case(call, number, second) for call in calls], body))
    items = sum(len(call.parameters.get("TransactItems", ())) for call in calls)
    return [
        _against(f"{name} ÷ its transaction ({items} items)", ours, transactions),
        _against(f"{name} ÷ all its {len(calls)} calls", ours, same_calls),
    ]


def _floored(floor: Floor, calls: Sequence[Sent], body: Any) -> float:
    floor.next = calls
    began = process_time()
    floor.write(body)
    return process_time() - began


def _against(name: str, ours: Sequence[float], floor: Sequence[float]) -> Result:
    pairs = list(zip(ours, floor, strict=True))[WARM_UP:]
    ratio = median(own / bare for own, bare in pairs)
    lowest = min(own for own, _ in pairs) / min(bare for _, bare in pairs)
    own, bare = (median(side) * 1000 for side in zip(*pairs, strict=True))
    found = f"{ratio:.2f} median, {lowest:.2f} of the fastest ({own:.1f} against {bare:.1f} ms)"
    return at_most(name, ratio, TARGET, found)
