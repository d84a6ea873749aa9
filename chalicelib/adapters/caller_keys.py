"""The keys with which machines sign what they send, out of the deployment's secret (C4)."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from functools import cache

from chalicelib.adapters.codes import REREAD_SECONDS, secret_text

log = logging.getLogger(__name__)

Keys = Mapping[str, tuple[str, ...]]


class CallerKeys:
    """The keys of each caller, by username: the newest two are good, so that one can take over from another.

    They are read when first needed, and every five minutes after.
    """

    def __init__(self, read: Callable[[], str], seconds: Callable[[], float] = time.monotonic) -> None:
        self._read, self._seconds = read, seconds
        self._keys: Keys | None = None
        self._read_at = 0.0

    def of(self, caller: str) -> tuple[str, ...]:
        """The keys that are good for a caller; none for one that has no key."""
        now = self._seconds()
        if self._keys is None or now - self._read_at > REREAD_SECONDS:
            try:
                self._keys = keys_of_callers(self._read())
            except Exception:
                if self._keys is None:
                    raise
                log.exception("keys_not_read")  # those that are known stay good
            self._read_at = now
        return self._keys.get(caller, ())


def keys_of_callers(secret: str) -> Keys:
    """The keys in the secret's text, by the username of their caller."""
    held = json.loads(secret).get("callers", {})
    return {caller: tuple(keys) for caller, keys in held.items()}


@cache
def caller_keys_from_secret(secret_id: str) -> CallerKeys:
    """The keys that stand in Secrets Manager, beside the signing keys."""
    return CallerKeys(lambda: secret_text(secret_id))
