"""What a real call needs here: programs of the distribution, and PJSIP in an environment of its own.

`python -m tests.telephone.environment` makes the environment, and says what is missing; it never fails.
"""

import shutil
from pathlib import Path

from infra.local.environments import Environment
from infra.places import MADE
from infra.problems import CannotGoOnError

PROGRAMS = {"sipp": "sip-tester", "sox": "sox", "espeak-ng": "espeak-ng"}
"""What is run → the package that has it."""

PJSIP = Environment(
    "PJSIP (pjsua2-python)", MADE / "telephone-environment", Path(__file__).with_name("requirements.txt")
)


def missing(*, make: bool = False) -> str:
    """Why no call can be made here, and what to install; empty if one can be. `make`: the environment."""
    packages = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if packages:
        return f"Install what calls: apt-get install -y --no-install-recommends {' '.join(packages)}"
    if make:
        try:
            PJSIP.made()
        except CannotGoOnError as problem:
            return str(problem)
    return "" if PJSIP.is_made() else "PJSIP is not here yet: python -m tests.telephone.environment"


if __name__ == "__main__":
    if why := missing(make=True):
        print(f"No real call can be made here, so its tests are skipped. {why}")  # noqa: T201
