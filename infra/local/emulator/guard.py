"""Who may talk to the embedded cloud: programs of this machine, and no page of somebody else's.

A page that a person has open can send requests to 127.0.0.1, and where its name points there (DNS
rebinding) it could read the answers too. So the host must be this machine's, and a page that names itself
one of it.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]

OWN_HOST = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
OWN_ORIGIN = re.compile(rb"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
OF_THE_DESK = "/restapis/"
"""What comes through the desk's own address (front.py), which has looked; a page may say `null` there."""
ITS_OWN = ("/_ministack/", "/_localstack/")
"""The emulator's own addresses. Some throw everything away or change how it runs: only looking is allowed."""


def guarding(application: Application) -> Application:
    """The application, for this machine only; `/_ministack/reset` and its like are refused to everybody."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        why = _why_not(scope) if scope["type"] == "http" else None
        if why is None:
            await application(scope, receive, send)
            return
        body = json.dumps({"Code": "Forbidden", "Message": why}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return guarded


def _why_not(scope: Any) -> str | None:
    given = {name.lower(): value for name, value in scope["headers"]}
    host, origin = given.get(b"host", b""), given.get(b"origin")
    if not OWN_HOST.fullmatch(host):
        return "The embedded cloud answers to 127.0.0.1 and localhost only."
    by_the_desk = scope["path"].startswith(OF_THE_DESK) and origin == b"null"
    if origin is not None and not (OWN_ORIGIN.fullmatch(origin) or by_the_desk):
        return "The embedded cloud does not answer to pages of other addresses."
    if scope["path"].startswith(ITS_OWN) and scope["method"] not in ("GET", "HEAD"):
        return "Stop the desk and run `make clean` to throw its register away."
    return None
