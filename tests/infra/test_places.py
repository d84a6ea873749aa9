"""Where a desk of one's own lies."""

import os
import subprocess
import sys

import pytest

from infra.places import MADE, PROJECT


@pytest.mark.parametrize(("given", "folder"), [(None, MADE), ("", MADE), ("/tmp/desk", "/tmp/desk")])  # noqa: S108
def test_an_empty_folder_is_none_given(given: str | None, folder: object) -> None:
    others = {name: value for name, value in os.environ.items() if name != "SUDA_DESK_FOLDER"}
    environment = others if given is None else {**others, "SUDA_DESK_FOLDER": given}
    asked = [sys.executable, "-c", "from infra.places import DESK; print(DESK)"]
    said = subprocess.run(asked, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    assert said.stdout.strip() == str(folder)
