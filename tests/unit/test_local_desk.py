"""The local desk's parts that need no cloud: being asked to stop, who else is there, what has been told."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local import lock as locking
from infra.local.lock import Doing, Lock, only_desk
from infra.local.messages import Message, Messages, Told
from infra.local.ready import done_together
from infra.local.serving import MOST_AT_ONCE, tell_what_left_meanwhile
from infra.local.stopping import REASONS, Stop, StopAskedError
from infra.problems import CannotGoOnError


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = {reason: signal.getsignal(reason) for reason in REASONS}
    listening = Stop()
    listening.listen()
    yield listening
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (signal.SIGINT, 130, "Ctrl-C"),
        (signal.SIGTERM, 143, "asked to terminate"),
        (signal.SIGHUP, 129, "the terminal was closed"),
    ],
)
def test_a_signal_breaks_the_start_off_and_is_named(
    stop: Stop, number: signal.Signals, status: int, words: str
) -> None:
    with pytest.raises(StopAskedError) as asked:
        signal.raise_signal(number)
    assert str(asked.value) == f"Stopped before the end: {words}."
    assert asked.value.exit_status == status
    assert not isinstance(asked.value, Exception), "botocore would take it for a fault of the line"


def test_an_open_desk_only_notes_that_it_is_to_stop(stop: Stop) -> None:
    stop.in_order_from_now_on()
    assert (stop.by, stop.reason) == (None, "")
    signal.raise_signal(signal.SIGTERM)
    assert stop.reason == " (asked to terminate)"


def test_a_stop_is_not_broken_off_by_a_second_signal(stop: Stop) -> None:
    with pytest.raises(StopAskedError):
        signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
    assert stop.by is signal.SIGTERM


def test_under_nohup_the_terminal_may_close() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    others = {reason: signal.getsignal(reason) for reason in REASONS}
    try:
        listening = Stop()
        listening.listen()
        signal.raise_signal(signal.SIGHUP)
        assert listening.by is None
    finally:
        for other, handler in others.items():
            signal.signal(other, handler)
        signal.signal(signal.SIGHUP, before)


def test_what_the_preparation_started_ends_with_it(stop: Stop, tmp_path: Path) -> None:
    """The command's child holds a lock, and would for a minute; the command has us be asked to stop."""
    held = tmp_path / "held"
    starts_another = (
        "import fcntl, os, signal, subprocess, sys\n"
        f"held = open({str(held)!r}, 'w')\n"
        "fcntl.flock(held, fcntl.LOCK_EX)\n"
        "other = subprocess.Popen(['sleep', '60'], pass_fds=[held.fileno()])\n"
        "os.kill(os.getppid(), signal.SIGTERM)\n"
        "other.wait()\n"
    )
    with pytest.raises(StopAskedError):
        done_together([sys.executable, "-c", starts_another])
    with held.open() as again:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while anybody lives who has it


def test_a_preparation_that_fails_says_why_in_one_sentence() -> None:
    fails = "import sys; print('noise', file=sys.stderr); sys.exit('No wheel for this.')"
    with pytest.raises(CannotGoOnError, match=r"^No wheel for this\.$"):
        done_together([sys.executable, "-c", fails])


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lock]:
    """The lock of another desk of the same folder, which is starting."""
    monkeypatch.setattr(locking, "DESK", tmp_path)
    held = Lock()
    assert held.taken()
    yield held
    with contextlib.suppress(OSError):  # let go of in the test
        os.close(held.descriptor)


def test_a_desk_that_is_starting_is_not_taken_for_one_that_was_killed(other: Lock) -> None:
    sentence = rf"^Another desk of this checkout is starting \(process {os.getpid()}\): wait until it is open"
    with pytest.raises(CannotGoOnError, match=sentence), only_desk(pytest.fail):
        pass


def test_a_desk_that_is_open_is_named_with_its_address(other: Lock) -> None:
    other.tell(Doing.RUNNING, "http://127.0.0.1:8080")
    sentence = r"^The desk of this checkout is already running at http://127\.0\.0\.1:8080\.$"
    with pytest.raises(CannotGoOnError, match=sentence), only_desk(pytest.fail):
        pass


@pytest.mark.parametrize("killed", [False, True])
def test_a_cloud_that_is_still_saving_is_waited_for(
    other: Lock, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Stopping, or killed while it was open: the lock is still held, by its cloud."""
    if killed:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        with monkeypatch.context() as as_the_dead:
            as_the_dead.setattr(os, "getpid", lambda: ended.pid)
            other.tell(Doing.RUNNING, "http://127.0.0.1:8080")
    else:
        other.tell(Doing.STOPPING)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        os.close(other.descriptor)  # it has saved

    with only_desk(say) as own:
        assert own.descriptor
    (sentence,) = said
    assert sentence == "The desk is just stopping, or was killed: its cloud is still saving …"


def message(number: int) -> Message:
    return Message(f"id-{number}", "SMS", "+8613800138000", f"text {number}")


def cloud_with(sent: list[Message]) -> Any:
    """What the emulator's addresses answer."""

    def look(path: str) -> Any:
        if "sns" not in path:
            return {"messages": {}}
        records = [
            {"MessageId": message.id, "PhoneNumber": message.to, "Message": message.text} for message in sent
        ]
        return {"sms_messages": {"+8613800138000": records}}

    return look


def test_a_message_that_left_while_nobody_looked_is_told_at_the_next_start(tmp_path: Path) -> None:
    told = Told(tmp_path / "told")
    sent = [message(1)]
    messages = Messages(cloud_with(sent), told.ids())
    assert messages.new() == [message(1)]
    told.add([message(1)])
    sent.append(message(2))
    after_a_stop = Messages(cloud_with(sent), Told(tmp_path / "told").ids())
    assert after_a_stop.new() == [message(2)]
    assert after_a_stop.new() == []


def test_of_many_such_messages_the_last_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(tmp_path / "told")
    tell_what_left_meanwhile([message(number) for number in range(MOST_AT_ONCE + 5)], told)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["While the desk was starting or stopping, these left:", "… 5 more, and"]
    assert [line.strip() for line in lines if "text" in line] == [
        f"text {number}" for number in range(5, MOST_AT_ONCE + 5)
    ]
    assert len(told.ids()) == MOST_AT_ONCE + 5, "the five are not told either at the next start"


def test_where_nothing_left_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell_what_left_meanwhile([], Told(tmp_path / "told"))
    assert capsys.readouterr().out == ""
