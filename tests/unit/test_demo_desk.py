"""`make demo` beside a desk of another folder says where that is; a long start shows signs of life."""

import contextlib
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import demo, deskfile
from infra.local.progress import busy
from infra.local.sample import read_sample
from infra.local.stopping import Stop
from infra.problems import CannotGoOnError


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    """Where an open desk answers; no other does."""
    there = "http://127.0.0.1:8123"

    def answered(asked: str, **_how: object) -> contextlib.AbstractContextManager[None]:
        if not asked.startswith(there):
            raise ConnectionRefusedError
        return contextlib.nullcontext()

    monkeypatch.setattr(urllib.request, "urlopen", answered)
    return there


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """This folder, where no desk is open, and another."""
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        folder.mkdir()
    monkeypatch.setattr(deskfile, "OPEN_DESKS", tmp_path / "open")
    monkeypatch.setattr(deskfile, "FILE", mine / "desk.json")
    return mine, other


def opened(folder: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as there:
        there.setattr(deskfile, "FILE", folder / "desk.json")
        deskfile.write(address, read_sample())


def test_a_desk_of_another_folder_is_named_and_none_is_started(
    folders: tuple[Path, Path], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other = folders
    opened(other, address, monkeypatch)
    monkeypatch.setattr(demo, "desk_up", lambda *_: pytest.fail("another desk is started"))
    with pytest.raises(CannotGoOnError) as said:
        demo.demo(8080, Stop())
    assert address in str(said.value)
    assert f"make demo SUDA_DESK_FOLDER={other}" in str(said.value)


def test_whoever_chooses_a_port_or_folder_gets_a_desk_of_their_own(
    folders: tuple[Path, Path], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(folders[1], address, monkeypatch)
    started: list[int] = []

    @contextlib.contextmanager
    def started_at(port: int, _stop: Stop) -> Iterator[None]:
        started.append(port)
        raise CannotGoOnError("as far as this test goes")
        yield

    monkeypatch.setattr(demo, "desk_up", started_at)
    with pytest.raises(CannotGoOnError, match="as far as this test goes"):
        demo.demo(8090, Stop(), on_its_own=True)
    assert started == [8090]


def test_a_desk_that_is_gone_or_closed_is_not(
    folders: tuple[Path, Path], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other = folders
    opened(other, "http://127.0.0.1:9", monkeypatch)
    assert deskfile.running_elsewhere() == (), "it does not answer"
    opened(other, address, monkeypatch)
    assert deskfile.running_elsewhere() == ((other, address),)
    with monkeypatch.context() as there:
        there.setattr(deskfile, "FILE", other / "desk.json")
        assert deskfile.running_elsewhere() == (), "its own is not another's"
        deskfile.remove()
    assert deskfile.running_elsewhere() == ()
    (deskfile.OPEN_DESKS / "strange").write_text("nowhere")
    (other / "desk.json").write_text(json.dumps({"base": address}))
    assert deskfile.running_elsewhere() == ()


def test_a_long_step_shows_that_it_goes_on() -> None:
    said: list[str] = []
    with busy("Packaging", said.append, every=0.02):
        time.sleep(0.1)
    told = len(said)
    assert said[0] == "Packaging …"
    assert told >= 3
    assert said[1].startswith("  … 0 s")
    time.sleep(0.06)
    assert len(said) == told, "nothing is said once it is done"


def test_a_step_that_is_broken_off_says_nothing_more() -> None:
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt), busy("Packaging", said.append, every=0.02):
        raise KeyboardInterrupt
    assert said == ["Packaging …"]
