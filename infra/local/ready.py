"""What has to be made before a desk can start.

The embedded cloud's environment, and the package.

Run as `python -m infra.local.ready`, in a session of its own: pip and Chalice start processes that
would go on by themselves when the start is broken off, and so they can be ended together.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from infra.local.environments import cloud_python, environment_is_made
from infra.package import Package, package, packaged
from infra.places import PROJECT
from infra.problems import CannotGoOnError

GRACE_SECONDS = 3
"""For removing temporary files, before whoever is still there is killed."""


def made_ready() -> Package:
    """The package of the local desk.

    The package and the cloud's environment are made if they are not there.

    Raises:
        CannotGoOnError: Something is missing; says what.
    """
    if packaged("local") is None or not environment_is_made():
        done_together([sys.executable, "-m", "infra.local.ready"])
    return package("local")


def done_together(command: Sequence[str]) -> None:
    """Runs a command that starts others. When this is broken off, all of them are ended.

    Raises:
        CannotGoOnError: It failed; with its last line.
    """
    with subprocess.Popen(  # noqa: S603
        command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            _, said = process.communicate()
        except BaseException:
            _end(process)
            raise
    if process.returncode:
        raise CannotGoOnError((said.strip().splitlines() or ["The preparation failed."])[-1].lstrip("✗ "))


def _end(process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + GRACE_SECONDS
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        while time.monotonic() < until:
            process.poll()
            os.killpg(process.pid, 0)  # raises when nobody is left
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Makes both at once: each waits for downloads and processes most of the time."""
    with ThreadPoolExecutor() as both:
        for job in (both.submit(cloud_python), both.submit(package, "local")):
            job.result()


if __name__ == "__main__":
    try:
        main()
    except CannotGoOnError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
