"""`kill -9` of the embedded cloud in the middle of everything.

It saves its whole state every three seconds, each service in between two requests, and writes down every
change of a table before it is answered: so nothing that was answered is lost, as on AWS. Workflows and
messages are only in what was saved, so that a workflow may know less than its case, and a message may leave
twice; the next start sees to the workflows.
"""

import http.client
import itertools
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.case.case import OPEN
from chalicelib.domain.case.events import Progressed
from infra.local.player import Player, code_in
from infra.local.sample import read_sample
from infra.local.stories import assignment_to
from infra.places import PROJECT
from tests.local_cloud.conftest import RunningDesk, environment
from tests.local_cloud.people import (
    ask,
    report,
    report_form,
    sign_result_off,
    state_of,
    token_of,
    wait_until,
)
from tests.local_cloud.register import Register

COMMUNITY = "cuiyuan"
FORMS: Mapping[str, Mapping[str, Any]] = {
    "sign": {"signature": "师傅"},
    "start": {},
    "propose": {"cause": "阀芯老化", "plan": "更换阀芯"},
    "complete": {"result": "已更换阀芯，试水不漏。"},
}
STEPS = {
    "assigned": (),
    "signed": ("sign",),
    "proposed": ("sign", "propose"),
    "working": ("sign", "start"),
    "completed": ("sign", "start", "complete"),
}
"""What the handler has done to the case of each stage when the cloud is killed."""
LEFT = {
    "assigned": ("sign", "complete"),
    "signed": ("start", "complete"),
    "proposed": ("complete",),
    "working": ("complete",),
    "completed": (),
}
"""What is left for the handler to do, once the resident has agreed to what was proposed."""

AT_WORK_SECONDS = 6
"""Long enough for some of it to be saved, and for some to be written since."""

REPORTED_EVERY_SECONDS = 0.4
"""Each of these cases is looked after at every later start: enough of them, but not too many."""


@dataclass(frozen=True)
class Story:
    """A case that goes on: its receipt, the handler's link, and the survey's if there is one yet."""

    receipt: dict[str, Any]
    work: str
    survey: str | None

    @property
    def number(self) -> str:
        return str(self.receipt["number"])

    @property
    def track(self) -> str:
        return code_in(self.receipt["tracking_url"])


Answered = list[tuple[str, float]]
"""What a person sent, and when it was answered (POSIX seconds), in order."""


@dataclass(frozen=True)
class Killed:
    """What was going on when the cloud was killed, and how that ended; the desk has been started again."""

    phone: Player
    stories: dict[str, Story]
    notes: dict[str, Answered]
    numbers: Answered
    at: float
    saved_at: float
    exit_status: int
    last_words: str


@pytest.fixture(scope="module")
def killed(desk: RunningDesk) -> Killed:
    """Cases at all stages, people at work on two of them, one reporting; then the kill, and a new start."""
    phone = Player(desk.base_url, desk.messages().new, lambda _message: None)
    stories = {stage: _story(desk, phone, stage, place) for place, stage in enumerate(STEPS)}
    notes: dict[str, Answered] = {"signed": [], "working": []}
    numbers: Answered = []
    with ThreadPoolExecutor() as people:
        at_work = [people.submit(_notes, desk, stories[stage], answered) for stage, answered in notes.items()]
        at_work.append(people.submit(_reports, desk, numbers))
        wait_until(lambda: numbers and all(notes.values()), "everybody has had an answer")
        began = time.time()
        wait_until(lambda: desk.saved_at > began + AT_WORK_SECONDS, "some of it is saved")
        time.sleep(1)
        saved_at, killed_at = desk.saved_at, time.time()
        _kill_cloud(desk)
        assert desk.process is not None
        exit_status, last_words = desk.process.wait(30), desk.said
        for work in at_work:
            work.result(60)
    desk.start()
    return Killed(phone, stories, notes, numbers, killed_at, saved_at, exit_status, last_words)


def test_the_desk_ends_with_one_sentence_and_says_at_the_next_start_what_is_missing(
    desk: RunningDesk, killed: Killed
) -> None:
    assert killed.exit_status == 1
    assert "✗ The embedded cloud has ended by itself" in killed.last_words
    assert "was killed last time" in desk.said


def test_nothing_that_was_answered_is_missing(desk: RunningDesk, killed: Killed) -> None:
    """What was not saved yet, too; and of what nobody got an answer to, all or nothing."""
    everything = [*killed.numbers, *(answer for answered in killed.notes.values() for answer in answered)]
    assert [what for what, at in everything if at > killed.saved_at], "nothing stood in the journal alone"
    register = Register(desk, COMMUNITY)
    for stage, answered in killed.notes.items():
        events = register.history(killed.stories[stage].number)
        kept = [event.payload.note for event in events if isinstance(event.payload, Progressed)]
        assert kept[: len(answered)] == [note for note, _ in answered]
        assert kept == [f"第{place}次查看。" for place in range(len(kept))]
    assert {number for number, _ in killed.numbers} <= set(register.cases)


