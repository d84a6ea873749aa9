"""A desk of its own for the tests of the embedded cloud: `make run`, on another port, in another folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.cloud import Cloud
from infra.local.messages import Messages
from infra.places import PROJECT

LONGEST_START_SECONDS = 120
"""A first start, with what the environments need on this machine already."""
LONGEST_STOP_SECONDS = 45


@dataclass
class RunningDesk:
    """A desk in a process of its own."""

    folder: Path
    port: int
    process: "subprocess.Popen[str] | None" = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it has told the terminal since its last start."""
        return (self.folder / "said.log").read_text("utf-8")

    @property
    def cloud(self) -> Cloud:
        return Cloud(json.loads((self.folder / "cloud.json").read_text("utf-8"))["endpoint"])

    def accounts(self, role: str, community: str) -> list[dict[str, str]]:
        desk = json.loads((self.folder / "desk.json").read_text("utf-8"))
        return [
            account
            for account in desk["accounts"]
            if (account["role"], account["community"]) == (role, community)
        ]

    def messages(self) -> Messages:
        """What leaves from now on, also over a new start, which gives the cloud another port."""
        return Messages(lambda path: self.cloud.get(path))

    @property
    def saved_at(self) -> float:
        """When the embedded cloud last saved its tables (POSIX seconds); what was done before is in it."""
        return (self.folder / "state" / "dynamodb.json").stat().st_mtime

    def start(self) -> float:
        """Starts it, waits until it is open, and returns the seconds that this took."""
        began = time.monotonic()
        with (self.folder / "said.log").open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local", "up"],
                cwd=PROJECT,
                env=environment(self.folder, self.port),
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        while "The desk is open" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() - began < LONGEST_START_SECONDS, self.said
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Sends it the signal, waits for its end, and returns its exit status."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(LONGEST_STOP_SECONDS)


def environment(folder: Path, port: int | str) -> dict[str, str]:
    """The environment of a desk with a folder and a port of its own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "SUDA_DESK_FOLDER": str(folder),
        "PORT": str(port),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One desk for all tests; a test that stops it starts it again."""
    running = RunningDesk(tmp_path_factory.mktemp("desk"), free_port())
    running.start()
    yield running
    assert running.stop() == 0, running.said
