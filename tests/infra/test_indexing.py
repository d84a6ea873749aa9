"""The operator's command that has cases of before the index found."""

import pytest

from chalicelib.services.search import follow
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
