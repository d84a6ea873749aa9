"""Environments beside our own, each made once per set of requirements: that of the embedded cloud."""

import hashlib
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from infra.locks import one_at_a_time
from infra.places import MADE
from infra.problems import CannotGoOnError


@dataclass(frozen=True)
class Environment:
    """An environment of its own, for what must not lie beside our packages.

    Attributes:
        name: What is missing where it cannot be made, for a sentence.
        folder: Where it is made.
        requirements: Its lock file.
    """

    name: str
    folder: Path
    requirements: Path

    @property
    def python(self) -> Path:
        """Where its Python lies."""
        return self.folder / "bin" / "python"

    @property
    def _mark(self) -> Path:
        """Written last: it says for which requirements the environment is whole."""
        return self.folder / "requirements.sha256"

    def is_made(self) -> bool:
        """Whether it is there and holds what it should."""
        return self._mark.exists() and self._mark.read_text() == self._wanted() and self.python.exists()

    def made(self) -> Path:
        """Its Python.

        The environment is made first if it is not as it should be; CannotGoOnError if it cannot be.
        """
        MADE.mkdir(exist_ok=True)
        with one_at_a_time(MADE / f"{self.folder.name}.lock"):
            if not self.is_made():
                self._make()
        return self.python

    def _wanted(self) -> str:
        return hashlib.sha256(self.requirements.read_bytes() + sys.version.encode()).hexdigest()

    def _make(self) -> None:
        try:
            venv.create(self.folder, clear=True, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as err:
            raise CannotGoOnError("A virtual environment cannot be made: install python3-venv.") from err
        install = ["-m", "pip", "install", "-qq", "--require-hashes", "--requirement"]
        done = subprocess.run(  # noqa: S603
            [str(self.python), *install, str(self.requirements)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr]
            raise CannotGoOnError(f"{self.name} could not be installed: {reasons[-1].strip()}")
        self._mark.write_text(self._wanted())


CLOUD = Environment(
    "The embedded cloud", MADE / "cloud-environment", Path(__file__).with_name("requirements.txt")
)


def cloud_python() -> Path:
    """The Python of the embedded cloud's environment."""
    return CLOUD.made()


def environment_is_made() -> bool:
    """Whether the embedded cloud's environment is there and holds what it should."""
    return CLOUD.is_made()
