"""The rules of passwords, as the user pool has them (infra/resources.yaml; a test compares)."""

import re

from chalicelib.domain.errors import InvalidInputError

SHORTEST, LONGEST = 12, 256


def check_password(password: str) -> None:
    """InvalidInputError for a password that the pool would not take."""
    has_each = all(re.search(kind, password) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if not (SHORTEST <= len(password) <= LONGEST and has_each and password.strip() == password):
        raise not_within_the_rules()


def not_within_the_rules() -> InvalidInputError:
    """The error that says the rules."""
    return InvalidInputError(
        f"A password has {SHORTEST} to {LONGEST} characters, among them a capital and a small letter and a "
        "digit, and no blank at either end.",
        "password_rules",
        shortest=SHORTEST,
    )
