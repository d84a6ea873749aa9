"""A telephone exchange that calls the desk of a test, as Twilio does: it signs, and follows the answers."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree import ElementTree

from chalice.test import HTTPResponse

from chalicelib.channels.twilio_signature import SETTINGS, SIGNATURE
from tests.api_desk import BASE_URL, ApiDesk
from tests.fakes.recordings import SHARED, SID, TOKEN

CALLER = "+8613900001234"


def signature(url: str, form: Mapping[str, str], key: str = TOKEN, algorithm: str = "sha1") -> str:
    """What an exchange writes into its header."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(key.encode(), text.encode(), algorithm).digest()).decode()


@dataclass
class TestCall:
    """A call to `riverside`; `said` is what the caller has heard, `next` where it goes on."""

    __test__ = False

    desk: ApiDesk
    sid: str = "CA" + "1" * 32
    caller: str = CALLER
    said: str = ""
    next: str = "/voice/riverside"
    document: ElementTree.Element = field(default_factory=lambda: ElementTree.Element("Response"))
    statuses: list[int] = field(default_factory=list)

    def post(self, path: str, /, headers: Mapping[str, str] | None = None, **extra: str) -> HTTPResponse:
        """Post a step, signed unless `headers` are given."""
        form = self.form(**extra)
        signed = {SIGNATURE: signature(BASE_URL + path, form)} if headers is None else headers
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.desk.client.http.request(
            "POST", path, headers={**kind, **signed}, body=urlencode(form).encode()
        )

    def form(self, **extra: str) -> dict[str, str]:
        """What is posted with every step."""
        return {
            "CallSid": self.sid, "AccountSid": SID, "From": self.caller, "To": "+8657188001100",
            "CallStatus": "in-progress", "Direction": "inbound", "ApiVersion": "2010-04-01", **extra,
        }  # fmt: skip

    def go(self, **extra: str) -> "TestCall":
        """Do the next step; redirections are followed as long as nothing is asked."""
        response = self.post(self.next, **extra)
        self.statuses.append(response.status_code)
        assert response.headers["Content-Type"].startswith("text/xml"), response.headers
        self.document = ElementTree.fromstring(response.body)  # noqa: S314  our own answer
        self.said = " ".join(said.text or "" for said in self.document.iter("Say"))
        asks = self.document.find("Gather")
        record, dial = self.document.find("Record"), self.document.find("Dial")
        for verb in (asks, record, dial):
            if verb is not None:
                self.next = verb.attrib["action"].removeprefix(BASE_URL)
        return self

    def press(self, keys: str) -> "TestCall":
        """Press keys at what was asked."""
        return self.go(Digits=keys)

    def nothing(self) -> "TestCall":
        """Press nothing: the exchange goes on behind the question."""
        onward = self.document.find("Redirect")
        if onward is not None:
            self.next = (onward.text or "").removeprefix(BASE_URL)
        return self.go()

    def speak(self, recording: str = "RE" + "5" * 32) -> "TestCall":
        """Say something after the tone."""
        told = self.document.find("Record").attrib["recordingStatusCallback"]  # type: ignore[union-attr]
        url = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Recordings/{recording}"
        self.go(RecordingSid=recording, RecordingUrl=url, RecordingDuration="4", Digits="#")
        path = told.removeprefix(BASE_URL)
        self.statuses.append(
            self.post(path, RecordingSid=recording, RecordingUrl=url, RecordingStatus="completed").status_code
        )
        return self

    def hang_up(self) -> int:
        """Hang up; the status of the answer."""
        status = self.post("/voice/riverside/ended", CallStatus="completed").status_code
        self.statuses.append(status)
        return status

    def shared(self, path: str, form: Mapping[str, str]) -> dict[str, str]:
        """The headers of a request that is signed with a shared key."""
        ((name, key),) = SHARED.items()
        return {
            SIGNATURE: signature(BASE_URL + path, form, key, "sha256"),
            SETTINGS: f"key={name},algorithm=HMAC_SHA256",
        }


def sid(number: int) -> str:
    """The id of a call."""
    return "CA" + hashlib.sha256(str(number).encode()).hexdigest()[:32]
