"""The embedded cloud's own virtual environment, made once per set of requirements."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from infra.locks import one_at_a_time
from infra.places import MADE
from infra.problems import CannotGoOnError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ENVIRONMENT = MADE / "cloud-environment"
PYTHON = ENVIRONMENT / "bin" / "python"
MARK = ENVIRONMENT / "requirements.sha256"
"""Written last: it says for which requirements the environment is whole."""


def cloud_python() -> Path:
    """The Python of the embedded cloud's environment.

    The environment is made first if it is not as it should be.
    """
    MADE.mkdir(exist_ok=True)
    with one_at_a_time(MADE / "cloud-environment.lock"):
        return _cloud_python()


def environment_is_made() -> bool:
    """Whether it is there and holds what it should."""
    return MARK.exists() and MARK.read_text() == _wanted() and PYTHON.exists()


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()


def _cloud_python() -> Path:
    if environment_is_made():
        return PYTHON
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as err:
        raise CannotGoOnError("A virtual environment cannot be made: install python3-venv.") from err
    done = subprocess.run(  # noqa: S603
        [str(PYTHON), "-m", "pip", "install", "-qq", "--require-hashes", "--requirement", str(REQUIREMENTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr]
        raise CannotGoOnError(f"The embedded cloud could not be installed: {reasons[-1].strip()}")
    MARK.write_text(_wanted())
    return PYTHON
