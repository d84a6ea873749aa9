"""What operators ask of a desk that runs, and what they are told."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.sample import FILE as SAMPLE
from infra.operating import looked_after, write_directory
from infra.problems import CannotGoOnError


class Functions:
    """Lambda, which answers with what the function gave or how it failed."""

    def __init__(self, answer: dict[str, Any], error: str | None = None) -> None:
        self.answer, self.error = answer, error
        self.asked: dict[str, Any] = {}

    def invoke(self, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803
        self.asked = {"function": FunctionName, **json.loads(Payload)}
        failed = {"FunctionError": self.error} if self.error else {}
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode()), **failed}


def test_what_was_found_is_told() -> None:
    functions = Functions({"open_cases": 3, "workflows_restarted": 1})
    mended, said = looked_after(functions, "reconcile", "operator")
    assert mended
    assert said == "What was open has been looked after (open cases: 3, workflows restarted: 1)."
    assert functions.asked == {"function": "reconcile", "started_by": "operator"}


def test_what_could_not_be_mended_is_no_success() -> None:
    failing = Functions({"errorMessage": "2 could not be mended"}, error="Unhandled")
    mended, said = looked_after(failing, "reconcile", "operator")
    assert not mended
    assert said.endswith(": 2 could not be mended")


def test_a_password_for_nobody_is_refused_before_the_desk_is_touched() -> None:
    with pytest.raises(CannotGoOnError, match="nobody-at-all cannot get a password"):
        write_directory("local", SAMPLE, ["cuiyuan-agent", "nobody-at-all"])


def test_a_file_that_cannot_be_is_refused_before_the_desk_is_touched(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOnError, match="cannot be read"):
        write_directory("local", tmp_path / "none.toml")
