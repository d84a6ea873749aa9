"""Whether a webhook was signed with a key of our account at the exchange.

The way of signing is Twilio's: HMAC over the address and the posted form.

The signature has no time in it: what is sent again is harmless because every step is taken once (voice.py).
"""

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.services.providers import ExchangeAccount

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
"""Names the shared key and the algorithm, `key=…,algorithm=HMAC_SHA256`; absent for the account's token."""
PORTS = {"https": 443, "http": 80}


def is_signed(
    account: ExchangeAccount, url: str, form: Mapping[str, str], headers: Mapping[str, str]
) -> bool:
    """Whether the posted form was signed for that address, with or without its port."""
    given = str(headers.get(SIGNATURE) or "")
    settings = _settings(str(headers.get(SETTINGS) or ""))
    algorithm = settings.get("algorithm", "HMAC_SHA1").upper()
    if algorithm == "HMAC_SHA256":
        keys, digest = [account.shared_keys.get(settings.get("key", ""), "")], "sha256"
    elif algorithm == "HMAC_SHA1":
        keys, digest = list(account.tokens), "sha1"
    else:
        return False
    posted = "".join(name + form[name] for name in sorted(form))
    return any(
        hmac.compare_digest(_signature(key, address + posted, digest).encode(), given.encode())
        for key in keys
        if key
        for address in _addresses(url)
    )


def _signature(key: str, text: str, digest: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), digest)).decode()


def _addresses(url: str) -> tuple[str, str]:
    """The address without its port, and with it: exchanges sign either."""
    parts = urlsplit(url)
    host, _, port = parts.netloc.partition(":")
    with_port = f"{host}:{port or PORTS[parts.scheme]}"
    return parts._replace(netloc=host).geturl(), parts._replace(netloc=with_port).geturl()


def _settings(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}
