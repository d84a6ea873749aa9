"""Cursors of lists: opaque, signed, and good only for the very list that gave them."""

import base64
import hmac
from collections.abc import Mapping

import msgspec

from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.providers import Codes

SIGNATURE = 24
"""Characters of the signature: 96 bits."""


def seal(codes: Codes, listing: str, cursor: Mapping[str, str] | None) -> str | None:
    """A cursor as the caller gets it.

    `listing` names the list and its asker: the cursor continues no other list.
    """
    if cursor is None:
        return None
    packed = base64.urlsafe_b64encode(msgspec.json.encode(dict(sorted(cursor.items())))).decode().rstrip("=")
    return f"{_signature(codes, listing, packed)}{packed}"


def unseal(codes: Codes, listing: str, sealed: str | None) -> Mapping[str, str] | None:
    """The cursor that was sealed for this list; InvalidInputError for any other text."""
    if sealed is None:
        return None
    signature, packed = sealed[:SIGNATURE], sealed[SIGNATURE:]
    if not hmac.compare_digest(signature.encode(), _signature(codes, listing, packed).encode()):
        raise InvalidInputError("'cursor' is not one that this list gave; begin again without it.")
    padded = packed + "=" * (-len(packed) % 4)
    return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=dict[str, str])


def _signature(codes: Codes, listing: str, packed: str) -> str:
    return codes.keyed("cursor", f"{listing}\0{packed}")[:SIGNATURE]
