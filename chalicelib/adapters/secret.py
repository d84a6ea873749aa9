"""The deployment's secret: its text, and what is known of it while it cannot be read."""

import logging
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

REREAD_SECONDS = 300.0
"""How soon a process hears of a key that is added: long before that key is in force (infra/rotating.py)."""

Held = TypeVar("Held")


class Reread(Generic[Held]):
    """What stands in the secret: read when first needed, and every five minutes after.

    While it cannot be read, what is known stays good. `seconds` is a clock that never goes back.
    """

    def __init__(self, read: Callable[[], Held], seconds: Callable[[], float] = time.monotonic) -> None:
        self._read, self._seconds = read, seconds
        self._known: tuple[Held, float] | None = None

    def __call__(self) -> Held:
        """What is held now; the error of the reading where nothing is known yet."""
        now = self._seconds()
        if self._known is None:
            self._known = self._read(), now
        elif now - self._known[1] > REREAD_SECONDS:
            held = self._known[0]
            try:
                held = self._read()
            except Exception:
                log.exception("secret_not_read")
            self._known = held, now
        return self._known[0]


def secret_text(secret_id: str, attempts: int = 4) -> str:
    """The text of the deployment's secret, as it is now."""
    import botocore.session  # here, so that only the first use of a code pays for it
    from botocore.config import Config

    settings = Config(
        connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": attempts}
    )
    client: Any = botocore.session.get_session().create_client("secretsmanager", config=settings)
    return str(client.get_secret_value(SecretId=secret_id)["SecretString"])
