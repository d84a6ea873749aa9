"""Files of ours beside the pages; the address of each changes with its content.

They are sent without what only their writers read: comments, and the blanks that lines begin with.
"""

import hashlib
import re
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
        return Response(body=content(name), status_code=200, headers=headers)

    view.__name__ = name.replace(".", "_")
    return view


@cache
def version_of(*names: str) -> str:
    """A short digest of a file, or of several that belong together."""
    return hashlib.sha256("".join(map(content, names)).encode()).hexdigest()[:10]


@cache
def content(name: str) -> str:
    """The text of a file as it is sent."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        return _smaller_style(text)
    lines = (re.sub(r"(^| )// .*", "", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _smaller_style(text: str) -> str:
    """A stylesheet without comments, and without blanks where they mean nothing; what is quoted stays."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = re.split(r'("[^"]*")', " ".join(bare.split()))
    parts[::2] = (re.sub(r" ?([{};,]) ?|(:) ", r"\1\2", part).replace(";}", "}") for part in parts[::2])
    return "".join(parts)
