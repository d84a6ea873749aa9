"""Telephone numbers as they are stored: who can get an SMS, and an extension behind a switchboard (G8).

A stored number is E.164, with `;ext=` and the digits of an extension where it has one, as
`+862161234567;ext=801`. It was found valid when it was taken down (http/contacts.py), so its leading digits
say what it is.
"""

import re
from collections.abc import Mapping

EXTENSION = ";ext="
"""What stands between a stored number and its extension, as in a `tel:` address (RFC 3966)."""

MOBILES = {
    "1": r"(?!8(?:00|33|44|55|66|77|88)|900)",  # mobiles and landlines share their numbers; not freephone
    "7": r"9|7[04-7]",
    "33": r"[67]",
    "34": r"[67]",
    "39": r"3",
    "44": r"7(?:[1-57-9]|624)",
    "49": r"1[567]",
    "61": r"4",
    "65": r"[89]",
    "81": r"[6-9]0",
    "82": r"1[016-9]",
    "84": r"[35789]",
    "86": r"1[3-9]",
    "852": r"[4-79]|8[4-9]",
    "853": r"6",
    "886": r"9",
}
"""Calling code → how the numbers begin that can get an SMS. Of a country that is not here, any may."""


def can_get_sms(phone: str | None) -> bool:
    """Whether an SMS to a stored number can reach somebody.

    Not at a landline, a 400 or 800 number, or an extension. It is the one place that decides this.
    """
    if not phone or EXTENSION in phone:
        return False
    number = phone.removeprefix("+")
    code = next((code for code in MOBILES if number.startswith(code)), "")  # none begins another
    return re.match(MOBILES.get(code, ""), number.removeprefix(code)) is not None


def can_be_written_to(phone: str | None, email: str | None) -> bool:
    """Whether a message can reach whoever has this phone and mail address; else somebody has to call."""
    return can_get_sms(phone) or bool(email)


AT_HOME: Mapping[str, str] = {"CN": "86", "HK": "852", "MO": "853", "TW": "886", "SG": "65"}
"""Country (ISO) → the code that nobody at home dials."""

PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "86": (
        (r"(1[3-9]\d)(\d{4})(\d{4})", ""),
        (r"([48]00)(\d{3})(\d{4})", ""),
        (r"(10|2\d)(\d{3,4})(\d{4})", "0"),
        (r"(\d{3})(\d{3,4})(\d{4})", "0"),
    ),
    "886": ((r"(9\d\d)(\d{3})(\d{3})", "0"), (r"(37|49|8[29]|\d)(\d{3,4})(\d{3,4})", "0")),
    "1": ((r"(\d{3})(\d{3})(\d{4})", ""),),
}
"""Calling code → how its numbers are read, in parts, and what is dialled before them at home."""


def readable(stored: str, country: str) -> str:
    """A stored number as people of a country read it, without its extension: 139 0000 1234 at home.

    From elsewhere it has its country's code, `+852 5123 4567`. What is no stored number stays: 138****1234.
    """
    number = stored.partition(EXTENSION)[0]
    if not re.fullmatch(r"\+\d+", number):
        return number
    code = next((code for code in (*MOBILES, *AT_HOME.values()) if number[1:].startswith(code)), "")
    rest, is_home = number[1 + len(code) :], AT_HOME.get(country) == code
    for pattern, before in PARTS.get(code, ()):
        if parts := re.fullmatch(pattern, rest):
            first, *others = parts.groups()
            return " ".join((f"{before}{first}" if is_home else f"+{code} {first}", *others))
    groups = " ".join(re.findall(r".{1,4}", rest[::-1]))[::-1]
    return groups if is_home else f"+{code} {groups}".replace("+ ", "+")
