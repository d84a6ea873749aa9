"""Link codes and signatures, made with the deployment's secret keys (G8)."""

import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from msgspec import Struct

from chalicelib.adapters.secret import Reread, secret_text
from chalicelib.domain.case.links import ALPHABET, CODE_LENGTH, Link

SIGNATURES = frozenset({"csrf", "cursor", "renewal", "day"})
"""Purposes for which the newest key counts. What stands in tables goes by the first, else it is lost."""


class Key(Struct, frozen=True):
    """A key of the deployment, in force from an instant on."""

    since: datetime
    secret: bytes


FROM_THE_BEGINNING = datetime.min.replace(tzinfo=UTC)


class HmacCodes:
    """Codes from HMAC-SHA256.

    `keys` gives the keys, the first from the beginning; they are asked for as `Reread` does. Two are valid at
    a time: a link goes by the key in force when its case was registered.
    """

    def __init__(
        self, keys: Callable[[], tuple[Key, ...]], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys = Reread(keys, seconds)

    def code(self, link: Link) -> str:
        """Ten characters, 58 bits.

        Neither the round nor the expiry goes into it: the tracking link of a later round is still the one
        that the resident was given, and a pack that changes the life of a survey changes no code.
        """
        parts = (link.purpose, link.community, link.number, link.subject, str(link.since_version))
        name = "\0".join((*parts, link.registered_at.astimezone(UTC).isoformat()))
        rest = int.from_bytes(_digest(self._key_at(link.registered_at), "code", name), "big")
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
        key = self._key_at(datetime.now(UTC)) if purpose in SIGNATURES else self._keys()[0].secret
        return _digest(key, f"keyed:{purpose}", text).hex()

    def _key_at(self, at: datetime) -> bytes:
        return next(key.secret for key in reversed(self._keys()) if key.since <= at)


def _digest(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{text}".encode(), sha256)


def codes_from_secret(secret_id: str) -> HmacCodes:
    """Codes whose keys stand in Secrets Manager.

    The secret is read when the first code is needed.
    """
    return HmacCodes(lambda: keys_in(secret_text(secret_id)))


def keys_in(secret: str) -> tuple[Key, ...]:
    """The keys in the secret's text: `signing_key`, and `later_keys` by the instant from which each holds."""
    held = json.loads(secret)
    later = [
        Key(datetime.fromisoformat(since), key.encode()) for since, key in held.get("later_keys", {}).items()
    ]
    first = Key(FROM_THE_BEGINNING, str(held["signing_key"]).encode())
    return (first, *sorted(later, key=lambda key: key.since))
