"""The desk as a process: what it needs, what it says, what it keeps over a stop and over a kill."""

import json
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.case.events import Event, MarkedOverdue
from chalicelib.domain.regulation.limits import Clock
from infra.local.player import Player, code_in
from infra.local.stories import DEMO_COMMUNITY, assignment_to
from infra.places import PROJECT
from tests.local_cloud.conftest import RunningDesk, environment
from tests.local_cloud.people import report, state_of, wait_for_state, wait_until
from tests.local_cloud.register import Register

LONGEST_SECOND_START_SECONDS = 20
LATEST_TIMER = timedelta(seconds=15)
"""How late a timer may be on a machine that has much to do. The sweep waits for a minute before it helps."""
LOOKED_AFTER = "What was open has been looked after"


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


def test_the_desk_file_has_the_shape_that_others_read(desk: RunningDesk) -> None:
    file = json.loads((desk.folder / "desk.json").read_text("utf-8"))
    assert set(file) == {"base_url", "communities", "accounts"}
    assert file["base_url"] == desk.base_url
    assert all(set(community) == {"id", "name"} for community in file["communities"])
    assert len(file["communities"]) >= 2
    assert all(set(account) == {"role", "username", "password", "community"} for account in file["accounts"])
    roles = {
        account["role"]
        for account in file["accounts"]
        if account["community"] == file["communities"][0]["id"]
    }
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
    wait_until(lambda: told in desk.said, told)


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


@dataclass(frozen=True)
class Stop:
    """The cases of the demonstration community before a stop, and what came of it. Its limits are seconds."""

    phone: Player
    assigned: dict[str, Any]
    """Nobody has signed for it; that has to happen within eight seconds."""
    written: dict[str, Any]
    """Registered in the very moment of the stop."""
    exit_status: int
    ended_at: datetime
    start_seconds: float


@pytest.fixture(scope="module")
def stop(desk: RunningDesk) -> Stop:
    """The desk stopped in order, with work going on, and started again."""
    phone = Player(desk.base_url, desk.messages().new, lambda _message: None)
    assigned = report(desk, DEMO_COMMUNITY, unit="4-4-401", phone="13800138011")
    phone.wait_for(assignment_to("4-4-401"))
    phone.look(code_in(phone.wait_for(f"】{assigned['number']}").text))
    written = report(desk, DEMO_COMMUNITY, unit="4-4-402", phone="13800138012")
    stopped = Stop(phone, assigned, written, desk.stop(), datetime.now(UTC), desk.start())
    phone.look(code_in(phone.wait_for(f"】{written['number']}").text))
    return stopped


def test_a_stop_is_clean_and_the_next_start_quick(stop: Stop) -> None:
    assert stop.exit_status == 0
    assert stop.start_seconds < LONGEST_SECOND_START_SECONDS


def test_a_start_says_how_many_workflows_it_restarted(desk: RunningDesk, stop: Stop) -> None:
    wait_until(lambda: LOOKED_AFTER in desk.said, "the desk looks after what was open")
    assert re.search(r"workflows restarted: [1-9]", desk.said), desk.said


def test_what_was_written_before_a_stop_is_relayed_after_it(stop: Stop) -> None:
    """Written, and stopped before the stream was read: the case still finds its handler."""
    stop.phone.wait_for(assignment_to("4-4-402"))


@pytest.mark.req("B3", "B7")
def test_what_ran_out_during_a_stop_is_made_good(desk: RunningDesk, stop: Stop) -> None:
    stop.phone.wait_for("超时：4-4-401.*签收")
    assert overdue_event(desk, stop.assigned, Clock.SIGN).at > stop.ended_at


@pytest.mark.req("B7", "G3")
def test_timers_go_on_after_a_stop_and_fire_once(desk: RunningDesk, stop: Stop) -> None:
    """Both cases are due thirty seconds after their registration, when the desk has long been open again."""
    for unit, receipt in (("4-4-401", stop.assigned), ("4-4-402", stop.written)):
        stop.phone.wait_for(f"超时：{unit}.*办结", seconds=60)
        due_at = Register(desk, DEMO_COMMUNITY).cases[receipt["number"]].clocks.solve_due_at
        assert timedelta(0) <= overdue_event(desk, receipt, Clock.SOLVE).at - due_at < LATEST_TIMER


def overdue_event(desk: RunningDesk, receipt: dict[str, Any], clock: Clock) -> Event:
    """The one event that marks the clock as overdue; ValueError if there is none, or more than one."""
    history = Register(desk, DEMO_COMMUNITY).history(receipt["number"])
    marked = (entry for entry in history if isinstance(entry.payload, MarkedOverdue))
    (event,) = [event for event in marked if event.payload.clock is clock]
    return event


def test_a_killed_desk_saves_and_starts_again(desk: RunningDesk) -> None:
    """`kill -9` of the desk alone: its cloud sees that it is left alone, and ends in order."""
    receipt = report(desk)
    wait_for_state(desk, receipt, "assigned")
    desk.stop(signal.SIGKILL)
    desk.start()
    assert state_of(desk, receipt) == "assigned"
