"""Reading a mail from its bytes (A1): whatever is wrong with it, what a person said is found.

By the standard library's parser, but for characters: Chinese mails call GB 18030 by the names of its smaller
ancestors, or leave its name out.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from itertools import islice
from typing import Any

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.letter import LONGEST_TEXT, NUMBERS, Letter
from chalicelib.domain.texts import cleaned, with_gaps
from chalicelib.http.contacts import email_address
from chalicelib.http.html_text import text_of_html
from chalicelib.services.files.handing_in import Part

WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "windows-1252"}
"""Character sets by whose names mails mean a larger one."""

MACHINES = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.@-]|$)", re.IGNORECASE
)
QUOTED_BELOW = re.compile(
    r"^(?:"
    r"-{2,}\s*(?:原始邮件|原邮件|转发邮件|回复的原邮件|Original Message|Original|Forwarded message)\s*-{2,}"
    r"|(?:发件人|寄件者|寄件人|From)\s*[:：].{1,200}"
    r"|On .{5,200} wrote:"
    r"|.{0,60}于?\s*20[0-9]{2}\s*[年/-].{1,80}写道\s*[:：]"
    r"|_{10,}"
    r")\s*$",
    re.MULTILINE | re.IGNORECASE,
)
"""The line below which mail programs put what they answer."""
_HANZI = re.compile(rb"\A[\x00-\x7f]*(?:(?:[\xc2-\xdf][\xa1-\xbf]){2,}[\x00-\x7f]*)+\Z")
"""Chinese of GB 18030 that would be UTF-8 too, as odd letters by twos: C2 A9 CB AE are 漏水, or ©ˮ."""
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
MOST_ATTACHMENTS, MOST_HEADER = 20, 300
MAIL = "message/rfc822"
MOST_PARTS = 2000
"""More are not taken apart (ours): 100,000 are 3 MB, and take a minute."""


def is_many_parts(raw: bytes) -> bool:
    """Whether a mail has too many parts to take them apart."""
    return raw.count(b"\n--") > 2 * MOST_PARTS


def letter_of(raw: bytes) -> Letter:
    """The mail in these bytes; never an error, for whatever they are somebody has sent them."""
    try:
        return _read(raw)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):  # made to break a parser
        return Letter(id=hashlib.sha256(raw).hexdigest()[:32])


def _read(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    heads = _heads(message)
    name, _ = parseaddr(_one_line(heads.get("from", "")))
    address = _written_by(message)
    sender = _address(address)
    named = _one_line(heads.get("message-id", "")) or hashlib.sha256(raw).hexdigest()
    found = " ".join(heads.get(head, "") for head in ("subject", "references", "in-reply-to"))
    texts = "\n".join(text for text in _texts(message) if text.strip())
    text = with_gaps(texts)[:LONGEST_TEXT]
    return Letter(
        id=hashlib.sha256(f"{named}\0{sender.casefold()}".encode()).hexdigest()[:32],
        sender=sender,
        name="" if "@" in name else _said(name)[:100].strip(),
        subject=_said(heads.get("subject", ""))[:MOST_HEADER],
        text=text,
        own=own_words(text),
        sent_at=_moment(heads.get("date", "")),
        by_machine=_by_machine(heads, address),
        answers=tuple(dict.fromkeys(NUMBERS.findall(found))),
        attachments=tuple(part.line for part in _attachments(message)),
    )


def _written_by(message: Message) -> str:
    """The address of the sender, as checkers read it; empty if not just one.

    Before its encoded words are read: `=?utf-8?Q?a=40x.cn=2C?= <b@y.cn>` is from b, whatever it spells.
    """
    froms = [_one_line(str(value)) for name, value in message.raw_items() if name.lower() == "from"]
    found = [address for _, address in getaddresses(froms) if "@" in address]
    return found[0] if len(found) == 1 else ""


def _heads(message: Message) -> dict[str, str]:
    """The headers in characters, by name; of several the first."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), _decoded_head(str(value)))
    return found


