"""Which commit this is."""

import subprocess

from infra.places import PROJECT


def version() -> str:
    """The commit that the checkout stands at; the stack has it among its outputs."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"
