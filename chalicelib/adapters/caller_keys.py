"""The keys with which machines sign what they send, out of the deployment's secret (C4)."""

import json
import time
from collections.abc import Callable, Mapping
from functools import cache

from chalicelib.adapters.secret import Reread, secret_text

Keys = Mapping[str, tuple[str, ...]]


class CallerKeys:
    """The keys of each caller, by username: the newest two are good, so that one can take over from another.

    `keys` gives them all; it is asked as `Reread` does.
    """

    def __init__(self, keys: Callable[[], Keys], seconds: Callable[[], float] = time.monotonic) -> None:
        self._keys = Reread(keys, seconds)

    def of(self, caller: str) -> tuple[str, ...]:
        """The keys that are good for a caller; none for one that has no key."""
        return self._keys().get(caller, ())


def keys_of_callers(secret: str) -> Keys:
    """The keys in the secret's text, by the username of their caller."""
    held = json.loads(secret).get("callers", {})
    return {caller: tuple(keys) for caller, keys in held.items()}


@cache
def caller_keys_from_secret(secret_id: str) -> CallerKeys:
    """The keys that stand in Secrets Manager, beside the signing keys."""
    return CallerKeys(lambda: keys_of_callers(secret_text(secret_id)))
