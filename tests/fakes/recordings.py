"""Stand-ins of what callers said, and of the exchange that recorded it."""

import hashlib

from chalicelib.services.errors import RecordingMissingError
from chalicelib.services.providers import ExchangeAccount
from tests.content import riff

SID = "AC" + "7" * 32
TOKEN = "the account's token"
SHARED = {"webhooks_sharedkey_1": "a shared key"}
SOUND = riff(b"WAVE", (b"fmt ", bytes(16)), (b"data", b"what was said"))


class FakeRecordings:
    """Recordings."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, name: str, sound: bytes) -> None:
        self.kept[name] = sound

    def read(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def names(self, beginning: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.kept if name.startswith(beginning)))

    def has(self, name: str) -> bool:
        return name in self.kept

    def address(self, name: str) -> str:
        return (
            f"https://recordings.example.com/{name}?signature={hashlib.sha256(name.encode()).hexdigest()[:8]}"
        )

    def erase(self, name: str) -> None:
        self.kept.pop(name, None)


class FakeExchange:
    """Exchange. `sounds` are its recordings by id; `is_down` while it does not answer."""

    def __init__(self) -> None:
        self.sounds: dict[str, bytes] = {}
        self.is_down = False
        self.held: ExchangeAccount | None = ExchangeAccount(SID, (TOKEN,), SHARED)

    def account(self) -> ExchangeAccount | None:
        return self.held

    def source(self, recording: str) -> str:
        return f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Recordings/{recording}"

    def fetch(self, recording: str) -> bytes:
        if self.is_down:
            raise TimeoutError("nobody answers")
        if recording not in self.sounds:
            raise RecordingMissingError("The exchange answered 404.")
        return self.sounds[recording]

    def forget(self, recording: str) -> bool:
        return self.sounds.pop(recording, None) is not None
