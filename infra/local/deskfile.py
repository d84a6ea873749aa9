"""The file `.local/desk.json`: where the desk is, and who can sign in.

People and other programs read it.
"""

import contextlib
import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from infra.local.sample import Sample
from infra.places import DESK

FILE = DESK / "desk.json"


def write(base_url: str, sample: Sample) -> None:
    """Write the file.

    It holds nothing secret but the sample's passwords, which work on this machine only.
    """
    desk = {
        "base_url": base_url,
        "communities": [{"id": community.id, "name": community.name} for community in sample.communities],
        "accounts": [
            {
                "role": account.role,
                "username": account.username,
                "password": account.password,
                "community": account.community,
            }
            for account in sample.accounts
        ],
    }
    FILE.write_text(json.dumps(desk, ensure_ascii=False, indent=2) + "\n", "utf-8")


def running_desk() -> dict[str, Any] | None:
    """What the file says, if the desk that it speaks of answers."""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        desk: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
        with urllib.request.urlopen(f"{desk['base_url']}/v1/health", timeout=10):  # noqa: S310
            return desk
    return None
