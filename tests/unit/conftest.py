"""What tests of pages stand on; tests of the API have a desk of their own (tests/api_desk.py)."""

from collections.abc import Iterator

import pytest

from tests.browser import Browser, browsing
from tests.builders import Office, community, office


@pytest.fixture
def desk() -> Office:
    """Two communities over the fakes."""
    return office(community(), community("hillside", name="翠湖山庄", prefix="h-"))


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    """A browser before the pages of `desk`."""
    with browsing(desk) as made:
        yield made
