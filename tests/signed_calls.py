"""Steps of a call as an exchange signs them (POST /v1/channels/ivr)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.http.signed import CALLER, NONCE, SIGNATURE, TIMESTAMP, signature
from tests.api_desk import ApiDesk

KEYS = {"ivr-1": ("old key", "new key"), "agent-1": ("a key",)}


class FakeKeys:
    """The keys of two callers."""

    def of(self, caller: str) -> tuple[str, ...]:
        return KEYS.get(caller, ())


nonces = (f"nonce-{number:016d}" for number in range(100_000))


def send(
    desk: ApiDesk,
    step: Mapping[str, Any] | bytes,
    *,
    caller: str = "ivr-1",
    key: str = "new key",
    late: timedelta = timedelta(),
    nonce: str | None = None,
    **headers: str,
) -> HTTPResponse:
    """Send a step, signed with a new nonce unless it is told otherwise."""
    plain = {"community": "riverside", "call": "C-1"}
    body = step if isinstance(step, bytes) else json.dumps({**plain, **step}).encode()
    timestamp = str(int((desk.office.clock() - late).timestamp()))
    nonce = nonce or next(nonces)
    signed = {
        CALLER: caller,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature(key, timestamp, nonce, body),
        "Accept-Language": "zh-CN",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return desk.post("/v1/channels/ivr", body, headers=signed)
