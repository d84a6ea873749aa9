"""The cookies of a request, each read by itself."""

from collections.abc import Iterable

from chalice.app import Request, Response


def cookie(request: Request, name: str) -> str | None:
    """The value of one cookie as it was set; None if it is not there or empty."""
    return next(iter(cookies(request, name)), None)


def cookies(request: Request, name: str) -> list[str]:
    """The values of all cookies of one name, in their order; a host can have several, of other paths.

    Read as RFC 6265bis has it: a pair ends at a semicolon, its name at the first equals sign, and what is
    around them is blank. So no other cookie of this host, whatever it holds, can hide this one; the standard
    library's SimpleCookie drops all that stands behind a value that it does not like.
    """
    pairs = (pair.partition("=") for pair in str(request.headers.get("cookie") or "").split(";"))
    return [value.strip() for given, _, value in pairs if given.strip() == name and value.strip()]


def set_cookies(response: Response, values: Iterable[str]) -> None:
    """Add Set-Cookie values to those that the response has; one of the same name stays as it is."""
    before = response.headers.get("Set-Cookie", [])
    held = [before] if isinstance(before, str) else list(before)
    named = {value.partition("=")[0] for value in held}
    held += [value for value in values if value.partition("=")[0] not in named]
    if held:
        response.headers["Set-Cookie"] = held
