"""Who gets the case, who hears of it, and what timers say when it is late."""

from dataclasses import dataclass, field

from chalicelib.domain.case.personal import PERSONAL
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.timer_key import StoredKey
from chalicelib.domain.regulation.limits import Clock


@dataclass(frozen=True, slots=True)
class Reminded:
    """A timer reminded `person`; `key` names the timer, which fires once (G3). No clock: a revisit's."""

    key: StoredKey
    clock: Clock | None
    person: str | None


@dataclass(frozen=True, slots=True)
class MarkedOverdue:
    """A clock ran out; `deadlines` starts that of the written report, where lateness calls for one (B6)."""

    key: StoredKey
    clock: Clock
    person: str | None
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFiled:
    """The written report on a serious case, for the superior (B6): how it went, why, what follows."""

    course: str
    cause: str
    measures: str
    next_steps: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """The case climbed to `role`; its `person` is told (B3, B6, B7). None: nobody is there to tell."""

    key: StoredKey
    clock: Clock | None
    role: str
    person: str | None
    reason: str | None = field(default=None, metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class Assigned:
    """`reason` says by which rule or why; `deadlines` starts the clock of the signature."""

    handler: str
    department: str
    reason: str
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """The electronic signature (B2): who and when are the event's own; `signature` is the name as typed."""

    signature: str


@dataclass(frozen=True, slots=True)
class Declined:
    reason: str


@dataclass(frozen=True, slots=True)
class Urged:
    note: str | None = field(default=None, metadata=PERSONAL)


DispatchEvent = Assigned | Signed | Declined | Urged | Reminded | MarkedOverdue | ReportFiled | Escalated
"""What can happen in this wing; a new payload belongs here."""
