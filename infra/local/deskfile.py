"""The file `.local/desk.json`: where the desk is, and who can sign in.

People and other programs read it.
"""

import contextlib
import hashlib
import http.client
import json
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from infra.local.sample import Sample
from infra.places import DESK

FILE = DESK / "desk.json"

OPEN_DESKS = Path(tempfile.gettempdir()) / f"suda-desks-of-{os.getuid()}"
"""Who is open on this machine, of this user: an entry for each desk, so that one finds another's folder."""


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
    with contextlib.suppress(OSError):  # without its entry a desk is open all the same
        OPEN_DESKS.mkdir(mode=0o700, exist_ok=True)
        _entry().write_text(str(FILE.resolve()), "utf-8")


def remove() -> None:
    """Take the file away, for the desk is closing."""
    FILE.unlink(missing_ok=True)
    _entry().unlink(missing_ok=True)


def _entry() -> Path:
    return OPEN_DESKS / hashlib.sha256(str(FILE.resolve()).encode()).hexdigest()[:16]


def running_elsewhere() -> tuple[tuple[Path, str], ...]:
    """(folder, address) of the desks that answer from other folders than this one's."""
    found = []
    with contextlib.suppress(OSError):
        if OPEN_DESKS.stat().st_uid != os.getuid():
            return ()
        for entry in sorted(OPEN_DESKS.iterdir()):
            file = Path(entry.read_text("utf-8"))
            desk = running_desk(file) if file != FILE.resolve() else None
            if desk is not None:
                found.append((file.parent, str(desk["base_url"])))
    return tuple(found)


def running_desk(file: Path | None = None) -> dict[str, Any] | None:
    """What a desk's file says, if the desk that it speaks of answers."""
    with contextlib.suppress(OSError, ValueError, KeyError, http.client.HTTPException):
        desk: dict[str, Any] = json.loads((file or FILE).read_text("utf-8"))
        with urllib.request.urlopen(f"{desk['base_url']}/v1/health", timeout=10):  # noqa: S310
            return desk
    return None
