"""The events of the dispatch: assigning, signing, reminding, escalating."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import StoredKey
from chalicelib.domain.regulation.limits import Clock


class Reminded(Struct, frozen=True):
    """A timer reminded `person` of a clock; no clock: of a revisit.

    `key` names the timer, which fires once (G3). No person: nobody was told, as a later timer tells more, or
    nobody is there.
    """

    key: StoredKey
    clock: Clock | None
    person: str | None


class MarkedOverdue(Struct, frozen=True):
    """A clock ran out, and `person` was told.

    `deadlines` has the clock of the written report, where being late starts it (B6).
    """

    key: StoredKey
    clock: Clock
    person: str | None
    deadlines: tuple[Deadline, ...] = ()


class ReportFiled(Struct, frozen=True):
    """A written report on a serious or unsolved case was filed for the superior (B6)."""

    course: str
    cause: str
    measures: str
    next_steps: str


class Escalated(Struct, frozen=True):
    """The case climbed to the rank `role`, whose `person` is told (B3, B6, B7).

    No person: nobody is there to tell. No clock: by hand, for a revisit, or after the last return; `key` says
    which. `deadlines` has the clock of the written report, where climbing so high starts it (B6).
    """

    key: StoredKey
    clock: Clock | None
    role: str
    person: str | None
    reason: Personal[str | None] = None
    deadlines: tuple[Deadline, ...] = ()


class Assigned(Struct, frozen=True):
    """The case was given to a handler.

    `reason` says by which rule or why; `deadlines` has the clock of the signature, and others that begin now.
    """

    handler: str
    department: str
    reason: str
    deadlines: tuple[Deadline, ...] = ()


class Signed(Struct, frozen=True):
    """The handler signed for the case electronically (B2).

    `signature` is the name as typed; who signed and when are the event's own.
    """

    signature: str


class Declined(Struct, frozen=True):
    """The handler declined the case; it is to be assigned anew (B2)."""

    reason: str


class Urged(Struct, frozen=True):
    """The resident, or the desk by the resident's word, urged (spoken_to: agreement.py)."""

    note: Personal[str | None] = None
    spoken_to: Personal[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


DispatchEvent = Assigned | Signed | Declined | Urged | Reminded | MarkedOverdue | ReportFiled | Escalated
"""Every event of the dispatch; a new payload belongs here."""
