"""Time to import the application, against the time of its two libraries alone.

Both are measured in fresh processes with compiled modules.

`import chalice, pynamodb` itself loads next to nothing of PynamoDB, whose package is empty: the floor imports
its models, which whoever uses it needs. The application leaves them to the first request that reads a table;
so that this hides nothing, a second line has all that such a request loads.
"""

import os
import subprocess
import sys
import tempfile
from statistics import median

from bench.result import Result, at_most, progress
from infra.places import PROJECT
from tests.conftest import ENVIRONMENT

ROUNDS = 9
TARGET = 1.3
FLOOR = "import chalice, pynamodb.models"
APP = "import app"
READY = "import app; from chalicelib import wiring; wiring.desk(); wiring.identity()"


def measure() -> list[Result]:
    """Ratios of the import times, in processor seconds.

    The clock on the wall would also count what else the machine does.
    """
    with tempfile.TemporaryDirectory() as compiled:
        progress(f"imports in fresh processes: {ROUNDS} rounds")
        for statement in (FLOOR, READY):
            _seconds(statement, compiled)  # compiles the modules, which is not what is measured
        rounds = [[_seconds(command, compiled) for command in (FLOOR, APP, READY)] for _ in range(ROUNDS)]
    floor, app, ready = (median(times) * 1000 for times in zip(*rounds, strict=True))
    to_app, to_ready = (median(times[place] / times[0] for times in rounds) for place in (1, 2))
    against = f"against {floor:.0f} ms of `{FLOOR}`"
    return [
        at_most(
            "import of the app ÷ of its libraries", to_app, TARGET, f"{to_app:.2f} ({app:.0f} {against})"
        ),
        Result("with what the first request loads", f"{to_ready:.2f} ({ready:.0f} ms)"),
    ]


def _seconds(statement: str, compiled: str) -> float:
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([sys.executable, "-c", statement], cwd=PROJECT, env=environment)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"`{statement}` ended with {process.returncode}.")
    return used.ru_utime + used.ru_stime
