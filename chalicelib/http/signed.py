"""What a machine has signed: by whom, when, and once (C4).

The signature is the HMAC-SHA256, in hex, of the time, the nonce and the body as it is sent, with a line break
between: `{timestamp}\\n{nonce}\\n{body}`.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from chalice.app import Request

from chalicelib import wiring
from chalicelib.domain.errors import ConflictError, NotSignedInError
from chalicelib.http.bodies import body_bytes

CALLER, TIMESTAMP, NONCE, SIGNATURE = "X-Suda-Caller", "X-Suda-Timestamp", "X-Suda-Nonce", "X-Suda-Signature"
SIGNED_WITH = {
    CALLER: "The username of the machine that sends it.",
    TIMESTAMP: "When it was signed, in seconds since 1970; five minutes off at most.",
    NONCE: "16 to 64 letters, digits, '.', '_', '~' or '-', each time others.",
    SIGNATURE: "HMAC-SHA256 in hex, by the caller's key, of timestamp, nonce, body, a line break between.",
}
"""The headers of a signed request, and what each is."""

WINDOW = timedelta(minutes=5)
"""How far the time of a request may lie from ours, before or behind."""

_SECONDS, _NONCE = re.compile(r"[0-9]{10}"), re.compile(r"[A-Za-z0-9._~-]{16,64}")


def signature(key: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature of a body that is sent at a time with a nonce."""
    return hmac.new(key.encode(), f"{timestamp}\n{nonce}\n".encode() + body, sha256).hexdigest()


def caller_of(request: Request) -> str:
    """The username of the machine that signed a request.

    NotSignedInError for an unsigned one, a wrong signature, and a time out of the window; ConflictError for a
    nonce that was used: who repeats a request signs it anew.
    """
    caller, timestamp, nonce, given = (
        str(request.headers.get(name) or "") for name in (CALLER, TIMESTAMP, NONCE, SIGNATURE)
    )
    if not (caller and given):
        raise NotSignedInError(f"Sign the request: {CALLER}, {TIMESTAMP}, {NONCE}, {SIGNATURE}.")
    if not (_SECONDS.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise NotSignedInError(
            f"{TIMESTAMP} is in seconds since 1970, {NONCE} 16 to 64 letters, digits, '.', '_', '~' or '-'."
        )
    desk, body = wiring.desk(), body_bytes(request)
    wanted = (signature(key, timestamp, nonce, body) for key in wiring.caller_keys().of(caller))
    if not any(hmac.compare_digest(right.encode(), given.lower().encode()) for right in wanted):
        raise NotSignedInError(f"{SIGNATURE} is not that of this caller, time, nonce and body.")
    sent_at, now = datetime.fromtimestamp(int(timestamp), UTC), desk.now()
    if abs(sent_at - now) > WINDOW:
        raise NotSignedInError(f"{TIMESTAMP} is more than {WINDOW.seconds // 60} minutes away; sign it anew.")
    used = f"nonce#{desk.codes.keyed('nonce', f'{caller}{chr(0)}{nonce}')[:32]}"
    if not desk.links.take(used, uuid4().hex, sent_at + 2 * WINDOW):
        raise ConflictError(f"{NONCE} was used; whoever repeats a request signs it anew, with another.")
    return caller
