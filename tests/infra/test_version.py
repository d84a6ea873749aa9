"""The release is named in one place, and what else names it agrees: the project, its changes, the stack."""

import re
import tomllib
from pathlib import Path

from chalicelib.version import VERSION
from infra.version import version

ROOT = Path(__file__).resolve().parents[2]
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (unreleased|20\d\d-\d\d-\d\d)$", re.MULTILINE)


def test_the_project_has_the_version_that_the_desk_answers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION


def test_the_newest_entry_of_the_changes_is_of_this_version() -> None:
    """Once it has its date, the version is no `.dev0` any more."""
    releases = RELEASE.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))
    newest, dated = releases[0]
    assert (f"{newest}.dev0" if dated == "unreleased" else newest) == VERSION
    numbers = [tuple(map(int, number.split("."))) for number, _ in releases]
    assert numbers == sorted(numbers, reverse=True)
    assert "unreleased" not in [later for _, later in releases[1:]]


def test_the_stack_says_release_and_commit() -> None:
    release, _, commit = version().partition("+")
    assert release == VERSION
    assert commit
