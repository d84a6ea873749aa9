"""The deployment's secret, changed by an operator."""

import json
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def opened_secret(manager: Any, secret_id: str) -> Iterator[dict[str, Any]]:
    """What the secret holds, to be changed in place; stored at the end, not where something was refused."""
    held: dict[str, Any] = json.loads(manager.get_secret_value(SecretId=secret_id)["SecretString"])
    yield held
    manager.put_secret_value(SecretId=secret_id, SecretString=json.dumps(held))


def new_key(length: int) -> str:
    """A key of so many letters and digits that nobody can guess."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))
