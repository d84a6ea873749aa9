"""A desk on the embedded cloud, an exchange beside it, and calls that are made once for all tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.local.messages import Message
from tests.local_cloud.conftest import RunningDesk, desk, free_port
from tests.local_cloud.people import ask, token_of
from tests.telephone.environment import missing
from tests.telephone.play import (
    CALLS_EACH,
    COMMUNITY,
    MANY,
    PORTS_EACH,
    Exchange,
    exchange,
    hot_line_calls,
    until,
)

__all__ = ["desk"]

FAST = 420
"""Words a minute: the tests need not be understood by ear."""


@dataclass
class Played:
    """What came of the calls: how SIPp ended by name, the cases by caller, and the messages that left."""

    desk: RunningDesk
    exchanges: list[Exchange]
    ended: dict[str, int] = field(default_factory=dict)
    cases: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    token: str = ""

    @property
    def told(self) -> list[str]:
        """What the exchanges told, for a test that fails."""
        return [line for running in self.exchanges for line in running.told if "→" in line or "CA" in line]

    def heard(self, case: dict[str, Any], place: int = 1) -> str:
        """The address of a recording."""
        path = f"/v1/communities/{COMMUNITY}/cases/{case['number']}/recordings/{place}"
        status, answer = ask(self.desk, "GET", path, token=self.token)
        assert status == 200, answer
        return str(answer["address"])


@pytest.fixture(scope="session")
def can_call() -> None:
    """Skips, with what to install, where no call can be made."""
    if why := missing():
        pytest.skip(why)


@pytest.fixture(scope="session")
def played(can_call: None, desk: RunningDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """All calls, at the same time as far as they can be."""
    folder: Path = tmp_path_factory.mktemp("exchange")
    for _ in range(4):
        ask(desk, "GET", "/v1/health")  # both workers have begun before somebody waits for them
    messages = desk.messages()
    with ExitStack() as opened:
        port = free_port()
        exchanges = [
            opened.enter_context(
                exchange(desk.base_url, folder, port + PORTS_EACH * place, speed=FAST, serves=place == 0)
            )
            for place in range(1 + len(MANY) // CALLS_EACH)
        ]
        made = Played(desk, exchanges)
        made.ended = hot_line_calls(exchanges)
        until(lambda: not list(folder.glob("RE*.wav")), 30)
        made.token = token_of(desk, "agent", COMMUNITY)
        for number in _numbers(made):
            case = _case(made, number)
            made.cases.setdefault(case["phone"], []).append(case)
        until(lambda: _all_told(made, messages.new()), 60)
        yield made


def _numbers(made: Played) -> list[str]:
    path = f"/v1/communities/{COMMUNITY}/cases?scope=community&limit=100"
    status, listed = ask(made.desk, "GET", path, token=made.token)
    assert status == 200, listed
    return [line["number"] for line in listed["items"]]


def _case(made: Played, number: str) -> dict[str, Any]:
    status, case = ask(made.desk, "GET", f"/v1/communities/{COMMUNITY}/cases/{number}", token=made.token)
    assert status == 200, case
    return dict(case)


def _all_told(made: Played, new: list[Message]) -> bool:
    made.messages += new
    return set(made.cases) <= {message.to for message in made.messages}
