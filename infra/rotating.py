"""`python -m infra rotate STAGE`: a new signing key, while the one before stays good for what it has made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.operating import stage_of
from infra.problems import CannotGoOnError
from infra.secret import new_key, opened_secret

Say = Callable[[str], None]

IN_FORCE_AFTER = timedelta(hours=1)
"""Until then every process has read it, which each does every five minutes (chalicelib/adapters/codes.py)."""
KEY_LENGTH = 64


def rotate(stage: str, say: Say = print) -> int:
    """Adds a key to a stage's secret, and says from when it holds."""
    at = stage_of(stage)
    since = add_key(at.connect("secretsmanager"), at.outputs["SecretId"], datetime.now(UTC))
    say(
        f"A new key holds from {since:%Y-%m-%d %H:%M} UTC on, for new cases and for sign-ins. "
        "Links of cases from before stay as they are. At that time open forms have to be loaded once more."
    )
    return 0


def add_key(manager: Any, secret_id: str, now: datetime) -> datetime:
    """Adds a key to the secret; from when it holds.

    CannotGoOnError if one that was added before does not hold yet.
    """
    since = (now + IN_FORCE_AFTER).replace(microsecond=0)
    with opened_secret(manager, secret_id) as held:
        later = held.setdefault("later_keys", {})
        if waiting := [known for known in later if datetime.fromisoformat(known) > now]:
            raise CannotGoOnError(f"A key that was added holds from {waiting[0]} on; wait until then.")
        later[since.isoformat()] = new_key(KEY_LENGTH)
    return since
