"""`python -m infra exchange STAGE`: the account at a telephone exchange that calls come by.

Its keys stand in the stage's secret, beside the signing key. Two tokens are good at a time, so that one can
be changed at the exchange without a call being lost.
"""

import re
from collections.abc import Callable
from typing import Any

from infra.operating import stage_of
from infra.problems import CannotGoOnError
from infra.secret import opened_secret

SID = re.compile(r"AC[0-9a-f]{32}")
GOOD_AT_A_TIME = 2


def set_exchange(
    stage: str, sid: str, key: str, shared_key: str | None, say: Callable[[str], None] = print
) -> int:
    """Puts an account, or one more key of it, into the secret of a stage."""
    at = stage_of(stage)
    add_account(at.connect("secretsmanager"), at.outputs["SecretId"], sid, key, shared_key)
    say(
        f"Calls of {sid} are taken within five minutes: {at.outputs['PublicBaseUrl']}/voice/COMMUNITY for a "
        "call that comes in, and the same with /ended for its status (docs/channels.md)."
    )
    return 0


def add_account(manager: Any, secret_id: str, sid: str, key: str, shared_key: str | None = None) -> None:
    """Adds a key to the account in the secret: a token, or the shared key of an id.

    CannotGoOnError for what is no account or no key. Another account takes the place of the one before.
    """
    if not SID.fullmatch(sid):
        raise CannotGoOnError(f"{sid} is no account: that is AC, then 32 digits or letters a-f.")
    if not key.strip():
        raise CannotGoOnError("The key is empty.")
    with opened_secret(manager, secret_id) as held:
        account = held.get("exchange", {})
        if account.get("sid") != sid:
            account = {"sid": sid, "tokens": [], "shared_keys": {}}
        if shared_key:
            shared = {name: value for name, value in account["shared_keys"].items() if name != shared_key}
            kept = dict(list(shared.items())[-(GOOD_AT_A_TIME - 1) :])
            account["shared_keys"] = {**kept, shared_key: key.strip()}
        else:
            before = [token for token in account["tokens"] if token != key.strip()]
            account["tokens"] = [key.strip(), *before][:GOOD_AT_A_TIME]
        held["exchange"] = account
