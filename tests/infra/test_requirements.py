"""The lock files: every package pinned with its hashes, all that is asked for, and the same everywhere."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from infra.slimming import PROVIDED_BY_LAMBDA

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS, DEPLOY, DEVELOPMENT = "requirements", "requirements-deploy", "requirements-dev"
CLOUD = "infra/local/requirements"
TELEPHONE = "tests/telephone/requirements"
ALL = (FUNCTIONS, DEPLOY, DEVELOPMENT, CLOUD, TELEPHONE)
PINNED = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)")


def requirements(name: str) -> list[str]:
    """The requirements of a lock file, a line each, without comments."""
    said = (ROOT / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    return [line for line in said.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def package(name: str) -> str:
    """The name of a package as every index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def versions(name: str) -> Mapping[str, str]:
    """Package → version, of a lock file."""
    found = (PINNED.match(line) for line in requirements(name))
    return {package(match[1]): match[2] for match in found if match}


def asked_for(name: str) -> Iterator[str]:
    """The packages that an *.in file names, those of the files that it takes in included."""
    for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted.startswith("-r "):
            yield from asked_for(wanted.removeprefix("-r ").removesuffix(".in"))
        elif wanted:
            yield package(re.split(r"[\[=<>~!; ]", wanted)[0])


@pytest.mark.parametrize("name", ALL)
def test_every_package_is_pinned_with_its_hashes_and_says_nothing_of_where_it_comes_from(name: str) -> None:
    for line in requirements(name):
        assert PINNED.match(line), f"{line[:60]} pins no version; run: make lock"
        assert re.search(r" --hash=sha256:[0-9a-f]{64}( |$)", line), (
            f"{line[:60]} has no hash; run: make lock"
        )
        assert "://" not in line


@pytest.mark.parametrize("name", ALL)
def test_what_is_asked_for_is_locked(name: str) -> None:
    assert set(asked_for(name)) <= set(versions(name)), "run: make lock"


@pytest.mark.parametrize(("smaller", "larger"), [(FUNCTIONS, DEPLOY), (DEPLOY, DEVELOPMENT)])
def test_tests_run_with_what_is_deployed(smaller: str, larger: str) -> None:
    assert versions(smaller).items() <= versions(larger).items(), "run: make lock"


def test_what_lambda_brings_is_pinned_for_all_other_places() -> None:
    modules = {"dateutil": "python-dateutil"}
    assert {modules.get(name, name) for name in PROVIDED_BY_LAMBDA} <= set(versions(FUNCTIONS))
