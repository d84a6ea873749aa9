"""Telephone numbers as they are stored: who can get an SMS, and an extension behind a switchboard (G8).

A stored number is E.164, with `;ext=` and the digits of an extension where it has one, as
`+862161234567;ext=801`. It was found valid when it was taken down (http/contacts.py), so its leading digits
say what it is.
"""

import re

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
