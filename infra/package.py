"""Builds the package for a deployment: the template and the zip.

They are the same for AWS and for the embedded cloud.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra import places
from infra.locks import one_at_a_time
from infra.places import PROJECT, REQUIREMENTS, WHEELS
from infra.problems import CannotGoOnError
from infra.released import check_regulations
from infra.slimming import slim
from infra.tables_in_use import with_tables_in_use

REGION_FOR_PACKAGING = "ap-southeast-1"
"""Chalice wants a region while it writes the template; nothing in the template depends on which."""


@dataclass(frozen=True)
class Package:
    """What a deployment takes.

    Attributes:
        template: The CloudFormation template, as JSON; its functions say `./deployment.zip`.
        code: The zip that all functions run.
        fingerprint: Hash over everything that went in; equal fingerprints need no second deployment.
    """

    template: Path
    code: Path
    fingerprint: str


def package(stage: str) -> Package:
    """Packages the checkout for a stage, unless that has been done already.

    Raises:
        CannotGoOnError: A regulation is broken, a dependency has no wheel that Lambda can run, or Chalice
            refused the application.
    """
    places.PACKAGES.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(places.PACKAGES / "lock"):
        return _package(stage)


def packaged(stage: str) -> Package | None:
    """The package of the checkout for a stage, if it has been made already."""
    built = _place(stage)
    return built if built.template.exists() else None


def _place(stage: str) -> Package:
    mark = fingerprint(stage)
    folder = places.PACKAGES / f"{stage}-{mark[:16]}"
    return Package(folder / "template.json", folder / "deployment.zip", mark)


def _package(stage: str) -> Package:
    built = _place(stage)
    if built.template.exists():
        return built
    check_regulations()
    folder = built.template.parent
    for old in places.PACKAGES.glob(f"{stage}-*"):
        shutil.rmtree(old)
    fetch_wheels()
    _run_chalice(stage, folder)
    shutil.rmtree(PROJECT / ".chalice" / "deployments")  # one more zip there for each change, and never used
    slim(built.code)
    merged = yaml.safe_load((folder / "sam.yaml").read_text("utf-8"))
    # The template is written last: it is what says that the package is whole.
    whole = with_tables_in_use(with_definitions(merged))
    built.template.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")
    return built


def fingerprint(stage: str) -> str:
    """A hash over all that a package for the stage is made from."""
    digest = hashlib.sha256(f"{stage} {sys.version} {platform.machine()}".encode())
    for path in places.inputs_of_the_package():
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def fetch_wheels() -> None:
    """Downloads the wheels that Lambda runs, once per set of requirements.

    Chalice looks for wheels on every packaging, and only warns when it misses one. Fetching them
    beforehand makes packaging repeatable, possible without a network, and strict. Chalice reads the hashes in
    requirements.txt as well, so a wheel that was changed since is refused.
    """
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    mark = WHEELS / "requirements.sha256"
    if mark.exists() and mark.read_text() == wanted:
        return
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    command = [sys.executable, "-m", "pip", "download", "-qq", "--require-hashes"]
    command += ["--requirement", str(REQUIREMENTS)]
    command += ["--dest", str(WHEELS), "--only-binary=:all:", "--implementation=cp"]
    command += [f"--python-version={version}", f"--platform=manylinux2014_{_lambda_machine()}"]
    command += [f"--abi=cp{version}", "--abi=abi3", "--abi=none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotGoOnError(f"A wheel that Lambda can run could not be fetched: {_reason_in(done.stderr)}")
    mark.write_text(wanted)


def with_definitions(template: dict[str, Any]) -> dict[str, Any]:
    """Puts the definition of each state machine in the place of its file's name.

    `aws cloudformation package` would do the same by way of S3; in the template itself, cfn-lint sees it.
    """
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            file = PROJECT / resource["Properties"].pop("DefinitionS3Location")
            resource["Properties"]["Definition"] = json.loads(file.read_text("utf-8"))
    return template


def _run_chalice(stage: str, folder: Path) -> None:
    chalice = Path(sys.executable).with_name("chalice")
    command = [
        str(chalice),
        "package",
        "--stage",
        stage,
        "--merge-template",
        str(places.RESOURCES),
        str(folder),
    ]
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": REGION_FOR_PACKAGING,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(WHEELS),
    }
    environment.pop("PIP_EXTRA_INDEX_URL", None)
    done = subprocess.run(  # noqa: S603
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode:
        raise CannotGoOnError(f"`chalice package` refused the application: {_reason_in(said)}")
    if "Could not install dependencies" in said:
        missing = said.split("Could not install dependencies:", 1)[1].split()[0]
        raise CannotGoOnError(f"{missing} has no wheel that Lambda can run; pin a version that has one.")


def _lambda_machine() -> str:
    config = json.loads(places.CHALICE_CONFIG.read_text("utf-8"))
    return str(config["lambda_architecture"]).replace("arm64", "aarch64")


def _reason_in(text: str) -> str:
    """The sentence that says what went wrong, of all that pip or Chalice said."""
    if "DO NOT MATCH THE HASHES" in text:
        return f"a wheel is not the one that requirements.txt pins; delete {WHEELS} and try again"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
