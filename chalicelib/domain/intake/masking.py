"""The masking of whoever reported, in texts that others will read (A16, E8)."""

import re
import unicodedata

from chalicelib.domain.case.events import Report
from chalicelib.domain.community.phones import EXTENSION
from chalicelib.domain.community.units import DIGITS, NAMES_OF_PARTS, PART

MASK = "…"

HIDDEN_UNIT = "*"
"""What stands for a unit that its reader is not shown."""

_GAP = r"[\s().·\-‐-―]{0,3}"
_BETWEEN = rf"(?:[\s\-‐-―_/.,、#]|{NAMES_OF_PARTS.pattern}){{0,4}}"
_ROOM = "[室号户房家號]"
_FLOOR = r"\s*[楼层樓層]\s*的?0?"
_OTHERS_BUILDING = r"(?<!\d[\-‐-―_/栋幢座棟號号])"
_SPELLED = {
    value: f"[{value}{''.join(word for word, digit in DIGITS.items() if digit == value)}]"
    for value in "0123456789"
} | {"1": "[1一幺]"}
"""Each digit, and the characters by which it is told in words."""
SHORTEST_ROOM = 3
"""A number of so many digits, alone, is taken for the room; of fewer it may count anything."""
_ADDRESSED = "(?:先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大姐|奶奶|爷爷|老师|师傅|某某?|家)"
_TAIL = 7
"""So many of a number's last digits are the number, with or without the codes before them."""


def masked(text: str, report: Report) -> str:
    """The text with `…` for the unit, name, phone and mail of a report.

    Rather too much is taken out than too little. What another person is called, or a flat in words alone, no
    rule finds: whoever writes is told who reads it.
    """
    plain = unicodedata.normalize("NFKC", text)
    hidden = plain
    for pattern in (
        *_email(report.email),
        *_phone(report.phone),
        *_name(report.resident_name),
        *_unit(report.unit),
    ):
        hidden = re.sub(pattern, MASK, hidden, flags=re.IGNORECASE)
    return text if hidden == plain else hidden


def _email(email: str | None) -> tuple[str, ...]:
    return (re.escape(email),) if email else ()


def _phone(phone: str | None) -> tuple[str, ...]:
    number, _, extension = (phone or "").partition(EXTENSION)
    digits = re.sub(r"\D", "", number)
    if not digits:
        return ()
    spelled = _GAP.join(digits[-_TAIL:])
    behind = rf"(?:\D{{0,4}}{extension}(?!\d))?" if extension else ""
    return (rf"(?:\+?\d{_GAP}){{0,8}}{spelled}{behind}",)


def _name(name: str | None) -> tuple[str, ...]:
    spelled = unicodedata.normalize("NFKC", name or "").strip()
    if not spelled:
        return ()
    if spelled.isascii():
        return (r"(?<![a-z0-9])" + r"\s*".join(map(re.escape, spelled.split())) + r"(?![a-z0-9])",)
    whole = r"\s*".join(re.escape(character) for character in spelled if not character.isspace())
    return whole, rf"[老小]?{re.escape(spelled[0])}{_ADDRESSED}"


def _unit(unit: str | None) -> tuple[str, ...]:
    """The unit as it was typed, in other spellings, and its room alone."""
    typed = unicodedata.normalize("NFKC", unit or "").strip()
    parts = PART.findall(NAMES_OF_PARTS.sub("-", typed.casefold()))
    if not typed or not parts:
        return ()
    last = parts[-1]
    found = [] if typed.isdigit() and len(typed) < SHORTEST_ROOM else [rf"(?<!\d){re.escape(typed)}(?!\d)"]
    for place, first in enumerate(parts[:-1]):
        inner = "".join(rf"(?:{part}{_BETWEEN})?" for part in parts[place + 1 : -1])
        found.append(rf"(?<!\d){first}{_BETWEEN}{inner}{last}(?!\d)\s*{_ROOM}?")
    if last.isdigit():
        found.append(rf"(?<!\d){last}\s*(?:{_ROOM}|(?={MASK}))")
        if len(last) >= SHORTEST_ROOM:
            found += _room(last)
    return tuple(found)


def _room(room: str) -> tuple[str, ...]:
    """A room by its number alone: 1402, 一四零二, 14楼02. Behind another building it is somebody else's."""
    spelled = "".join(_SPELLED[digit] for digit in room)
    floor, door = room[:-2], room[-2:].lstrip("0") or "0"
    on_its_floor = rf"(?<!\d){floor}{_FLOOR}{door}(?!\d)\s*{_ROOM}?"
    return on_its_floor, rf"(?<!\d){_OTHERS_BUILDING}{spelled}(?!\d)\s*{_ROOM}?"


def masked_name(name: str) -> str:
    """`张**` for 张三丰: the first character tells colleagues apart whom they speak of."""
    return f"{name.strip()[:1]}**"


def masked_phone(phone: str) -> str:
    """`138****1234` for a number as it is stored: its first three digits, and the last four."""
    digits = re.sub(r"\D", "", phone.partition(EXTENSION)[0]).removeprefix("86")
    return f"{digits[:3]}****{digits[-4:]}"


def masked_email(email: str) -> str:
    """`w***@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}***@{host}"
