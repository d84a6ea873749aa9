"""The session cookie of the pages, and what keeps other sites from using it.

The cookie holds the user pool's token. Under https it is `__Host-session`: secure, host-only, whole host, so
that it works alike under a stage prefix and a domain of one's own; plain http, which only the local desk
speaks, cannot have that name. Whoever posts with the cookie must also send a token that is bound to it.
"""

import hmac

from chalice.app import Request

from chalicelib.domain.errors import NotAllowedError
from chalicelib.http.bodies import guessed_fields, is_form
from chalicelib.http.cookies import cookies
from chalicelib.services.providers import Codes

CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"

KEY_FIELD = "once"
"""The hidden field that stands in a form for the header Idempotency-Key."""


def cookie_name(base_url: str) -> str:
    """The cookie's name under that public address."""
    return "__Host-session" if base_url.startswith("https://") else "session"


def session_cookie(token: str, base_url: str, *, seconds: int) -> str:
    """The Set-Cookie value that begins a session of that many seconds; 0 seconds ends it."""
    name = cookie_name(base_url)
    return f"{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure_mark(base_url)}"


def secure_mark(base_url: str) -> str:
    """The ending of every Set-Cookie value under https."""
    return "; Secure" if base_url.startswith("https://") else ""


def session_tokens(request: Request, base_url: str) -> list[str]:
    """The tokens in the request's cookies of that name; only one of them need be of a session."""
    return cookies(request, cookie_name(base_url))


def csrf_token(codes: Codes, token: str) -> str:
    """The token against forged requests that belongs to a session.

    A form sends it in the field `csrf`, a script in X-CSRF-Token.
    """
    return codes.keyed("csrf", token)[:40]


def check_csrf(request: Request, codes: Codes, token: str) -> None:
    """NotAllowedError unless the request carries the token that belongs to its session."""
    given = request.headers.get(CSRF_HEADER) or form_field(request, CSRF_FIELD)
    if not hmac.compare_digest(given.encode(), csrf_token(codes, token).encode()):
        raise NotAllowedError(
            "This form is not of your present session; load the page again, then send it.",
            reason="other_session",
        )


def check_origin(request: Request) -> None:
    """NotAllowedError for a form that a browser says comes from another site."""
    if is_form(request) and request.headers.get("sec-fetch-site", "") == "cross-site":
        raise NotAllowedError(
            "This form was sent from another site; send it from the desk's own page.", reason="other_site"
        )


def form_field(request: Request, name: str) -> str:
    """One field of a posted form; empty if it was not sent."""
    return guessed_fields(request).get(name, "") if is_form(request) else ""