def _decoded_head(value: str) -> str:
    """A header in characters: its encoded words, and what is written plainly in whatever set."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        parts = [(value, None)]
    said = []
    for part, charset in parts:
        plain = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        said.append(_characters(plain, charset))
    return "".join(said)


def _characters(plain: bytes, charset: str | None) -> str:
    """Bytes as characters: as they say, else as UTF-8, else as GB 18030; what is lost is marked as that."""
    named = (charset or "").lower()
    if not named and _HANZI.search(plain):
        with suppress(UnicodeDecodeError):
            return plain.decode("gb18030")
    for wanted in (WIDER.get(named, named), "utf-8", "gb18030"):
        with suppress(LookupError, UnicodeDecodeError, ValueError):
            return plain.decode(wanted) if wanted else plain.decode("ascii")
    return plain.decode(_known(WIDER.get(named, named)), "replace")


def _known(charset: str) -> str:
    try:
        b"".decode(charset)
    except (LookupError, ValueError):
        return "utf-8"
    return charset or "utf-8"


def _texts(part: Message) -> Iterator[str]:
    """The texts of a mail in their order; of several that say the same the plain one."""
    if part.is_multipart():
        inner = [piece for piece in part.get_payload() if isinstance(piece, Message)]
        if part.get_content_type() == MAIL:
            return
        if part.get_content_subtype() == "alternative":
            said = [("plain" in piece.get_content_type(), list(_texts(piece))) for piece in inner]
            said = [(plain, texts) for plain, texts in said if any(text.strip() for text in texts)]
            yield from max(said, key=lambda pair: pair[0])[1] if said else ()
            return
        for piece in inner:
            yield from _texts(piece)
    elif part.get_content_maintype() == "text" and not _is_attached(part):
        text = _characters(_payload(part), part.get_content_charset())
        yield text_of_html(text) if part.get_content_subtype() == "html" else text


def _payload(part: Message) -> bytes:
    payload: Any = None
    with suppress(Exception):  # a transfer encoding that is none
        payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")


def _is_attached(part: Message) -> bool:
    disposition = ""
    with suppress(Exception):  # a broken header
        disposition = part.get_content_disposition() or ""
    return disposition == "attachment" or bool(_filename(part))


def _filename(part: Message) -> str:
    name = None
    with suppress(Exception):
        name = part.get_filename()
    return _said(_decoded_head(name))[:100] if name else ""


def parts_of(raw: bytes) -> Iterator[Part]:
    """The files that came with the mail in these bytes; of a mail that breaks the parser those before."""
    with suppress(RecursionError, ValueError, LookupError, TypeError, AttributeError):
        yield from _attachments(message_from_bytes(raw, policy=policy.default))


def _coming(message: Message) -> Iterator[tuple[Message, str]]:
    """What comes with a mail, and the type that it says."""
    for part in message.walk():
        kind = part.get_content_type()
        is_mail = kind == MAIL
        if is_mail or (not part.is_multipart() and (_is_attached(part) or not kind.startswith("text/"))):
            yield part, kind


def _attachments(message: Message) -> Iterator[Part]:
    """What comes with a mail, with name, type and size; a mail in it is none that is handed in.

    What is above the number that is taken is counted, by a last one without bytes.
    """
    coming = _coming(message)
    for part, kind in islice(coming, MOST_ATTACHMENTS):
        data = b"" if kind == MAIL else _payload(part)
        size = "" if kind == MAIL else f", {-(-len(data) // 1024)} KB"
        yield Part(_filename(part), f"{_filename(part) or kind} ({kind}{size})", data)
    if more := sum(1 for _ in coming):
        yield Part("", f"… + {more}", b"")


def _by_machine(heads: dict[str, str], address: str) -> bool:
    """Whether no person wrote it (RFC 3834): so that two machines never go on writing to each other."""
    submitted = heads.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted not in {"no", ""}
        or heads.get("precedence", "").strip().lower() in BULK
        or any(name in heads for name in ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond"))
        or heads.get("return-path", "").strip() == "<>"
        or heads.get("content-type", "").lower().startswith("multipart/report")
        or bool(MACHINES.match(address))
    )


def _address(address: str) -> str:
    try:
        return email_address(address) if address else ""
    except InvalidInputError:
        return ""


def _moment(head: str) -> datetime | None:
    """When it says that it was sent, if with a zone; else nobody knows."""
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(head)
        return moment if moment.tzinfo is not None else None
    return None


def _said(text: str) -> str:
    """A header as it is shown: in one line, without what nobody sees or what turns the order of letters."""
    return with_gaps(cleaned(_one_line(text)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def own_words(text: str) -> str:
    """The text without what it answers, which stands below; the whole where nothing else is left."""
    above = QUOTED_BELOW.split(text, maxsplit=1)[0]
    kept = "\n".join(line for line in above.splitlines() if not line.lstrip().startswith(">"))
    return cleaned(kept) or cleaned(text)
