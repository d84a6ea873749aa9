"""A start that is broken off, a second desk of the folder, and a stop with work and stories going on."""

import contextlib
import fcntl
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.cloud import Cloud
from infra.local.demo import play
from infra.places import PROJECT
from infra.problems import CannotGoOnError
from tests.local_cloud.conftest import RunningDesk, environment, free_port
from tests.local_cloud.people import report, wait_until

AT_ONCE_SECONDS = 10
"""Only a hung process takes that long, on a machine that has much else to do."""
PHONE = "13800138031"
NOBODY_LISTENS = "http://127.0.0.1:1"


@contextlib.contextmanager
def run(folder: Path, port: int, what: str) -> Iterator["subprocess.Popen[str]"]:
    """`make run` or `make demo`, which ends with the block if it has not ended yet."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "infra.local", what],
        cwd=PROJECT,
        env=environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stdout is not None
    assert any(words in line for line in process.stdout)


def processes_of(folder: Path) -> list[str]:
    """The command lines that name the folder: the embedded cloud's workers, which run its functions."""
    listed = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True)  # noqa: S607
    return [line for line in listed.stdout.splitlines() if str(folder) in line]


def is_let_go(folder: Path) -> bool:
    """Whether nobody holds the desk of the folder, its cloud neither."""
    with (folder / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "asked to terminate")],
)
def test_a_start_is_broken_off_at_once_with_all_that_it_started(
    tmp_path: Path, how: signal.Signals, status: int, words: str
) -> None:
    with run(tmp_path, free_port(), "up") as starting:
        wait_for_line(starting, "Deploying")
        starting.send_signal(how)
        _, said = starting.communicate(timeout=AT_ONCE_SECONDS)
    assert (starting.returncode, said) == (status, f"✗ Stopped before the end: {words}.\n")
    assert is_let_go(tmp_path)


def test_a_desk_that_is_starting_is_named_to_a_second_one(tmp_path: Path) -> None:
    with run(tmp_path, free_port(), "up") as starting:
        wait_for_line(starting, "Starting")
        starting.send_signal(signal.SIGSTOP)  # so that it is still starting when the second one looks
        with run(tmp_path, free_port(), "up") as second:
            _, refused = second.communicate(timeout=60)
    assert refused == (
        f"✗ Another desk of this checkout is starting (process {starting.pid}): "
        "wait until it is open, or stop it.\n"
    )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk beside the one that the other tests share: this one is stopped with stories going on."""
    running = RunningDesk(tmp_path_factory.mktemp("own"), free_port())
    running.start()
    yield running
    if running.process is not None and running.process.poll() is None:
        running.stop()


def test_a_stop_says_why_and_ends_the_stories_and_every_worker(own: RunningDesk) -> None:
    with run(own.folder, own.port, "demo") as stories:
        wait_for_line(stories, "The desk answers at once")
        assert processes_of(own.folder)
        assert own.stop(signal.SIGTERM) == 0
        _, said = stories.communicate(timeout=60)
    assert "Stopping (asked to terminate); the register is being saved …" in own.said
    assert is_let_go(own.folder)
    wait_until(lambda: not processes_of(own.folder), "the workers end with their cloud", AT_ONCE_SECONDS)
    assert stories.returncode == 1
    assert re.fullmatch(r"✗ The story stopped: .+\n", said), said


def test_stories_on_a_desk_that_has_gone_end_with_a_sentence() -> None:
    with pytest.raises(CannotGoOnError, match=r"does not answer any more\. Was it stopped\?"):
        play(NOBODY_LISTENS, Cloud(NOBODY_LISTENS))


def test_what_leaves_around_a_stop_is_told_once(own: RunningDesk) -> None:
    """Before the stop, in it, or before the next one is open: wherever it falls, it is told, and once."""
    if own.process is None or own.process.poll() is not None:
        own.start()
    number = report(own, phone=PHONE)["number"]
    own.stop()
    before = own.said
    own.start()
    told = f"SMS → +86{PHONE}\n   【诉达】{number}"
    wait_until(lambda: told in before + own.said, "the message is told")
    own.stop()
    after = own.said
    own.start()
    assert (before + after + own.said).count(told) == 1
