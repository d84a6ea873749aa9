"""The events of what somebody else looks at before the resident reads it (B5, B9).

The department's head signs a result off (S0): that it was, `Completed` says. The desk confirms a plan (S3):
that it was, `Proposed` says. With these the resident is told.
"""

from msgspec import Struct

from chalicelib.domain.case.events.agreement import Listed


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


class PlanHandedIn(Struct, frozen=True):
    """A plan was handed in for the desk to confirm; the resident is told nothing yet (B5).

    `asked` are those who were asked to look at it; the other fields are those of `Proposed`.
    """

    cause: str
    plan: str
    price_fen: int | None = None
    listed: Listed | None = None
    material_fen: int | None = None
    asked: tuple[str, ...] = ()


class PlanReturned(Struct, frozen=True):
    """The desk sent a plan back to the department, with the reason; the resident has not read it (B5)."""

    reason: str


class PlanChased(Struct, frozen=True):
    """A plan waits unconfirmed, and the desk was told again, or a leader.

    `told` is the rank, `person` who holds it.
    """

    told: str
    person: str | None = None


SignOffEvent = ResultHandedIn | ResultReturned | SignOffChased | PlanHandedIn | PlanReturned | PlanChased
"""Every event of what is looked at first; a new payload belongs here."""
