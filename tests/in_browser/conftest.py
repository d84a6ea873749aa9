"""A desk on the embedded cloud, and a browser before it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.in_browser.environment import chromium, missing
from tests.in_browser.visitor import LOOKS, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk, free_port

expect.set_options(timeout=30_000)  # a busy machine answers late, and that is nobody's mistake
NewVisitor = Callable[[], Visitor]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk for the tests of one module.

    With all tests on one, the only engineer of the night gets more messages in an hour than leave at once
    (services/notices/caps_per_person.py), and the rest in digests.
    """
    running = RunningDesk(tmp_path_factory.mktemp("desk"), free_port())
    running.start()
    yield running
    assert running.stop() == 0, running.said


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; the tests are skipped, with what to install, where there is none."""
    if why := missing():
        pytest.skip(why)
    with sync_playwright() as drivers:
        # Without its sandbox it also starts where somebody is root, as in containers; it opens our own pages.
        # Its microphone beeps, and may be used.
        flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        opened = drivers.chromium.launch(executable_path=chromium(), args=flags)
        yield opened
        opened.close()


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """Each of the looks in turn."""
    return request.param  # type: ignore[no-any-return]  # pytest does not know its type


@pytest.fixture
def somebody(browser: Browser, look: Look, desk: RunningDesk) -> Iterator[NewVisitor]:
    """People who come with a browser of that look, each with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, look, desk))
