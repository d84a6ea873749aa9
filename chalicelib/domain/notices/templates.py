"""How a notice's text is chosen and filled in (A11, B3, B7, D1).

An adapter reads the texts from chalicelib/words, one file a language. An SMS has several wordings, the
fullest first: the first one is taken whose every value is known and which fits into one part. A line of a
mail with a value that is not known is left out. What a person wrote is only ever a value: braces in it are
text.
"""

import re
import string
from collections.abc import Iterable, Mapping

from msgspec import Struct

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.notices.kinds import NoticeChannel

ONE_PART, ONE_PLAIN_PART = 70, 160
"""The room of one SMS part: in any characters, and in those of the GSM alphabet alone (3GPP TS 23.038).

The first is counted in UTF-16 units: most emoji take two.
"""

_TAKES_TWO = frozenset("^{}\\[~]|€\f")
_PLAIN = _TAKES_TWO.union(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà"
    + string.digits
    + string.ascii_letters
)

_BRACKETS = str.maketrans("【】[]［］〖〗〔〕", "()" * 5)  # those round the sender's name are ours alone

OURS = frozenset({"url", "track_url", "desk_url", "case_url"})
"""The values that are addresses of the desk's own; no other may be one."""

_SCHEME = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=//)")
_DOT = re.compile(
    r"(?<=[^\W_])\.(?=[^\W\d_])"  # before a letter: example.com; not 3.5
    r"|(?<=[A-Za-z0-9-])[\u3002\uff0e\uff61](?=[A-Za-z0-9-])"  # other dots, which browsers take for one
    r"|(?<=\d)\.(?=\d{1,3}\.\d)|(?<=\.\d)\.(?=\d)|(?<=\.\d\d)\.(?=\d)|(?<=\.\d\d\d)\.(?=\d)"  # 192.0.2.1
)

Values = Mapping[str, str]
"""What a text may name, by name; empty means not known."""


class Mail(Struct, frozen=True):
    """A mail, as a template or filled in."""

    subject: str
    body: str


class Texts(Struct, frozen=True):
    """The texts of one language. Keys of `sms` and `mail` are kinds of notices, or `kind_detail`.

    `words` are small words by group: names of clocks, lengths of time, dates. `reasons` are the words of the
    same language in which the reasons of deadlines are told. `short_matters` among them are names for
    an SMS of matters that the regulation has a short name for in other languages only.
    """

    language: str
    sms: Mapping[str, tuple[str, ...]]
    mail: Mapping[str, Mail]
    words: Mapping[str, Mapping[str, str]]
    reasons: Catalogue

    def short_of(self, matter: str) -> str:
        """The language's own short name of a matter; empty if it has none."""
        return self.words.get("short_matters", {}).get(matter, "")

    @property
    def is_plain(self) -> bool:
        """Whether its SMS are in the GSM alphabet, which has room for twice as much."""
        return _septets(self.words["mail"]["sender"]) is not None


def write_sms(found: Texts, kind: str, detail: str | None, values: Values) -> str:
    """The text of an SMS, in one part.

    It is longer only if the address alone is too long for that; a link is never cut, nor left out. A link
    that acts goes before the address that wants a sign-in first.
    """
    wordings = found.sms.get(f"{kind}_{detail}") or found.sms[kind]
    plain = {name: one_line(value) for name, value in defused(values).items()}
    said = [wording for wording in wordings if _known(wording, plain)]
    linked = ([wording for wording in said if address in wording] for address in ("{url}", "{case_url}"))
    written = [wording.format_map(plain) for wording in next(filter(None, linked), said)]
    return next(filter(fits_one_part, written), min(written, key=length))


def write_mail(found: Texts, kind: str, detail: str | None, values: Values) -> Mail:
    """The mail: a subject of one line, and the body.

    The body has those of its lines of which everything is known. A kind without a letter of its own has the
    words of its SMS: whoever of staff has no number for one is told all by mail.
    """
    template = found.mail.get(f"{kind}_{detail}") or found.mail.get(kind)
    values = defused(values)
    if template is None:
        template = _sms_as_mail(found, found.sms.get(f"{kind}_{detail}") or found.sms[kind], values)
    plain = {name: one_line(value) for name, value in values.items()}
    body = "\n".join(_lines(template.body, values))
    return Mail(template.subject.format_map(plain), f"{body}\n")


