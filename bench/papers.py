"""The case file of forty events with six pictures of a telephone as PDF: processor seconds and memory (E6).

In a fresh process, as in a cold function: it loads library, font and words, draws, and says what it took. The
pictures are made beforehand, and so is the case; both are left out of the time, and in of the memory.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from bench.result import Result, at_most, progress
from infra.places import PROJECT
from tests.conftest import ENVIRONMENT

ROUNDS = 3
EVENTS, PICTURES = 40, 6
MOST_SECONDS, MOST_MB = 2.0, 512.0
WIDTH, HEIGHT = 4032, 3024
"""Twelve million points, as telephones make them."""


def measure() -> list[Result]:
    """Processor seconds and the highest memory of making the PDF."""
    with tempfile.TemporaryDirectory() as folder:
        progress("six pictures of twelve million points")
        for place in range(PICTURES):
            (Path(folder) / f"{place}.jpg").write_bytes(_photo(place))
        progress(f"a PDF in a fresh process, {ROUNDS} times")
        found = [_alone(folder) for _ in range(ROUNDS)]
    seconds, memory = (median(took[name] for took in found) for name in ("seconds", "mb"))
    size = found[0]["size"] / 1e6
    what = f"PDF of {EVENTS} events with {PICTURES} pictures"
    return [
        at_most(f"{what}, processor", seconds, MOST_SECONDS, f"{seconds:.2f} s, {size:.1f} MB of PDF"),
        at_most(f"{what}, memory", memory, MOST_MB, f"{memory:.0f} MB"),
    ]


def _alone(folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.papers", folder]
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(  # noqa: S603
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _photo(place: int) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    rough = Image.effect_noise((WIDTH // 4, HEIGHT // 4), 20 + place).convert("RGB")
    rough.resize((WIDTH, HEIGHT)).save(written, "JPEG", quality=85)
    return written.getvalue()


def make(folder: Path) -> dict[str, float]:
    """Make the PDF of a case with the pictures of a folder; what that took."""
    from datetime import timedelta

    from chalicelib.domain.case.form_fields import NoteForm
    from chalicelib.domain.community.community import Member
    from chalicelib.services.files.handing_in import Part, attach
    from chalicelib.services.files.papers import PaperOrder
    from tests.browser import HANDLER, browsing, signed
    from tests.builders import office

    desk = office()
    with browsing(desk):
        case = signed(desk)
        while case.version < EVENTS:
            case = desk.do(case, "progress", HANDLER, NoteForm("阀芯老化，正在更换；备件今天下午送到。"))
        parts = [Part(file.name, file.name, file.read_bytes()) for file in sorted(folder.glob("*.jpg"))]
        case, left = attach(desk.desk, case, "bench", parts)
        assert not left
        desk.clock.advance(timedelta(minutes=1))
        place = desk.desk.directory.community(case.community)
        staff = place.member("agent-1")
        assert staff is not None
        member = Member(staff.username, staff.name, staff.role, staff.departments, place)
        who = staff.username, staff.name, staff.role, staff.departments
        began = process_time()
        from chalicelib.web.sheet_as_pdf import sheet_as_pdf

        data = sheet_as_pdf(case, member, PaperOrder(case.number, "file", "zh-CN", *who))
        took = process_time() - began
    assert data.count(b"/DCTDecode") == PICTURES, "every picture is in it"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": took, "mb": memory, "size": len(data)}


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]))))
