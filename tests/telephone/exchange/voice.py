"""The voice of the exchange: words as a sound file of a telephone's quality, made once."""

import hashlib
import os
import subprocess
import threading
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

VOICES = {"zh-CN": "cmn", "zh-HK": "yue", "en-US": "en-us", "en": "en-us", "cmn-CN": "cmn"}
RATE = 8000
SILENCE_BEHIND = 20.0
"""Seconds of silence behind what is played, so that no player is let go near its file's end.

PJSIP tells of that end on a thread of its own, of a player that may be gone by then: it crashed for that.
(https://github.com/pjsip/pjproject/pull/5045; not in the version that is built for Python.)
"""


class Voice:
    """espeak-ng, `words_a_minute` fast; what it has said before lies in `folder`."""

    def __init__(self, folder: Path, words_a_minute: int) -> None:
        self._folder, self._speed = folder, words_a_minute
        self._one_at_a_time = threading.Lock()

    def file(self, text: str, language: str) -> Path:
        """The sound of a text."""
        name = hashlib.sha256(f"{self._speed}\0{language}\0{text}".encode()).hexdigest()[:24]
        path = self._folder / f"said-{name}.wav"
        with self._one_at_a_time:
            if not path.exists():
                spoken(text, VOICES[language], path, self._speed, SILENCE_BEHIND)
        return path

    def beep(self) -> Path:
        """The tone after which a recording begins."""
        path = self._folder / f"beep-{os.getpid()}.wav"
        if not path.exists():
            made = ("-n", "-r", str(RATE), "-c", "1", "-b", "16", str(path))
            run("sox", *made, "synth", "0.3", "sine", "1000", "pad", "0", str(SILENCE_BEHIND))
        return path


def spoken(text: str, voice: str, path: Path, speed: int = 160, silence: float = 0.0) -> None:
    """Write a text as a sound file, 8 kHz, 16 bits, with seconds of silence behind it.

    Others who make the same one meanwhile do no harm.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        raw, made = Path(folder) / "raw.wav", Path(folder) / "made.wav"
        run("espeak-ng", "-v", voice, "-s", str(speed), "-w", str(raw), text)
        run("sox", str(raw), "-r", str(RATE), "-c", "1", "-b", "16", str(made), "pad", "0", str(silence))
        made.replace(path)


def seconds_of(path: Path) -> float:
    """How long a sound file is."""
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def run(*command: str) -> str:
    """Run a program of the system; what it printed."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout + done.stderr
