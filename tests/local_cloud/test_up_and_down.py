"""The desk as a process: what it needs, what it says, what it keeps over a stop and over a kill."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from infra.places import PROJECT
from tests.local_cloud.conftest import RunningDesk, environment
from tests.local_cloud.people import ask, report

LONGEST_SECOND_START_SECONDS = 20


def up(folder: Path, port: int | str) -> subprocess.CompletedProcess[str]:
    """A start that is meant to fail."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local", "up"],
        cwd=PROJECT,
        env=environment(folder, port),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def state_of(desk: RunningDesk, receipt: dict[str, Any]) -> str:
    """What the tracking link shows."""
    code = receipt["tracking_url"].rpartition("/")[2]
    return str(ask(desk, "GET", f"/v1/links/{code}")[1]["state"])


def wait_for_state(desk: RunningDesk, receipt: dict[str, Any], wanted: str) -> None:
    for _ in range(200):
        if state_of(desk, receipt) == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(f"{receipt['number']} is {state_of(desk, receipt)}, not {wanted}")


def test_the_desk_file_has_the_shape_that_others_read(desk: RunningDesk) -> None:
    file = json.loads((desk.folder / "desk.json").read_text("utf-8"))
    assert set(file) == {"base_url", "communities", "accounts"}
    assert file["base_url"] == desk.base_url
    assert all(set(one) == {"id", "name"} for one in file["communities"])
    assert len(file["communities"]) >= 2
    assert all(set(one) == {"role", "username", "password", "community"} for one in file["accounts"])
    roles = {one["role"] for one in file["accounts"] if one["community"] == file["communities"][0]["id"]}
    assert roles == {
        "agent",
        "supervisor",
        "department_head",
        "handler",
        "manager",
        "company_head",
        "committee",
        "machine",
    }


def test_it_says_where_it_is_and_whom_to_be(desk: RunningDesk) -> None:
    for words in (f"{desk.base_url}/", "cuiyuan-agent", "Try first", "/v1/docs"):
        assert words in desk.said


def test_messages_are_told_as_they_leave(desk: RunningDesk) -> None:
    number = report(desk, phone="13800138010")["number"]
    told = f"SMS → +8613800138010\n   【诉达】{number}"
    for _ in range(150):
        if told in desk.said:
            break
        time.sleep(0.1)
    assert told in desk.said


def test_a_busy_port_ends_it_with_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = up(tmp_path, port)
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        f"✗ Port {port} is busy: stop what listens there, or choose another with PORT={port + 1}."
    )


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_ends_it_with_one_sentence(tmp_path: Path, port: str) -> None:
    ended = up(tmp_path, port)
    assert ended.returncode == 1
    assert ended.stderr.strip() == f"✗ PORT={port} is no port: give a number from 1 to 65535."


def test_a_second_desk_of_the_same_folder_is_refused(desk: RunningDesk) -> None:
    ended = up(desk.folder, desk.port + 1)
    assert ended.returncode == 1
    assert ended.stderr.strip() == f"✗ The desk of this checkout is already running at {desk.base_url}."


def test_a_python_that_is_too_old_ends_make_with_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(  # noqa: S603
        ["make", "run", f"VENV={tmp_path / 'venv'}", "PYTHON=false"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "✗ Python 3.11 or newer is needed" in ended.stderr


def test_a_stop_keeps_everything_and_the_timers_go_on(desk: RunningDesk) -> None:
    receipt = report(desk)
    wait_for_state(desk, receipt, "assigned")
    assert desk.stop() == 0
    assert desk.start() < LONGEST_SECOND_START_SECONDS
    assert state_of(desk, receipt) == "assigned"
    for _ in range(300):
        if "workflows restarted: " in desk.said:
            break
        time.sleep(0.1)
    assert re.search(r"workflows restarted: [1-9]", desk.said), desk.said


def test_what_was_written_before_a_stop_is_relayed_after_it(desk: RunningDesk) -> None:
    """Written, and stopped before the stream was read: the case still finds its handler."""
    receipt = report(desk)
    desk.stop()
    desk.start()
    wait_for_state(desk, receipt, "assigned")


def test_a_killed_desk_saves_and_starts_again(desk: RunningDesk) -> None:
    receipt = report(desk)
    wait_for_state(desk, receipt, "assigned")
    desk.stop(signal.SIGKILL)
    desk.start()
    assert state_of(desk, receipt) == "assigned"


def test_a_killed_cloud_ends_the_desk_which_starts_again_from_the_last_save(desk: RunningDesk) -> None:
    receipt = report(desk)
    wait_for_state(desk, receipt, "assigned")
    time.sleep(4)  # the embedded cloud saves every three seconds
    kill_cloud(desk)
    assert desk.process is not None
    assert desk.process.wait(30) == 1
    assert "✗ The embedded cloud has ended by itself" in desk.said
    desk.start()
    assert "was killed last time" in desk.said
    assert state_of(desk, receipt) == "assigned"
    report(desk)


def kill_cloud(desk: RunningDesk) -> None:
    assert desk.process is not None
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == desk.process.pid and b"emulator" in (folder / "cmdline").read_bytes():
            os.kill(int(folder.name), signal.SIGKILL)
