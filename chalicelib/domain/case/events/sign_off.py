"""The events of a result that its department's head signs off first (B9, S0).

That it was signed off, `Completed` says: with it the resident is told.
"""

from msgspec import Struct


class ResultHandedIn(Struct, frozen=True):
    """The result was handed in for the signature; the resident is told nothing yet.

    `asked` are those who were asked to sign it off.
    """

    result: str
    prevention: str | None = None
    asked: tuple[str, ...] = ()


class ResultReturned(Struct, frozen=True):
    """A result went back to whoever has the work, with the reason: it is not done."""

    reason: str


class SignOffChased(Struct, frozen=True):
    """The signature under a result is missing, and a leader was told.

    `told` is the rank, `person` who holds it.
    """

    told: str
    person: str | None = None


SignOffEvent = ResultHandedIn | ResultReturned | SignOffChased
"""Every event of the signature under a result; a new payload belongs here."""
