"""Files of ours beside the pages; the address of each changes with its content."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from chalice.app import Response

FOLDER = Path(__file__).parent / "static"
STYLE = "style.css"
ONE_YEAR_SECONDS = 365 * 24 * 3600


def static_file(kind: str, name: str) -> Callable[[object], Response]:
    """The view of one file, which a browser may keep for good."""

    def view(_visit: object) -> Response:
        """A file of ours; its address changes with its content, so it may be kept."""
        headers: dict[str, str | list[str]] = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Cache-Control": f"public, max-age={ONE_YEAR_SECONDS}, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body=_content(name), status_code=200, headers=headers)

    view.__name__ = name.replace(".", "_")
    return view


@cache
def version_of(name: str) -> str:
    """A short digest of a file."""
    return hashlib.sha256(_content(name).encode()).hexdigest()[:10]


@cache
def _content(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
