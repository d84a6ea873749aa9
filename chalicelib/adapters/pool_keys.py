"""The public keys of the user pool, with which tokens are verified in this process."""

import json
import logging
import threading
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

log = logging.getLogger(__name__)

FETCH_SECONDS = 3
KEYS_LIVE_SECONDS = 6 * 3600
KEYS_REST_SECONDS = 60
"""Keys are fetched again after the one, or for a key id that is new, but not before the other has passed."""


def fetched(url: str) -> bytes:
    """What stands at the address of our own pool."""
    with urllib.request.urlopen(url, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - our own pool's address
        body: bytes = answer.read()
        return body


class PoolKeys:
    """The pool's keys by their id, fetched when first needed. `monotonic` is a clock that never goes back.

    `fetches` counts how often that was.
    """

    def __init__(self, url: str, fetch: Callable[[str], bytes], monotonic: Callable[[], float]) -> None:
        self.url = url
        self._fetch, self._monotonic = fetch, monotonic
        self._keys: dict[str, Any] = {}
        self.fetches = 0
        self._fetched_at: float | None = None
        self._lock = threading.Lock()

    def key(self, key_id: object) -> Any:
        """The public key of that id; raises a PyJWTError if the pool has none."""
        import jwt  # here, with all of cryptography behind it, because only signed-in requests need it

        with self._lock:
            unknown = isinstance(key_id, str) and key_id not in self._keys
            if self.are_old() or (unknown and self.are_old(KEYS_REST_SECONDS)):
                self._refresh()
            key = self._keys.get(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise jwt.InvalidKeyError("no such key")
        return key

    def are_old(self, seconds: float = KEYS_LIVE_SECONDS) -> bool:
        """Whether the keys were fetched longer ago than that, or never."""
        return self._fetched_at is None or self._monotonic() - self._fetched_at > seconds

    def _refresh(self) -> None:
        """Fetch the keys. While the pool cannot be reached, those that are known go on being good."""
        try:
            self._keys = self._published()
        except (OSError, ValueError):
            if not self._keys:
                raise
            log.warning("keys of the user pool could not be fetched; the known ones are used on")
        self._fetched_at = self._monotonic()
        self.fetches += 1

    def _published(self) -> dict[str, Any]:
        import jwt

        found: Mapping[str, Any] = json.loads(self._fetch(self.url))
        return {
            key["kid"]: jwt.PyJWK.from_dict(key, algorithm="RS256")
            for key in found["keys"]
            if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
        }
