"""`python -m infra caller-key STAGE USERNAME`: a key with which a machine signs what it sends (C4)."""

from collections.abc import Callable
from typing import Any

from chalicelib.adapters.secret import REREAD_SECONDS
from infra.operating import stage_of
from infra.problems import CannotGoOnError
from infra.secret import new_key, opened_secret

Say = Callable[[str], None]

GOOD_AT_A_TIME = 2
"""So many keys of a caller are good, so that the new one can take over while the old one is in use."""
KEY_LENGTH = 48


def caller_key(stage: str, username: str, *, revoke: bool = False, say: Say = print) -> int:
    """Adds a key of a machine, or takes all of its keys away; says what has to be done."""
    at = stage_of(stage)
    manager, secret_id = at.connect("secretsmanager"), at.outputs["SecretId"]
    minutes = int(REREAD_SECONDS // 60)
    if revoke:
        revoke_keys(manager, secret_id, username)
        say(f"'{username}' has no key any more; within {minutes} minutes nothing that it signs is taken.")
        return 0
    key = add_caller_key(manager, secret_id, username)
    say(f"The new key of '{username}', shown once: {key}")
    say(
        f"It is good within {minutes} minutes. The one before stays good until the next is added; "
        "keys from before that are good no more."
    )
    return 0


def add_caller_key(manager: Any, secret_id: str, username: str) -> str:
    """Adds a key of a caller to the secret, of which the newest two stay; the key."""
    key = new_key(KEY_LENGTH)
    with opened_secret(manager, secret_id) as held:
        keys = held.setdefault("callers", {}).setdefault(username, [])
        keys.append(key)
        del keys[:-GOOD_AT_A_TIME]
    return key


def revoke_keys(manager: Any, secret_id: str, username: str) -> None:
    """Takes every key of a caller out of the secret; CannotGoOnError if there is none."""
    with opened_secret(manager, secret_id) as held:
        if not held.get("callers", {}).pop(username, None):
            raise CannotGoOnError(f"'{username}' has no key.")
