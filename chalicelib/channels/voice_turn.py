"""How far a call has come: it stands in the address of the next step, which the exchange signs."""

import base64
import re
from collections.abc import Collection

import msgspec

from chalicelib.domain.errors import NotFoundError

KEYS_OF_A_UNIT = re.compile(r"[0-9]{1,6}(\*[0-9]{1,6}){0,3}")
"""A unit by keys: its parts with stars between, 3*2*1201."""
KEYS_OF_A_PHONE = re.compile(r"[0-9]{5,15}")
RECORDING = re.compile(r"RE[0-9a-f]{32}")


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A turn of a call. `tries` is how often the same was asked, `waits` how often the register did not
    answer; `spoke`: something was recorded.

    `keys`, `recording` and `dialled` are what the step before was given, while it waits to be tried again.
    """

    language: str
    kind: str | None = None
    unit: str | None = None
    phone: str | None = None
    tries: int = 0
    spoke: bool = False
    keys: str | None = None
    recording: str | None = None
    dialled: str | None = None
    waits: int = 0

    def written(self) -> str:
        """The turn as a part of an address."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    def on(self, **changes: object) -> "Turn":
        """The turn that follows: what a step was given is done with."""
        done: dict[str, object] = {"keys": None, "recording": None, "dialled": None, "waits": 0}
        return msgspec.structs.replace(self, **{**done, **changes})


def turn_of(written: str, languages: Collection[str]) -> Turn:
    """The turn in an address; NotFoundError for what is none, or in none of the languages."""
    unknown = NotFoundError("There is no such step of a call.")
    try:
        padded = written + "=" * (-len(written) % 4)
        turn = msgspec.json.decode(base64.b64decode(padded, b"-_", validate=True), type=Turn)
    except (ValueError, msgspec.DecodeError):
        raise unknown from None
    if turn.language not in languages:
        raise unknown
    return turn


def unit_of(keys: str) -> str | None:
    """The unit that was keyed in, as people write it; None if it can be none."""
    return keys.replace("*", "-") if KEYS_OF_A_UNIT.fullmatch(keys) else None
