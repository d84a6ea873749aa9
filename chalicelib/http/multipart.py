"""The parts of a form that carries files (RFC 7578), for browsers without a script (A3)."""

import re
from collections.abc import Iterator

from chalice.app import Request
from msgspec import Struct

from chalicelib.domain.errors import InvalidInputError

MULTIPART = "multipart/form-data"
LARGEST_WITH_FILES = 4 * 1024 * 1024 + 256 * 1024
"""The most bytes of a form with files: Lambda takes 6 MB, in which each three bytes are four characters."""
MOST_PARTS = 120
BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))""", re.IGNORECASE)
PARAMETER = re.compile(r'(?:^|;)\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class Part(Struct, frozen=True):
    """One field of the form; `called` is the name of a file as its sender has it, None of a text."""

    name: str
    data: bytes
    called: str | None = None


def parts_of(request: Request, body: bytes) -> Iterator[Part]:
    """The parts of a body; InvalidInputError for one that no browser sends."""
    found = BOUNDARY.search(str(request.headers.get("content-type") or ""))
    if found is None:
        raise InvalidInputError("The form does not say its boundary; send it as a browser does.")
    mark = b"--" + (found[1] or found[2]).encode()
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise InvalidInputError("The form broke off on its way; send it again.", "form_broke_off")
    if len(pieces) > MOST_PARTS:
        raise InvalidInputError(f"A form has at most {MOST_PARTS} fields.")
    for piece in pieces[1:-1]:
        head, blank, data = piece.partition(b"\r\n\r\n")
        said = _said(head.decode("utf-8", "replace"))
        if blank and "name" in said:
            yield Part(said["name"], data, said.get("filename"))


def _said(head: str) -> dict[str, str]:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return {key.lower(): text for key, text in PARAMETER.findall(value)}
    return {}
