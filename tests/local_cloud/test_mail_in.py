"""A mail on the embedded cloud: an operator's file becomes a case, by the deployed function (A1)."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from infra.mail import checks_of, received, recipients_of
from infra.places import PROJECT
from tests import content
from tests.local_cloud.conftest import RunningDesk, environment
from tests.local_cloud.people import ask, token_of, wait_until
from tests.mails import written

COMMUNITY = "cuiyuan"


@pytest.mark.req("A1", "A4")
def test_a_mail_from_a_file_is_a_case_once(desk: RunningDesk, tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    photo = [("楼道.png", "image/png", content.png())]
    to = f"{COMMUNITY}@mail.example.com"
    file.write_bytes(written("楼道灯坏了，晚上很黑。", to=to, subject="楼道灯", files=photo))
    assert recipients_of(file.read_bytes()) == [f"{COMMUNITY}@mail.example.com"]
    command = [sys.executable, "-m", "infra", "mail", "local", str(file)]
    here = environment(desk.folder, desk.port)
    for _ in range(2):
        done = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, env=here, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "cases: 1" in done.stdout
    token = token_of(desk, "agent", COMMUNITY)
    wait_until(lambda: len(_found(desk, token)) == 1, "the case of the mail, and no other", 60.0)
    (case,) = _found(desk, token)
    files = f"/v1/communities/{COMMUNITY}/cases/{case['number']}/files"
    wait_until(
        lambda: [file["state"] for file in ask(desk, "GET", files, token=token)[1]["files"]] == ["ready"],
        "the photo that came with it",
        60.0,
    )
    assert checks_of(b"X-SES-Spam-Verdict: FAIL\r\n\r\n")["spam"] == "FAIL"
    assert received("a", ["b"], {})["Records"]


def _found(desk: RunningDesk, token: str) -> list[dict[str, Any]]:
    path = f"/v1/communities/{COMMUNITY}/search?q={quote('楼道灯')}"
    status, found = ask(desk, "GET", path, token=token)
    assert status == 200, found
    return list(found["items"])
