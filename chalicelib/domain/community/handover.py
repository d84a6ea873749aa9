"""What one shift hands over to the next: notes and open matters, signed for by both (B14, S4)."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

LONGEST_NOTES = 2000


class Handover(Struct, frozen=True):
    """One handover of a department.

    Whoever goes off duty has written and signed it (`by`, `at`), for `to`; `signed_by` is the colleague who
    took over. `numbers` are the cases that were open then. `id` is the instant at which its form was drawn
    and its writer, so that a form that was sent twice is one handover.
    """

    id: str
    department: str
    by: str
    to: str
    at: datetime
    notes: str
    numbers: tuple[str, ...] = ()
    signed_by: str | None = None
    signed_at: datetime | None = None


class HandoverForm(Struct, frozen=True):
    """The form of a handover: how long its notes may be says how large a request is."""

    notes: Annotated[str, Meta(extra={"longest": LONGEST_NOTES})]


class Unsigned(Struct, frozen=True):
    """A handover that nobody has signed for yet: it stands with its community, without its words."""

    id: str
    department: str
    by: str
    to: str
    at: datetime
