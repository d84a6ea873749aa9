"""The events of the intake: reported, classified, withdrawn, merged."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case.personal import Personal, Who
from chalicelib.domain.deadlines.deadline import Deadline, Moved
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED


class Channel(StrEnum):
    """How a case came in (A1)."""

    WALK_IN = "walk_in"
    HOTLINE_OPERATOR = "hotline_operator"
    HOTLINE_IVR = "hotline_ivr"
    LETTER = "letter"
    FAX = "fax"
    EMAIL = "email"
    WEB = "web"
    WECHAT = "wechat"
    APP = "app"
    SUGGESTION_BOX = "suggestion_box"


class Classification(Struct, frozen=True):
    """What a case is about (A5, A7), and the department for it.

    `care`: the resident needs it, and has agreed that this is noted (G15). `nature` is of complaints only:
    each is valid until somebody has found that it is communicative. Where nobody has said yet what it is
    about, `matter` and `category` are `unsorted`, and so is `kind` unless that was said.
    """

    kind: str
    matter: str
    category: str
    department: str
    urgency: str
    severity: str
    complexity: str
    care: bool = False
    nature: str = "valid"

    @property
    def is_sorted(self) -> bool:
        """Whether somebody has said what it is about; only then is it dispatched (A7)."""
        return self.matter != UNSORTED


class Report(Struct, frozen=True):
    """What was reported, by whom and how (A3).

    `phone` is E.164, with `;ext=801` where it has an extension; `taken_by` a username or the channel's id;
    `follows` the number of an earlier case. `contacted_at` is when the resident got in touch; None if nobody
    said (A2). `left_out` is what a machine sent and could not be taken, each as `field: value`.
    `may_be_named`: the resident agrees to be named if a suggestion is adopted (A13).

    `about` are the staff whom it is about, by username; `about_person` describes one (G13). `shielded`: the
    resident wants whoever works on it not to learn who reported it.

    `sent_from` is a keyed hash of a stranger's network and the day: one stranger is told from others (C3).

    `text`, `unit` and `resident_name` are None while nobody knows them: a caller says what they say (G7).
    `call` is the id of the telephone call, as its exchange has it; `recordings` say where it can be heard.
    `unfinished`: it has not come to its end, so whoever reads this later finds it broken off. `language` is
    that in which the resident reported, and is written to where there are messages in it; empty where nobody
    knows. `files` are the names of what was handed in with it (case/files.py). `in_writing`: it came as
    a letter, or whoever reported it wants the answer in writing (A12). `care_by` agreed on `care_on` that the
    need for help is noted (G15).
    """

    text: Personal[str | None]
    unit: Who[str | None]
    resident_name: Who[str | None]
    phone: Who[str | None]
    channel: Channel
    taken_by: str
    contacted_at: datetime | None
    email: Who[str | None] = None
    against: Personal[str | None] = None
    course_of_events: Personal[str | None] = None
    witnesses: Personal[str | None] = None
    evidence: Personal[tuple[str, ...]] = ()
    follows: str | None = None
    left_out: Personal[tuple[str, ...]] = ()
    may_be_named: bool = False
    about: tuple[str, ...] = ()
    about_person: Personal[str | None] = None
    sent_from: Personal[str | None] = None
    shielded: bool = False
    call: str | None = None
    recordings: tuple[str, ...] = ()
    unfinished: bool = False
    language: str = ""
    files: tuple[str, ...] = ()
    in_writing: bool = False
    care_by: Who[str | None] = None
    care_on: date | None = None


class Proposal(Struct, frozen=True):
    """What the triage made of the words of a report, before anybody decided (A8).

    `matter` is `unsorted` where it was not sure. The confidences are from 0 to 1; `words` are those of the
    report that led to the matter. `danger` are the signs of an emergency, as the lexicon has them: no words
    of the resident. `second` is another matter in the same words.
    """

    kind: str
    matter: str
    urgency: str
    severity: str
    kind_confidence: float
    matter_confidence: float
    urgency_confidence: float
    words: Personal[tuple[str, ...]] = ()
    danger: tuple[str, ...] = ()
    second: str | None = None


class Registered(Struct, frozen=True):
    """The case was registered: its first event.

    It has the report, the classification, and the deadlines of the clocks that begin. `regulation` and its
    version are those that the case keeps (G2); `zone` is the community's. `proposal` is what the triage made
    of the report; None where it read nothing. `offered` is the case that leads an incident which this may be
    a report of: whoever reported it, or the desk, says so (A16).
    """

    report: Report
    classification: Classification
    regulation: str
    regulation_version: str
    zone: str
    deadlines: tuple[Deadline, ...]
    proposal: Proposal | None = None
    offered: str | None = None


class Classified(Struct, frozen=True):
    """The classification was corrected (A8), or an unsorted report sorted (A7).

    `deadlines` are all clocks as they are now; `moved` says which of them ended at another time before.
    `sorts`: until then nobody had said what it is about; its `reason` may be empty. `kept` are the promises
    that by this classification would end later, or be gone, and stay until the manager agrees (B7).
    `care_by` and `care_on` as in the report: who agreed that a need for help is noted.
    """

    classification: Classification
    reason: str
    deadlines: tuple[Deadline, ...]
    moved: tuple[Moved, ...] = ()
    sorts: bool = False
    kept: tuple[Clock, ...] = ()
    care_by: Who[str | None] = None
    care_on: date | None = None


class ClassificationJudged(Struct, frozen=True):
    """In the audit somebody else found the classification `right`, or said what would have been (A8).

    `stood` is the classification that was judged; what differs from it is given, the rest was right.
    """

    right: bool
    stood: Classification
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    note: str | None = None


class Withdrawn(Struct, frozen=True):
    """The resident, or the desk by the resident's word, withdrew the case (spoken_to: agreement.py)."""

    reason: Personal[str]
    spoken_to: Personal[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class Merged(Struct, frozen=True):
    """The case was merged into that of the number `into`.

    `incident`: it was joined to the incident that the other leads, so that its end is this one's (A16).
    """

    into: str
    reason: str
    incident: bool = False


class Joined(Struct, frozen=True):
    """The case `joining` was merged into this one (A16); its resident hears what becomes of it."""

    joining: str


class Parted(Struct, frozen=True):
    """The case `parting` is merged into this one no more (A16): it goes on as a case of its own."""

    parting: str


class ResultShared(Struct, frozen=True):
    """What became of the case that this one was merged into (A16).

    `into` is the last case of the chain, `in_round` its round; `outcome` is `completed`, `reopened`,
    `objected`, `referred` or `ended`; or `news`, the broadcast of the incident that has that number. `twice`:
    the same resident hears it by another case of theirs, so that nothing is sent.
    """

    into: str
    in_round: int
    outcome: str
    news: int = 0
    twice: bool = False


class Identified(Struct, frozen=True):
    """Somebody said whom of the staff the complaint is about (G13); None: nobody of them."""

    person: str | None
    reason: str


class TakenBack(Struct, frozen=True):
    """The case left the hands of the `handler`, who is kept away from it now; it is assigned anew (G13)."""

    handler: str


IntakeEvent = (
    Registered
    | Classified
    | ClassificationJudged
    | Identified
    | TakenBack
    | Withdrawn
    | Merged
    | Joined
    | Parted
    | ResultShared
)
"""Every event of the intake; a new payload belongs here."""
