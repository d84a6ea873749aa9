"""Which release and commit this is."""

import subprocess

from chalicelib.version import VERSION
from infra.places import PROJECT


def version() -> str:
    """The release and commit of the checkout, such as 0.2.0+a7d213e.

    The stack has it among its outputs.
    """
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{VERSION}+{said.stdout.strip() or 'unknown'}"
