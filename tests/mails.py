"""Mails as people's programs write them, and SES as it tells of one."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from chalicelib import wiring
from chalicelib.channels.mail_in import INBOX, mail_in
from infra.mail import received

SENDER = "sun@example.com"
PASSED = {"spam": "PASS", "virus": "PASS", "spf": "PASS", "dkim": "PASS", "dmarc": "PASS"}


def written(
    text: str | None = "厨房水龙头一直滴水，请派人来看。",
    *,
    subject: str = "厨房漏水",
    sender: str = f"孙女士 <{SENDER}>",
    to: str = "riverside@mail.example.com",
    message_id: str = "<1@example.com>",
    html: str | None = None,
    files: Sequence[tuple[str, str, bytes]] = (),
    **headers: str,
) -> bytes:
    """A mail as a modern program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text is not None:
        mail.set_content(text)
    if html is not None and text is not None:
        mail.add_alternative(html, subtype="html")
    elif html is not None:
        mail.set_content(html, subtype="html")
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def encoded(text: str, charset: str, named: str) -> str:
    """An encoded word of a header, under a name of its character set that may be too small."""
    return f"=?{named}?B?{b64encode(text.encode(charset)).decode()}?="


def arrives(
    raw: bytes,
    *recipients: str,
    checks: dict[str, str] | None = None,
    message: str = "",
    source: str = "",
    **told: Any,
) -> dict[str, int]:
    """SES puts a mail into the bucket and calls the function, which says what became of it."""
    message = message or hashlib.sha256(raw).hexdigest()[:40]
    wiring.desk().recordings.keep(INBOX + message, raw)
    event = received(
        message, recipients or ("riverside@mail.example.com",), {**PASSED, **(checks or {})}, source
    )
    event["Records"][0]["ses"]["receipt"].update(told)
    return mail_in(event)