@pytest.mark.parametrize("community", [community.id for community in read_sample().communities])
def test_no_case_is_half_written(desk: RunningDesk, killed: Killed, community: str) -> None:
    """Looked at again if need be: the desk works on, and a look at all rows takes more than one moment."""
    assert Register(desk, COMMUNITY).cases
    wait_until(
        lambda: not Register(desk, community).half_written(),
        "; ".join(Register(desk, community).half_written()),
    )


@pytest.mark.parametrize("community", [community.id for community in read_sample().communities])
def test_every_open_case_has_a_workflow_that_runs(desk: RunningDesk, killed: Killed, community: str) -> None:
    wait_until(lambda: not Register(desk, community).without_workflow(), "all workflows run again", 60)
    assert any(case.state in OPEN for case in Register(desk, COMMUNITY).cases.values())


@pytest.mark.parametrize("stage", STEPS)
def test_every_story_can_be_brought_to_its_end(desk: RunningDesk, killed: Killed, stage: str) -> None:
    """With the links that the people had before the kill; then a colleague revisits, as `default` has it."""
    story = killed.stories[stage]
    assert state_of(desk, story.receipt) == stage
    if stage == "proposed":
        killed.phone.use_link(story.track, "agree")
    for command in LEFT[stage]:
        killed.phone.use_link(story.work, command, **FORMS[command])
    if "complete" in LEFT[stage]:
        sign_result_off(desk, story.number, COMMUNITY)
    killed.phone.use_link(story.survey or _survey(killed.phone, story.number), "rate", score=5)
    token = token_of(desk, "supervisor", COMMUNITY)
    path = f"/v1/communities/{COMMUNITY}/cases/{story.number}/commands/record_revisit"
    status, body = ask(desk, "POST", path, {"outcome": "satisfied", "manner": "phone"}, token=token)
    assert status == 200, body
    assert state_of(desk, story.receipt) == "closed"


def test_the_figures_are_what_the_events_add_up_to(desk: RunningDesk, killed: Killed) -> None:
    month = killed.stories["working"].number[:6]
    counted = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "infra", "recount", COMMUNITY, month, "--stage", "local"],
        cwd=PROJECT,
        env=environment(desk.folder, desk.port),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert counted.returncode == 0, counted.stdout + counted.stderr


def _story(desk: RunningDesk, phone: Player, stage: str, place: int) -> Story:
    """A case brought to its stage with the links in the messages."""
    unit = f"6-1-50{place}"
    receipt = report(desk, COMMUNITY, unit=unit, phone=f"1380013803{place}")
    work = code_in(phone.wait_for(assignment_to(unit)).text)
    for command in STEPS[stage]:
        phone.use_link(work, command, **FORMS[command])
    if stage == "completed":
        sign_result_off(desk, str(receipt["number"]), COMMUNITY)
    survey = _survey(phone, receipt["number"]) if stage == "completed" else None
    return Story(receipt, work, survey)


def _survey(phone: Player, number: str) -> str:
    return code_in(phone.wait_for(f"{number}.*评价").text)


def _notes(desk: RunningDesk, story: Story, answered: Answered) -> None:
    """A handler who notes one progress after the other until the desk answers no more."""

    def note(place: int) -> str:
        text = f"第{place}次查看。"
        status, body = ask(desk, "POST", f"/v1/links/{story.work}/progress", {"note": text})
        assert status == 200, body
        return text

    _until_it_ends(note, answered)


def _reports(desk: RunningDesk, answered: Answered) -> None:
    """A resident who reports one thing after the other until the desk answers no more."""

    def number(place: int) -> str:
        path = f"/v1/communities/{COMMUNITY}/cases"
        form = report_form(unit=f"6-2-{place:03d}", phone=f"138003{place:05d}")
        time.sleep(REPORTED_EVERY_SECONDS)
        status, body = ask(desk, "POST", path, form, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert status == 201, body
        return str(body["number"])

    _until_it_ends(number, answered)


def _until_it_ends(act: Callable[[int], str], answered: Answered) -> None:
    for place in itertools.count():
        try:
            answered.append((act(place), time.time()))
        except (OSError, ValueError, http.client.HTTPException):  # the front's 502 is no JSON
            break


def _kill_cloud(desk: RunningDesk) -> None:
    assert desk.process is not None
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == desk.process.pid and b"emulator" in (folder / "cmdline").read_bytes():
            os.kill(int(folder.name), signal.SIGKILL)
