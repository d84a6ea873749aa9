"""What can happen to a case until its work is done: from the report to the completion (see events.py)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.case.personal import PERSONAL
from chalicelib.domain.deadlines.deadline import Deadline, Moved


@dataclass(frozen=True, slots=True)
class Rejected:
    """Found untrue (B1); the findings are explained to the resident."""

    findings: str


@dataclass(frozen=True, slots=True)
class Objected:
    reason: str = field(metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class Started:
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """The department's answer (B4): cause and plan, and a price where the work costs the resident money."""

    cause: str
    plan: str
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    note: str | None = field(default=None, metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class Disagreed:
    reason: str = field(metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class AppointmentAgreed:
    """A time agreed with the resident (B11); `deadlines` are the clocks that it moves."""

    visit_at: datetime
    note: str | None = field(metadata=PERSONAL)
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """The resident wants to know what it costs before any work (C16); `deadlines` starts that clock."""

    note: str | None = field(metadata=PERSONAL)
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Progressed:
    """A note that the resident sees (B8); `deadlines` arms the next report to the resident."""

    note: str
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Paused:
    """Work waits, for a reason with evidence, until an instant within the cap (G4)."""

    reason: str
    evidence: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Resumed:
    """The pause ended, by hand or by itself; `deadlines` were planned anew."""

    note: str | None
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class ExtensionRequested:
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    until: datetime
    reason: str
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class ExtensionRefused:
    reason: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """The calendar was amended or published: these clocks end at another time, or are sure now (G1).

    `moved` are those that end at another time. `amended` is the day that was amended, and `reason` why; None
    where the calendar was published, or the case was looked at again. Read both through `amended_day`.
    """

    reason: str
    deadlines: tuple[Deadline, ...]
    moved: tuple[Moved, ...] = ()
    amended: date | None = None


def amended_day(replanned: Replanned) -> tuple[date | None, str]:
    """The day of the calendar that was amended, and the reason that was given for it."""
    if replanned.amended is not None:
        return replanned.amended, replanned.reason
    # The reader of old events: until 2026-11-29 the day stood in the text, "2026-11-24: burst main".
    day, colon, reason = replanned.reason.partition(": ")
    try:
        return date.fromisoformat(day if colon else ""), reason
    except ValueError:
        return None, replanned.reason


@dataclass(frozen=True, slots=True)
class Sample:
    """Whether a case fell into a rank's sample (D6), and all that it takes to work that out again.

    `sampled` of `pool` earlier cases of the month and severity had been taken; `share` of them is wanted. The
    `seed` names the month (`riverside:202611`); an earlier release drew lots with it as well.
    """

    rank: str
    severity: str
    taken: bool
    share: float
    seed: str
    sampled: int
    pool: int


@dataclass(frozen=True, slots=True)
class Completed:
    """The work is done and the resident is told (D1). `on_the_spot`: solved while it was taken (A10).

    `sample` is drawn with the first completion of a case that the regulation samples.
    """

    result: str
    prevention: str | None = None
    on_the_spot: bool = False
    sample: Sample | None = None


WorkEvent = (
    Started
    | Proposed
    | Agreed
    | Disagreed
    | AppointmentAgreed
    | PriceAsked
    | Progressed
    | Paused
    | Resumed
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | Replanned
    | Completed
    | Rejected
    | Objected
)
"""What can happen in this wing; a new payload belongs here."""
