"""A register of ten thousand units, loaded and loaded again by the operator's command, on moto (E9)."""

import os
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from time import process_time

from bench.moto_desk import moto_desk
from bench.result import Result, at_most, progress

UNITS = 10_000
MOST_SECONDS = 60.0

MOST_AGAIN = 1.25
"""What the same file again takes of the first at most: it is read, and hardly anything is written (ours)."""


def measure() -> list[Result]:
    """Processor seconds of both, their ratio, and the calls."""
    from chalicelib.adapters.dynamo.metering import metered

    found = []
    with tempfile.TemporaryDirectory() as folder, moto_desk():
        file = Path(folder) / "homes.csv"
        homes = (f"{unit // 100}-{unit:05},王芳,139{unit:08},业主,2024-06-01" for unit in range(UNITS))
        file.write_text("\n".join(["房号,姓名,电话,身份,交付日期", *homes]), "utf-8")
        for what in ("loaded", "loaded again"):
            progress(f"{UNITS} units are {what}")
            with metered() as calls:
                seconds = _load(file)
            writes = sum(not call.reads for call in calls)
            found.append((seconds, f"{len(calls) - writes} reads, {writes} writes"))
    (first, calls_first), (again, calls_again) = found
    return [
        at_most(f"{UNITS} units", first, MOST_SECONDS, f"{first:.1f} s of processor, {calls_first}"),
        at_most(
            "the same file again",
            again / first,
            MOST_AGAIN,
            f"{again / first:.2f} of the first, {calls_again}",
        ),
    ]


def _load(file: Path) -> float:
    """Load a file as the operator does; the seconds that it took of the processor, moto's part in them."""
    from chalicelib import wiring
    from infra.households import load_households

    began = process_time()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        if load_households(wiring.desk(), "riverside", file, load=True, removes=False):
            raise RuntimeError("the file of the bench is not right")
    return process_time() - began
