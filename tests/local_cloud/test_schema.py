"""Requests made up from the OpenAPI document, sent to a running desk: what it answers is what it documents.

Schemathesis makes them, right ones and wrong ones, for every operation; an answer of a kind, type or shape
that is not documented is a fault, and so is any fault of the desk's own.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_cloud.conftest import RunningDesk, free_port
from tests.local_cloud.people import report, token_of

SECONDS = 60
"""How long requests are made: with the start of the desk it stays below two minutes."""
COMMUNITY = "lanting"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk of its own: hundreds of wrong requests from one address leave brakes behind."""
    running = RunningDesk(tmp_path_factory.mktemp("schema"), free_port())
    running.start()
    yield running
    assert running.stop() == 0, running.said


def test_every_answer_is_one_that_is_documented(own_desk: RunningDesk, tmp_path: Path) -> None:
    receipt = report(own_desk, COMMUNITY)
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(
        f"""
[parameters]
"path.community" = "{COMMUNITY}"
"path.number" = "{receipt["number"]}"
"path.code" = "{receipt["tracking_url"].rpartition("/")[2]}"
"path.pack" = "default"

[[operations]]
include-name = "DELETE /v1/sessions"
headers = {{ Authorization = "Bearer {token_of(own_desk, "agent", COMMUNITY)}" }}
""",
        "utf-8",
    )
    address = f"{own_desk.base_url}/v1/openapi.json"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        paths = json.loads(answer.read())["paths"]
    run = subprocess.run(  # noqa: S603
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={settings}",
            "run",
            address,
            f"--header=Authorization: Bearer {token_of(own_desk, 'manager', COMMUNITY)}",
            f"--checks={','.join(CHECKS)}",
            "--phases=examples,coverage,fuzzing",
            "--max-examples=3",
            f"--max-time={SECONDS}",
            "--workers=4",
            "--generation-deterministic",
            "--suppress-health-check=all",
            "--warnings=off",
            "--continue-on-failure",
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=2 * SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    others = sum(len(methods) for methods in paths.values()) - 1  # that of the document itself is left out
    assert f"Tested: {others}\n" in run.stdout, run.stdout
