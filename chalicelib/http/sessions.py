"""The cookies of a session, and what keeps other sites from using them.

One holds the user pool's token, good for an hour, the other what renews it. Under https the first is
`__Host-session`: secure, host-only, whole host, so that it works alike under a stage prefix and a domain of
one's own; plain http, which only the local desk speaks, cannot have that name. Whoever posts with the cookie
must also send a token that is bound to the session, which stays the same when that is renewed.
"""

import hmac
from urllib.parse import urlsplit

from chalice.app import Request

from chalicelib.domain.errors import NotAllowedError
from chalicelib.http.bodies import guessed_fields, is_form
from chalicelib.http.cookies import cookies
from chalicelib.services.providers import Codes
from chalicelib.services.records import Account, Tokens

CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"

KEY_FIELD = "once"
"""The hidden field that stands in a form for the header Idempotency-Key."""


SESSION_SECONDS = 10 * 60 * 60
"""How long a browser keeps the cookies, and the pool renews the token (infra/resources.yaml): a shift."""


def cookie_name(base_url: str) -> str:
    """The name of the token's cookie under that public address."""
    return _named("session", base_url)


def renewal_name(base_url: str) -> str:
    """The name of the cookie with what renews the token."""
    return _named("renewal", base_url)


def _named(name: str, base_url: str) -> str:
    return f"__Host-{name}" if base_url.startswith("https://") else name


def session_cookie(token: str, base_url: str, *, seconds: int = SESSION_SECONDS) -> str:
    """The Set-Cookie value that begins a session of that many seconds; 0 seconds ends it."""
    return _kept(cookie_name(base_url), token, base_url, seconds)


def session_cookies(tokens: Tokens, base_url: str, codes: Codes) -> list[str]:
    """The Set-Cookie values of a session that has begun.

    What renews it is signed, so that nobody makes us ask the user pool about what it has never given.
    """
    begun = [session_cookie(tokens.token, base_url)]
    if tokens.renewal is not None:
        signed = f"{_signature(codes, tokens.renewal)}.{tokens.renewal}"
        begun.append(_kept(renewal_name(base_url), signed, base_url, SESSION_SECONDS))
    return begun


def ended_cookies(base_url: str) -> list[str]:
    """The Set-Cookie values that end a session in the browser."""
    return [_kept(name(base_url), "", base_url, 0) for name in (cookie_name, renewal_name)]


def _kept(name: str, value: str, base_url: str, seconds: int) -> str:
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure_mark(base_url)}"


def _signature(codes: Codes, renewal: str) -> str:
    return codes.keyed("renewal", renewal)[:40]


def secure_mark(base_url: str) -> str:
    """The ending of every Set-Cookie value under https."""
    return "; Secure" if base_url.startswith("https://") else ""


def session_tokens(request: Request, base_url: str) -> list[str]:
    """The tokens in the request's cookies of that name; only one of them need be of a session."""
    return cookies(request, cookie_name(base_url))


def renewals(request: Request, base_url: str, codes: Codes) -> list[str]:
    """What the request's cookies have to renew its session with: those that we have signed."""
    given = (value.partition(".") for value in cookies(request, renewal_name(base_url)))
    return [
        renewal
        for signature, _, renewal in given
        if hmac.compare_digest(signature.encode(), _signature(codes, renewal).encode())
    ]


def csrf_token(codes: Codes, account: Account) -> str:
    """The token against forged requests that belongs to a session.

    A form sends it in the field `csrf`, a script in X-CSRF-Token.
    """
    return codes.keyed("csrf", f"{account.username}\0{account.signed_in_at}")[:40]


def check_csrf(request: Request, codes: Codes, account: Account) -> None:
    """NotAllowedError unless the request carries the token that belongs to its session."""
    given = request.headers.get(CSRF_HEADER) or form_field(request, CSRF_FIELD)
    if not hmac.compare_digest(given.encode(), csrf_token(codes, account).encode()):
        raise NotAllowedError(
            "This form is not of your present session; load the page again, then send it.",
            reason="other_session",
        )


def check_origin(request: Request, base_url: str) -> None:
    """NotAllowedError for a form that a browser says comes from another site.

    The one of signing in too: else somebody could be signed in to an account of another's. Whoever is no
    browser says no origin.
    """
    if is_form(request) and not _is_ours(request, base_url):
        raise NotAllowedError(
            "This form was sent from another site; send it from the desk's own page.", reason="other_site"
        )


def _is_ours(request: Request, base_url: str) -> bool:
    if request.headers.get("sec-fetch-site", "") == "cross-site":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    hosts = {urlsplit(base_url).netloc, str(request.headers.get("host", ""))}
    return urlsplit(origin).netloc in hosts - {""}


def form_field(request: Request, name: str) -> str:
    """One field of a posted form; empty if it was not sent."""
    return guessed_fields(request).get(name, "") if is_form(request) else ""
