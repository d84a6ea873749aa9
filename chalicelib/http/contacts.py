"""Phone numbers and mail addresses as people write them, made fit to be stored (A3)."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.community.phones import EXTENSION, can_get_sms
from chalicelib.domain.errors import InvalidInputError

CONTACTS = ("phone", "email")
"""The fields of a report by which its sender can be reached."""

LONGEST_PHONE, LONGEST_EMAIL = 40, 254
MARKED = re.compile(
    r"(.*?\d[\s)]*?)\s*(?:;?ext(?:ension|n|\.)?\s*[=:.]?|[x#,*;]|转接?(?:分机号?)?|分机号?|内线)\s*:?\s*(\d{1,8})\s*#?",
    re.IGNORECASE,
)
"""A number and an extension with a mark between them, as people write it."""
DASHED = re.compile(r"(.*\d)\s*[-\u2010-\u2015\u2212/]\s*(\d{1,6})")
"""A number and what may be its extension: only where the whole is no number."""
NO_COUNTRY = "001"
"""What the library calls the region of satellites and of other numbers of the whole world."""
COSTLY = frozenset({4, 7, 8})
"""The library's types of numbers whose caller pays more: premium-rate, personal, pagers."""
LETTERS = re.compile(r"(?:(?![\u2e80-\uffef\U00020000-\U0003ffff])[^\W\d_]|[\uff21-\uff3a\uff41-\uff5a])+")
"""Letters of any script but those of Chinese; and Latin ones of full width."""

NO_LETTERS = frozenset({"ext", "extn", "extension", "x", "tel"})
"""The words that a number may have: before it, and before its extension."""

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def stored_contact(name: str, text: str, country: str, only: tuple[str, ...] = ()) -> str:
    """A phone number or mail address, whichever `name` says, as it is stored; else InvalidInputError."""
    return stored_phone(text, country, only) if name == "phone" else email_address(text)


def with_stored_phone(form: Any, country: str) -> Any:
    """The form of a command, with its phone number as it is stored."""
    phone = getattr(form, "phone", None)
    return form if phone is None else replace(form, phone=stored_phone(phone, country))


def stored_phone(phone: str, country: str, only: tuple[str, ...] = ()) -> str:
    """The number in E.164 with its extension (`+862161234567;ext=801`); else InvalidInputError.

    Without a country code it is of `country` (ISO). `only` are the countries whose numbers are taken, all if
    none is named. A number that costs whoever calls it, or of a satellite, is taken from nobody.
    """
    import phonenumbers  # here, because only a report with a phone number needs its tables

    check_letters(phone)
    written = unicodedata.normalize("NFKC", phone).strip()
    for number, extension in _readings(written) if len(phone) <= LONGEST_PHONE else ():
        if any(character.isalpha() for character in number.removeprefix("tel:")):
            continue
        try:
            parsed = phonenumbers.parse(number, country)
        except phonenumbers.NumberParseException:
            continue
        if parsed.extension or not phonenumbers.is_valid_number(parsed):
            continue
        plain = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
        if extension and not MARKED.fullmatch(written) and can_get_sms(plain):
            continue  # a dash and some digits behind a mobile number: a slip, for it has no switchboard
        _check_cost(parsed, only)
        return f"{plain}{EXTENSION}{extension}" if extension else plain
    raise InvalidInputError(
        "'phone' cannot be called; write it like 13800138000, 020-12345678, 020-12345678 转 801 "
        "or +852 5123 4567."
    )


def _check_cost(parsed: Any, only: tuple[str, ...]) -> None:
    """InvalidInputError for a number that costs more, or is of a country never written to."""
    import phonenumbers

    region = str(phonenumbers.region_code_for_number(parsed))
    if region == NO_COUNTRY or phonenumbers.number_type(parsed) in COSTLY:
        raise InvalidInputError(
            "'phone' is a premium-rate or satellite number, which the desk does not call; give a mobile "
            "number or a landline.",
            "phone_costs",
        )
    if only and region not in only:
        raise InvalidInputError(
            f"'phone' is a number of {region}; the desk writes and calls numbers of: {', '.join(only)}. Give "
            "one of those, or a mail address, or call the desk.",
            "phone_abroad",
            countries=", ".join(only),
        )


def _readings(written: str) -> Iterator[tuple[str, str]]:
    """What the text can mean, most likely first: (number, extension)."""
    if marked := MARKED.fullmatch(written):
        yield marked[1], marked[2]
        return
    yield written, ""
    if dashed := DASHED.fullmatch(written):
        yield dashed[1], dashed[2]


def check_letters(phone: str) -> None:
    """InvalidInputError for a letter in a number, with its place.

    The library would take it for one on a telephone's keys and make another number of it: O is 6. Words of an
    extension are no such letters, nor is Chinese.
    """
    for word in LETTERS.finditer(phone):
        if word[0].casefold() not in NO_LETTERS:
            place, letter = word.start() + 1, word[0][0]
            raise InvalidInputError(
                f"'phone' has the letter '{letter}' at character {place}; write the number in digits.",
                "letter_in_phone",
                place=place,
                letter=letter,
            )


def email_address(address: str) -> str:
    """The mail address, if it has the form of one.

    Whether somebody reads it is not known.
    """
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address) or ".." in address:
        raise InvalidInputError("'email' is not a mail address; write it like name@example.com.")
    return address
