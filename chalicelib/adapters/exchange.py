"""The account at the telephone exchange (Twilio's, or one that is like it): its keys, and its recordings."""

import base64
import http.client
import json
import ssl
import time
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from chalicelib.adapters.secret import Reread, secret_text
from chalicelib.services.errors import RecordingMissingError
from chalicelib.services.providers import ExchangeAccount
from chalicelib.settings import Settings

ATTEMPTS = 3
"""So often the account is asked for: an exchange waits for an answer no longer (ours)."""
LARGEST_RECORDING = 8 * 1024 * 1024
"""Eight minutes of a telephone's sound (8 kHz, 16 bits): more than a call is recorded for."""
FETCH_SECONDS = 8.0
BLOCK = 64 * 1024


class Exchange:
    """Exchange (services/providers.py). `held` gives the account, `base` is the host of its recordings.

    The account is asked for as `Reread` does, so that keys can be changed, and no call is lost meanwhile.
    """

    def __init__(
        self,
        held: Callable[[], ExchangeAccount | None],
        base: str,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._held, self._base, self._seconds = Reread(held, seconds), base.rstrip("/"), seconds

    def account(self) -> ExchangeAccount | None:
        """The account; None if the desk has none."""
        return self._held()

    def source(self, recording: str) -> str:
        """The only address from which that recording is fetched."""
        account = self.account()
        if account is None:
            raise RecordingMissingError("The desk has no account at a telephone exchange.")
        return f"{self._base}/2010-04-01/Accounts/{account.sid}/Recordings/{recording}"

    def fetch(self, recording: str) -> bytes:
        """The sound of a recording (WAV). Raises RecordingMissingError, OSError while nobody answers."""
        status, sound = self._asked("GET", recording)
        if status != 200:
            raise RecordingMissingError(f"The exchange answered {status}.")
        if len(sound) > LARGEST_RECORDING:
            raise RecordingMissingError("The recording is too large.")
        if not (sound.startswith(b"RIFF") and sound[8:12] == b"WAVE"):
            raise RecordingMissingError("What the exchange gave is no recording.")
        return sound

    def forget(self, recording: str) -> bool:
        """Delete a recording at the exchange, once we have it. False if that did not work."""
        try:
            return self._asked("DELETE", recording)[0] in {204, 404}
        except OSError:
            return False

    def _asked(self, method: str, recording: str) -> tuple[int, bytes]:
        """Ask for a recording there; no redirection is followed, so no other host is ever reached."""
        address, account = urlsplit(self.source(recording)), self.account()
        host, port = address.hostname or "", address.port
        line: http.client.HTTPConnection
        if address.scheme == "https":
            secure = ssl.create_default_context()
            line = http.client.HTTPSConnection(host, port, timeout=FETCH_SECONDS, context=secure)
        else:
            line = http.client.HTTPConnection(host, port, timeout=FETCH_SECONDS)
        given = f"{account.sid}:{account.tokens[0]}" if account else ""
        headers = {"Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}
        until = self._seconds() + FETCH_SECONDS
        try:
            line.request(method, address.path, headers=headers)
            answer, sound = line.getresponse(), b""
            while len(sound) <= LARGEST_RECORDING and (part := answer.read(BLOCK)):
                sound += part
                if self._seconds() > until:
                    raise TimeoutError("the recording comes too slowly")
            return answer.status, sound
        except http.client.HTTPException as error:
            raise OSError("the exchange broke off") from error
        finally:
            line.close()


@cache
def exchange_of(given: Settings) -> Exchange:
    """The exchange whose account stands in Secrets Manager beside the signing key; one a process."""
    return Exchange(lambda: account_in(secret_text(given.secret_id, ATTEMPTS)), given.recordings_from)


def account_in(secret: str) -> ExchangeAccount | None:
    """The account in the secret's text, under `exchange`; None if there is none."""
    held = json.loads(secret).get("exchange")
    if not held:
        return None
    return ExchangeAccount(str(held["sid"]), tuple(held["tokens"]), dict(held.get("shared_keys", {})))
