"""Link codes and signatures, made with the deployment's secret key (G8)."""

import hmac
import json
from collections.abc import Callable
from datetime import UTC
from functools import cache
from hashlib import sha256
from typing import Any

from chalicelib.domain.case.links import Link

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Base 58: no two characters that a person reading an SMS aloud would mix up."""
CODE_LENGTH = 10


class HmacCodes:
    """Codes from HMAC-SHA256. `key` gives the secret; it is asked for once, when first needed."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = cache(key)

    def code(self, link: Link) -> str:
        """Ten characters, 58 bits.

        Neither the round nor the expiry goes into it: the tracking link of a later round is still the one
        that the resident was given, and a pack that changes the life of a survey changes no code.
        """
        parts = (link.purpose, link.community, link.number, link.subject, str(link.since_version))
        name = "\0".join((*parts, link.registered_at.astimezone(UTC).isoformat()))
        rest = int.from_bytes(self._digest("code", name), "big")
        characters = []
        for _ in range(CODE_LENGTH):
            rest, place = divmod(rest, len(ALPHABET))
            characters.append(ALPHABET[place])
        return "".join(characters)

    def hash(self, code: str) -> str:
        """A keyed digest, so that whoever reads the table cannot try codes out on it."""
        return self.keyed("hash", code)

    def keyed(self, purpose: str, text: str) -> str:
        """The digest in hex; digests for different purposes have nothing in common."""
        return self._digest(f"keyed:{purpose}", text).hex()

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key(), f"{purpose}\0{text}".encode(), sha256)


def codes_from_secret(secret_id: str) -> HmacCodes:
    """Codes whose key is `signing_key` in Secrets Manager.

    The secret is read when the first code is needed.
    """
    return HmacCodes(lambda: _signing_key(secret_id))


def _signing_key(secret_id: str) -> bytes:
    import botocore.session  # here, so that only the first use of a code pays for it
    from botocore.config import Config

    settings = Config(
        connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 4}
    )
    client: Any = botocore.session.get_session().create_client("secretsmanager", config=settings)
    secret = json.loads(client.get_secret_value(SecretId=secret_id)["SecretString"])
    return str(secret["signing_key"]).encode()
