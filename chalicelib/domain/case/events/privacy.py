"""The events of personal data: erasing was asked for, and done (G24)."""

from msgspec import Struct

from chalicelib.domain.deadlines.deadline import Deadline


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


class CareWithdrawn(Struct, frozen=True):
    """The consent to note a need for help was taken back: who had given it, and when, is gone (G15).

    `deadlines` are all clocks as they are now: nobody has less time promised, and nothing is asked any more
    because of the note. `at_desk` as in `ErasureAsked`; None too where a colleague did it on the case.
    """

    deadlines: tuple[Deadline, ...] = ()
    at_desk: str | None = None


PrivacyEvent = ErasureAsked | Erased | CareWithdrawn
"""Every event of personal data; a new payload belongs here."""
