"""Packaging is strict, repeatable, and needs no network once the wheels are there."""

import stat
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package as packaging
from infra.package import with_definitions
from infra.problems import CannotGoOnError
from infra.slimming import slim


def chalice_that(says: str, status: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a `chalice` beside a `python`, and makes this process take them for its own."""
    script = folder / "chalice"
    script.write_text(f"#!{sys.executable}\nprint('''{says}''')\nraise SystemExit({status})\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(packaging.sys, "executable", str(folder / "python"))


def test_a_missing_wheel_is_an_error_though_chalice_only_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = (
        "Creating deployment package.\n\nCould not install dependencies:\nlonely==1.0\nYou will have to build"
    )
    chalice_that(said, 0, tmp_path, monkeypatch)
    with pytest.raises(CannotGoOnError, match=r"^lonely==1\.0 has no wheel that Lambda can run"):
        packaging._run_chalice("local", tmp_path / "out")


def test_nothing_is_packaged_with_a_broken_regulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise CannotGoOnError("S1.toml: rule S1-general: …")

    monkeypatch.setattr(packaging, "check_regulations", refused)
    monkeypatch.setattr(packaging.places, "PACKAGES", tmp_path)
    with pytest.raises(CannotGoOnError, match=r"^S1\.toml"):
        packaging.package("local")
    assert not list(tmp_path.glob("local-*"))


def test_what_chalice_refuses_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chalice_that("Traceback\nImportError: no module named x", 2, tmp_path, monkeypatch)
    with pytest.raises(CannotGoOnError, match=r"refused the application: ImportError: no module named x$"):
        packaging._run_chalice("local", tmp_path / "out")


def test_a_wheel_that_was_changed_is_named_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    Got  0af1"
    chalice_that(said, 2, tmp_path, monkeypatch)
    with pytest.raises(CannotGoOnError, match=r"not the one that requirements\.txt pins; delete .*wheels"):
        packaging._run_chalice("local", tmp_path / "out")


def make_zip(file: Path, order: int) -> Path:
    entries = {
        "app.py": "VALUE = 1\n",
        "chalicelib/__init__.py": "",
        "botocore/__init__.py": "",
        "botocore-1.44.5.dist-info/METADATA": "",
        "python_dateutil-2.9.0.dist-info/METADATA": "",
        "jmespath-1.1.0.data/scripts/jp.py": "",
        "six.py": "",
        "sixpence/__init__.py": "",
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name in list(entries)[::order]:
            archive.writestr(name, entries[name])
    return file


def test_slimming_leaves_out_what_the_runtime_has_and_nothing_else(tmp_path: Path) -> None:
    package = make_zip(tmp_path / "deployment.zip", 1)
    slim(package)
    with zipfile.ZipFile(package) as archive:
        sources = {name for name in archive.namelist() if not name.endswith(".pyc")}
    assert sources == {"app.py", "chalicelib/__init__.py", "sixpence/__init__.py"}


def test_equal_code_gives_an_equal_zip(tmp_path: Path) -> None:
    one, other = make_zip(tmp_path / "one.zip", 1), make_zip(tmp_path / "other.zip", -1)
    slim(one)
    slim(other)
    assert one.read_bytes() == other.read_bytes()


def test_definitions_come_from_their_files() -> None:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionS3Location": "infra/dispatch.asl.json"},
    }
    template = with_definitions({"Resources": {"Machine": machine}})
    properties = template["Resources"]["Machine"]["Properties"]
    assert properties["Definition"]["StartAt"] in properties["Definition"]["States"]
    assert "DefinitionS3Location" not in properties
