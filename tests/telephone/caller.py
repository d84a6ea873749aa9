"""Somebody who calls: SIPp dials the exchange, presses keys and speaks, as a scenario says."""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.telephone.exchange.voice import RATE, run, spoken

KEY_MILLISECONDS = 200
SILENCE_BEHIND = 15
"""Seconds of silence that a telephone goes on sending: without a sound of any kind no level falls."""
LONGEST_CALL_SECONDS = 240


@dataclass(frozen=True)
class Wait:
    """Nothing said or pressed, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Press:
    """Keys, one after another."""

    keys: str


@dataclass(frozen=True)
class Speak:
    """Words said into the telephone."""

    text: str
    voice: str = "cmn"


@dataclass(frozen=True)
class Listen:
    """Nothing done until the caller's turn has come: the exchange tells SIPp by an INFO."""


Act = Wait | Press | Speak | Listen

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a call">
  <send retrans="500"><![CDATA[
INVITE sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
a=sendrecv
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
"""The call is begun. Key presses have payload type 96: SIPp sends them as nothing else."""

ANSWERED = """  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
IS_ASKED = f'  <recv request="INFO"/>\n{ANSWERED}'
IS_ENDED = f'  <recv request="BYE"/>\n{ANSWERED}</scenario>\n'

HANGS_UP = """  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
"""


@dataclass(frozen=True)
class Caller:
    """A telephone at 127.0.0.1 which calls the exchange at `exchange_port`; its files lie in `folder`."""

    folder: Path
    exchange_port: int
    port: int
    media_port: int
    called: str

    def call(
        self,
        callers: str | Sequence[str],
        acts: Iterable[Act],
        *,
        hangs_up: bool = False,
        call_id: str | None = None,
    ) -> "subprocess.Popen[str]":
        """Begin a call, of several callers one each, at once; SIPp ends with 0 if all went as they should.

        It ends with another status when a call is hung up by the exchange before its acts are done.
        """
        numbers = [callers] if isinstance(callers, str) else list(callers)
        name = f"call-{self.port}-{numbers[0].lstrip('+')}"
        scenario, given = self.folder / f"{name}.xml", self.folder / f"{name}.csv"
        body = "".join(self._act(act) for act in acts)
        end = HANGS_UP if hangs_up else IS_ENDED
        scenario.write_text((HEAD + "BODY" + end).replace("{called}", self.called).replace("BODY", body))
        given.write_text("SEQUENTIAL\n" + "".join(f"{number};\n" for number in numbers))
        command = [
            "sipp", f"127.0.0.1:{self.exchange_port}", "-i", "127.0.0.1", "-mi", "127.0.0.1",
            "-p", str(self.port), "-mp", str(self.media_port), "-sf", str(scenario), "-inf", str(given),
            "-m", str(len(numbers)), "-r", str(len(numbers)), "-nostdin",
            "-timeout", f"{LONGEST_CALL_SECONDS}s", "-timeout_error",
            "-trace_err", "-error_file", str(self.folder / f"{name}.errors"),
        ]  # fmt: skip
        command += ["-cid_str", call_id] if call_id else []
        with (self.folder / f"{name}.log").open("w") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, text=True, cwd=self.folder)  # noqa: S603

    def _act(self, act: Act) -> str:
        match act:
            case Listen():
                return IS_ASKED
            case Wait():
                return f'  <pause milliseconds="{round(act.seconds * 1000)}"/>\n'
            case Press():
                done = f"play_dtmf={quoteattr(act.keys)}"
                lasts = len(act.keys) * (KEY_MILLISECONDS + 50)
            case Speak():
                path = self._speech(act)
                done = f'rtp_stream="{path},1,8,PCMA/8000"'
                lasts = round(path.stat().st_size / RATE * 1000) - SILENCE_BEHIND * 1000
        return f'  <nop><action><exec {done}/></action></nop>\n  <pause milliseconds="{lasts}"/>\n'

    def _speech(self, act: Speak) -> Path:
        path = self.folder / f"speech-{sha256(act.text.encode()).hexdigest()[:12]}.alaw"
        if not path.exists():
            sound = path.with_suffix(".wav")
            spoken(act.text, act.voice, sound)
            run("sox", str(sound), "-t", "al", str(path), "pad", "0", str(SILENCE_BEHIND))
        return path
