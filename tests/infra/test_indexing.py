"""The operator's command that has cases of before the index found."""

import sys

import pytest

from chalicelib.services.search import follow
from infra import __main__ as command_line
from infra.indexing import index
from tests.builders import office


@pytest.mark.req("E8")
def test_every_case_is_found_afterwards_and_a_second_run_changes_nothing() -> None:
    desk, said = office(), list[str]()
    assert desk.memory is not None
    numbers = {desk.register().case.number for _ in range(3)}
    assert index(desk.desk, "riverside", say=said.append) == 0
    assert {number for _, number in desk.memory.found_by} == numbers
    assert index(desk.desk, "riverside", say=said.append) == 0
    assert said[1].endswith("0 rows were written or taken away.")
    assert follow(desk.desk, "riverside", "202611-0001") == 0
    assert index(desk.desk, "riverside", since="202612", say=said.append) == 0
    assert said[2].startswith("0 cases")


@pytest.mark.parametrize(("given", "since"), [([], ""), (["--since", "2026-11"], "202611")])
def test_the_command_asks_for_all_months_unless_one_is_named(
    monkeypatch: pytest.MonkeyPatch, given: list[str], since: str
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(command_line, "desk_of", lambda stage: stage)
    monkeypatch.setattr(command_line, "index", lambda *of: asked.append(of) or 0)
    monkeypatch.setattr(sys, "argv", ["infra", "index", "riverside", *given])
    assert command_line.main() == 0
    assert asked == [("local", "riverside", since)]
