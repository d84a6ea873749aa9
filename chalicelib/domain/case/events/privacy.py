"""The events of personal data: erasing was asked for, and done (G24)."""

from msgspec import Struct


class ErasureAsked(Struct, frozen=True):
    """The resident asked that their data be erased, after proving the phone number (G24).

    `at_desk` is who of the desk started it at the counter; None: the resident did, on the page.
    """

    at_desk: str | None = None


class Erased(Struct, frozen=True):
    """Personal data of these kinds was erased from the case, for ever (G24).

    `because` is `retention`, when their time was over, or `request`.
    """

    kinds: tuple[str, ...]
    because: str


PrivacyEvent = ErasureAsked | Erased
"""Every event of personal data; a new payload belongs here."""
