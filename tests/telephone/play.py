"""The exchange beside a desk, and a call from beginning to end."""

import os
import signal
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.telephone import SID, TOKEN, recordings_from
from infra.places import PROJECT
from tests.telephone.caller import Act, Caller, Listen, Press, Speak, Wait
from tests.telephone.environment import PJSIP

COMMUNITY = "cuiyuan"
CALLED = "+8657188001100"
LONGEST_START_SECONDS = 20
SAID = "您好，我家厨房的水龙头一直漏水，请派人来修一下。"


CALLS_EACH = 4
"""So many calls one exchange takes: PJSIP as it is built for Python."""
PORTS_EACH = 20


@dataclass
class Exchange:
    """A running exchange: what it tells, and the folder with its sounds."""

    folder: Path
    sip_port: int
    told: list[str] = field(default_factory=list)

    def caller(self, place: int = 0) -> Caller:
        """A telephone; those of other places can call at the same time."""
        media = 20_000 + 100 * (self.sip_port % 300)
        return Caller(self.folder, self.sip_port, self.sip_port + 2 + place, media + 20 * place, CALLED)

    def recordings(self) -> list[Path]:
        """What was recorded, also what the desk has fetched and deleted here."""
        return sorted(
            path
            for path in self.folder.glob("RE*")
            if path.suffix in {".wav", ".deleted"} and not path.name.endswith(".open.wav")
        )


@contextmanager
def exchange(
    desk: str,
    folder: Path,
    sip_port: int,
    *,
    speed: int = 160,
    say: Callable[[str], None] = lambda _: None,
    serves: bool = True,
) -> Iterator[Exchange]:
    """An exchange that asks the desk at that address what to do with calls to `COMMUNITY`."""
    command = [
        str(PJSIP.python), "-m", "tests.telephone.exchange", "--sip-port", str(sip_port),
        "--recordings-port", str(urlsplit(recordings_from(desk)).port),
        "--webhook", f"{desk}/voice/{COMMUNITY}", "--status", f"{desk}/voice/{COMMUNITY}/ended",
        "--account", SID, "--token", TOKEN, "--folder", str(folder), "--speed", str(speed),
        *(["--serves"] if serves else []),
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(  # noqa: S603
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    running, is_open = Exchange(folder, sip_port), threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            running.told.append(line.rstrip())
            say(line.rstrip())
            if "The exchange is open" in line:
                is_open.set()

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        if not is_open.wait(LONGEST_START_SECONDS):
            raise AssertionError(f"The exchange does not open: {running.told}")
        yield running
        if process.poll() is not None:
            raise AssertionError(f"The exchange ended by itself ({process.returncode}): {running.told[-20:]}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_START_SECONDS)
        listening.join(5)
        if process.stdout is not None:
            process.stdout.close()


def repair(*, pace: float = 0.0, unit: str = "3*2*1201", said: str = SAID) -> tuple[Act, ...]:
    """What somebody does who reports a repair: language, repair, unit, yes, what it is, hash.

    `pace` is how many seconds they listen before each key: the prompts can be broken off.
    """
    keys = ("1", "1", f"{unit}#", "1")
    pressed = (act for key in keys for act in (Listen(), Wait(pace), Press(key)))
    return (*pressed, Listen(), Speak(said), Wait(1.0), Press("#"))


def seconds_of(path: Path) -> float:
    """How long a recording is."""
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def until(what: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it becomes true within that time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if what():
            return True
        time.sleep(0.2)
    return what()


WHOLE, BEFORE_THE_MENU, NO_KEY, WRONG_UNIT, TWICE = (f"+861390000100{place}" for place in range(1, 6))
MANY = tuple(f"+86139000020{place:02}" for place in range(1, 21))
"""Who calls in the tests, each for another reason."""


def hot_line_calls(exchanges: Sequence[Exchange]) -> dict[str, int]:
    """Make every kind of call at once; how SIPp ended, by who called.

    The first exchange has one of each kind, the others the twenty.
    """
    first, *others = exchanges
    spoken = (Speak(SAID), Wait(1.0), Press("#"))
    wrong = [act for key in ("1", "1", "9*9*9#", "2") for act in (Listen(), Press(key))]
    calls: dict[str, tuple[Sequence[Act], bool]] = {
        WHOLE: (repair(), False),
        BEFORE_THE_MENU: ([Listen()], True),
        NO_KEY: ((*[Listen()] * 5, *spoken), False),  # the language, the menu three times, the tone
        WRONG_UNIT: ((*wrong, *repair()[6:]), False),
    }
    begun = {
        who: first.caller(place).call(who, acts, hangs_up=hangs_up)
        for place, (who, (acts, hangs_up)) in enumerate(calls.items())
    }
    for place, other in enumerate(others):
        callers = MANY[place * CALLS_EACH : (place + 1) * CALLS_EACH]
        begun[callers[0]] = other.caller().call(callers, repair())
    ended = {who: call.wait() for who, call in begun.items()}
    for again in (5, 6):
        ended[f"{TWICE} {again}"] = first.caller(again).call(TWICE, repair(), call_id="twice").wait()
    return ended
