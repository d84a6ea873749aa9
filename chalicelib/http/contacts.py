"""Phone numbers and mail addresses as people write them, made fit to be stored (A3)."""

import re

from chalicelib.domain.errors import InvalidInputError

CONTACTS = ("phone", "email")
"""The fields of a report by which its sender can be reached."""

LONGEST_PHONE, LONGEST_EMAIL = 40, 254
LETTERS = re.compile(r"(?:(?![\u2e80-\uffef\U00020000-\U0003ffff])[^\W\d_]|[\uff21-\uff3a\uff41-\uff5a])+")
"""Letters of any script but those of Chinese; and Latin ones of full width."""

EXTENSION_WORDS = frozenset({"ext", "extn", "extension", "x"})
"""What stands before an extension, for the library too."""

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def stored_contact(name: str, text: str, country: str) -> str:
    """A phone number or mail address, whichever `name` says, as it is stored; else InvalidInputError."""
    return e164(text, country) if name == "phone" else email_address(text)


def e164(phone: str, country: str) -> str:
    """The number in E.164; without a country code it is of `country` (ISO). Else InvalidInputError."""
    import phonenumbers  # here, because only a report with a phone number needs its tables

    wrong = InvalidInputError(
        "'phone' cannot be called; write it like 13800138000, 020-12345678 or +852 5123 4567."
    )
    if len(phone) > LONGEST_PHONE:
        raise wrong
    check_letters(phone)
    try:
        parsed = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(parsed):
        raise wrong
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def check_letters(phone: str) -> None:
    """InvalidInputError for a letter in a number, with its place.

    The library would take it for one on a telephone's keys and make another number of it: O is 6. Words of an
    extension are no such letters, nor is Chinese.
    """
    for word in LETTERS.finditer(phone):
        if word[0].casefold() not in EXTENSION_WORDS:
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
