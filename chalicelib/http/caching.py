"""Answers that are the same for everybody; a reader may keep them for a while."""

import hashlib

from chalice.app import Request, Response

KEPT_SECONDS = 300


def kept_for_a_while(request: Request, response: Response) -> Response:
    """The response for its reader to keep some minutes, and then ask for changes (304)."""
    digest = hashlib.sha256(str(response.body).encode()).hexdigest()[:20]
    response.headers |= {"Cache-Control": f"public, max-age={KEPT_SECONDS}", "ETag": f'"{digest}"'}
    given = str(request.headers.get("if-none-match") or "")
    known = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    if known & {f'"{digest}"', "*"}:
        headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
        return Response("", headers, 304)
    return response
