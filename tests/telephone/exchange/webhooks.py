"""The exchange as a client: it posts to the desk as Twilio does, signed with the account's token."""

import base64
import hashlib
import hmac
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

LONGEST_SECONDS = 60
"""Twilio waits for 15; a machine with other work to do is given more."""


@dataclass(frozen=True)
class Account:
    """An account at the exchange: its id and the token that it signs with."""

    sid: str
    token: str

    def signature(self, url: str, form: Mapping[str, str]) -> str:
        """The signature of a posted form."""
        signed = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self.token.encode(), signed.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()


def post(account: Account, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    """Post a form; the status and body of the answer, 0 if there was none."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": account.signature(url, form),
        "User-Agent": "TwilioProxy/1.1",
    }
    request = urllib.request.Request(url, urlencode(form).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError as error:
        return 0, str(error).encode()
