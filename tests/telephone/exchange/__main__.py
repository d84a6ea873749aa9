"""A small telephone exchange on 127.0.0.1, which asks the desk what to do with each call, as Twilio does.

Runs in an environment of its own (tests/telephone/requirements.txt), until it is told to stop.
"""

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pjsua2

from tests.telephone.exchange.line import Line, Setting
from tests.telephone.exchange.recordings import Recordings
from tests.telephone.exchange.voice import Voice
from tests.telephone.exchange.webhooks import Account

MOST_CALLS = 4
"""So many PJSIP takes as it is built for Python; for more there are more exchanges."""
LOOK_MILLISECONDS = 10


class Number(pjsua2.Account):  # type: ignore[misc]
    """The number that is called: it answers every call."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._setting = setting

    def onIncomingCall(self, prm: Any) -> None:
        """Somebody calls."""
        line = Line(self._setting, self, prm.callId)
        self.lines.append(line)
        answer = pjsua2.CallOpParam()
        answer.statusCode = 200
        line.answer(answer)


def main() -> None:
    """Serves calls until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sip-port", type=int, required=True)
    parser.add_argument("--recordings-port", type=int, required=True)
    parser.add_argument("--webhook", required=True, help="the desk's address for a new call")
    parser.add_argument("--status", required=True, help="the desk's address for the end of a call")
    parser.add_argument("--account", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--serves", action="store_true", help="give the folder's recordings to the desk")
    parser.add_argument("--speed", type=int, default=160, help="words a minute")
    parser.add_argument("--person", choices=["answers", "absent"], default="absent")
    given = parser.parse_args()
    account = Account(given.account, given.token)
    recordings = Recordings(given.folder, account, given.recordings_port)
    if given.serves:
        recordings.serve()
    setting = Setting(
        given.webhook,
        given.status,
        account,
        Voice(given.folder, given.speed),
        recordings,
        ThreadPoolExecutor(max_workers=2 * MOST_CALLS),
        person_answers=given.person == "answers",
    )
    stopped: list[int] = []
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda number, _: stopped.append(number))
    endpoint, number = _opened(given.sip_port, setting)
    setting.say("The exchange is open")
    while not stopped:
        endpoint.libHandleEvents(LOOK_MILLISECONDS)
        for line in number.lines:
            line.tick()
        number.lines = [line for line in number.lines if not line.is_over]
    setting.others.shutdown(wait=True)
    sys.stdout.flush()
    os._exit(0)  # PJSIP's own end may crash under Python


def _opened(port: int, setting: Setting) -> tuple[Any, Number]:
    endpoint = pjsua2.Endpoint()
    endpoint.libCreate()
    config = pjsua2.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = MOST_CALLS
    config.logConfig.level = 1
    config.logConfig.consoleLevel = 1
    config.medConfig.clockRate = 8000
    config.medConfig.sndClockRate = 8000
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    endpoint.libInit(config)
    transport = pjsua2.TransportConfig()
    transport.port = port
    transport.boundAddress = "127.0.0.1"
    endpoint.transportCreate(pjsua2.PJSIP_TRANSPORT_UDP, transport)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    number = Number(setting)
    account = pjsua2.AccountConfig()
    account.idUri = f"sip:hotline@127.0.0.1:{port}"
    account.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    number.create(account)
    return endpoint, number


if __name__ == "__main__":
    main()
