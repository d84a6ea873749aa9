"""The events of the work: pauses, extensions, completion, findings.

What is agreed with the resident is in agreement.py.
"""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal
from chalicelib.domain.deadlines.deadline import Deadline, Moved


class Verified(Struct, frozen=True):
    """A complaint was looked into: what it was found to be, and by what (B1).

    `finding` is one of `FINDINGS`.
    """

    finding: str
    note: str


class Rejected(Struct, frozen=True):
    """The case was found untrue (B1); the findings are explained to the resident."""

    findings: str


class Objected(Struct, frozen=True):
    """The resident, or the desk by the resident's word, objected to the findings (B1).

    `deadlines` has the clock of the manager's decision.
    """

    reason: Personal[str]
    deadlines: tuple[Deadline, ...] = ()
    spoken_to: Personal[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class Referred(Struct, frozen=True):
    """The resident was told that somebody else has to solve it, and who (B1).

    `to` is whom they were sent to; `explanation` what they were told.
    """

    to: str
    explanation: str


class Arrived(Struct, frozen=True):
    """Whoever has the work stands at the place; it need not have begun (B10, B11)."""

    note: str | None = None


class Started(Struct, frozen=True):
    """The work was started (B4): somebody came, who says so."""

    note: str | None = None


class Progressed(Struct, frozen=True):
    """News of the work were written for the resident (B8).

    `unheard`: they leave as a message and count when that has left (telling.py). Until 2026-11-29 they
    counted as soon as they were written, and `deadlines` had the clock of the next news.
    """

    note: str
    deadlines: tuple[Deadline, ...] = ()
    unheard: bool = False


class Paused(Struct, frozen=True):
    """The work was paused until an instant within the cap (G4).

    `evidence` says what proves the reason.
    """

    reason: str
    evidence: str
    until: datetime


class Resumed(Struct, frozen=True):
    """The pause ended, by hand or by itself.

    `deadlines` are the clocks that it has put off.
    """

    note: str | None
    deadlines: tuple[Deadline, ...]


class ExtensionRequested(Struct, frozen=True):
    """More time to solve was asked of the manager (G5)."""

    until: datetime
    reason: str


class ExtensionGranted(Struct, frozen=True):
    """The manager granted more time to solve (G5)."""

    until: datetime
    reason: str
    deadlines: tuple[Deadline, ...]


class ExtensionRefused(Struct, frozen=True):
    """The manager refused more time to solve (G5)."""

    reason: str


class Replanned(Struct, frozen=True):
    """The calendar changed the deadlines of the case (G1).

    It was amended or published: `deadlines` end at another time, or are sure now; `moved` are those that end
    at another time. `amended` is the day that was amended, and `reason` why; None where the calendar was
    published, or the case was looked at again. Read both through `amended_day`.
    """

    reason: str
    deadlines: tuple[Deadline, ...]
    moved: tuple[Moved, ...] = ()
    amended: date | None = None


def amended_day(replanned: Replanned) -> tuple[date | None, str]:
    """The amended day of the calendar, and the reason that was given."""
    if replanned.amended is not None:
        return replanned.amended, replanned.reason
    # The reader of old events: until 2026-11-29 the day stood in the text, "2026-11-24: burst main".
    day, colon, reason = replanned.reason.partition(": ")
    try:
        return date.fromisoformat(day if colon else ""), reason
    except ValueError:
        return None, replanned.reason


class Sample(Struct, frozen=True):
    """The lot that decided whether a case falls into a rank's sample (D6).

    It can be worked out again: `sampled` of `pool` earlier cases of the month and severity had been taken;
    `share` of them is wanted. Share 0.5, 2 of 4 taken → this one is `taken`. The `seed` names the month
    (`riverside:202611`); an earlier release drew lots with it as well.
    """

    rank: str
    severity: str
    taken: bool
    share: float
    seed: str
    sampled: int
    pool: int


class SuggestionDecided(Struct, frozen=True):
    """The manager has decided on a suggestion (A13); what the resident is told is the result of the case."""

    adopted: bool


class Completed(Struct, frozen=True):
    """The work was completed, and the resident is told (D1).

    `on_the_spot`: solved while the report was taken (A10). `sample` is drawn with the first completion of a
    case that the regulation samples. `revisits` is how many the regulation asks for now (D2), and
    `survey_stands` whether a satisfied answer to the survey stands for one of them; None: not on record.
    `unheard`: the resident hears of it by a message (telling.py). `incident` is the case by whose work it was
    solved (A16); of its reports a sample is `surveyed`, the others are told and not asked. `twice` as in
    `ResultShared`. `accepted_by` is what proves the work to whoever accepts it (case/acceptance.py); None:
    nobody has to (B9, B13). `common`: it is at a common part, where a colleague accepts it. `signed_off`:
    whoever completed it has signed the result off, as head of the department or in the head's place;
    `done_by` had handed it in at `done_at`, None where they did it themselves. Of a letter that has left and
    answers an inquiry, `done_by` is its drafter.
    """

    result: str
    prevention: str | None = None
    on_the_spot: bool = False
    sample: Sample | None = None
    revisits: int | None = None
    survey_stands: bool = False
    unheard: bool = False
    incident: str | None = None
    surveyed: bool = True
    twice: bool = False
    accepted_by: str | None = None
    common: bool = False
    signed_off: bool = False
    done_by: str | None = None
    done_at: datetime | None = None


WorkEvent = (
    Arrived
    | Started
    | Progressed
    | Paused
    | Resumed
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | Replanned
    | SuggestionDecided
    | Completed
    | Verified
    | Rejected
    | Objected
    | Referred
)
"""Every event of the work; a new payload belongs here."""