def _sms_as_mail(found: Texts, wordings: Iterable[str], values: Values) -> Mail:
    """The fullest wording of an SMS as a mail, with a link if possible."""
    said = [wording for wording in wordings if _known(wording, values)]
    wording = next((wording for wording in said if "{url}" in wording), said[0])
    frame = found.words["mail"]
    text = wording.removeprefix(frame["sender"])
    return Mail(frame["subject"], f"{frame['opening']}\n\n{text}\n\n{frame['look']}\n\n{frame['ending']}")


def write_bare_mail(found: Texts, number: str, url: str) -> Mail:
    """The mail to an address that may be anybody's: number and link, and nothing that was typed."""
    words = found.words["bare_mail"]
    return Mail(words["subject"].format(number=number), words["body"].format(number=number, url=url))


def write_digest(
    found: Texts, channel: NoticeChannel, url: str, count: int, *, number: str = "", urgent: int = 0
) -> tuple[str, str]:
    """Subject and text of one message for many: of `count` cases, or of so many messages about one `number`.

    `urgent` of them are emergencies.
    """
    words = found.words["digest"]
    said = words["resident" if number else "urgent" if urgent else "staff"]
    text = said.format(count=count, number=number, urgent=urgent)
    if channel is NoticeChannel.SMS:
        return "", words["sms"].format(text=text, url=url)
    return text, words["body"].format(text=text, url=url)


def _lines(body: str, values: Values) -> Iterable[str]:
    blank = False
    for line in body.splitlines():
        if not _known(line, values) or (blank and not line):
            continue
        blank = not line
        yield line.format_map(values)


def _known(template: str, values: Values) -> bool:
    fields = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return all(values[name] for name in fields)


def length(text: str) -> int:
    """How much room a text takes in an SMS: 您好 → 2, an emoji → mostly 2."""
    return len(text.encode("utf-16-le")) // 2


def _septets(text: str) -> int | None:
    """How many septets a text takes in the GSM alphabet; None if it has other characters."""
    if not _PLAIN.issuperset(text):
        return None
    return len(text) + sum(map(text.count, _TAKES_TWO))


def fits_one_part(text: str) -> bool:
    """Whether an SMS is one part: 160 septets of the GSM alphabet, else 70 UTF-16 units."""
    septets = _septets(text)
    return length(text) <= ONE_PART if septets is None else septets <= ONE_PLAIN_PART


def defused(values: Values) -> dict[str, str]:
    """The values of a text: a telephone makes links of our own addresses alone.

    `http://evil.com` → `http：//evil·com`: as long, and read as it was meant.
    """
    return {name: value if name in OURS else no_link(value) for name, value in values.items()}


def no_link(value: str) -> str:
    """A value in which nothing looks like an address of the web or of mail."""
    return _DOT.sub("·", _SCHEME.sub("：", value))


def one_line(value: str) -> str:
    """A value fit for a text of one line.

    Without line breaks, and without what looks like a sender's name: 【银行】 → (银行), [Bank] → (Bank).
    """
    return " ".join(value.translate(_BRACKETS).split())


def clipped(value: str, longest: int, *, plain: bool = False) -> str:
    """The value in one line, cut where it would take more room.

    8 characters of room: 九个字的一个名字啊 → 九个字的一个名…. An emoji is never cut in half. `plain`: for
    an SMS in the GSM alphabet, where a value of its characters has twice the room: Wilhelmina Stok...
    """
    value, end = one_line(value), "…"
    if plain and _septets(value) is not None:
        longest, end = 2 * longest, "..."
    if length(value) <= longest:
        return value
    while length(value) > longest - len(end):
        value = value[:-1]
    return f"{value}{end}"
