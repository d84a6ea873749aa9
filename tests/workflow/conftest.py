"""A world for each test, with one community under the default regulation."""

from collections.abc import Iterator

import pytest

from tests.workflow.world import World, world


@pytest.fixture(name="world")
def _world() -> Iterator[World]:
    with world() as made:
        yield made
