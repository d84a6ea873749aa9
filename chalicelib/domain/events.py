"""What can happen to a case. Events are append-only, and the case is their fold (see case.py).

Payloads are plain data: strings, numbers, instants (aware UTC), deadlines. The stored type name of a
payload is its class name in snake case (`EVENT_TYPES`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.deadlines import Deadline
from chalicelib.domain.people import Actor
from chalicelib.domain.regulation import Clock


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


class CloseReason(StrEnum):
    """Why a case was closed; only `satisfied` counts as satisfaction (G7).

    `dissatisfied`: not satisfied once more, after all the returns that the regulation allows (G9).
    """

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    SILENT = "silent"
    DECIDED = "decided"
    UNTRUE = "untrue"


class RevisitOutcome(StrEnum):
    """What a revisit found; `not_reached` is an outcome of its own (G6)."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Classification:
    """What a case is about (A5, A7), and the department that this leads to."""

    kind: str
    matter: str
    category: str
    department: str
    urgency: str
    severity: str
    complexity: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported, by whom, how (A3). `phone` is E.164; `taken_by` a username or the channel's id."""

    text: str
    unit: str
    resident_name: str
    phone: str | None
    channel: Channel
    taken_by: str
    contacted_at: datetime
    email: str | None = None
    against: str | None = None
    course_of_events: str | None = None
    witnesses: str | None = None
    evidence: tuple[str, ...] = ()
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    report: Report
    classification: Classification
    regulation: str
    regulation_version: str
    zone: str
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    classification: Classification
    reason: str
    deadlines: tuple[Deadline, ...]


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
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreed:
    reason: str


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
class Completed:
    """The work is done and the resident is told (D1). `on_the_spot`: solved while it was taken (A10)."""

    result: str
    prevention: str | None = None
    on_the_spot: bool = False


@dataclass(frozen=True, slots=True)
class Rated:
    """The resident's own answer to the survey: `score` 1 to 5."""

    score: int
    satisfied: bool
    comment: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyReminded:
    key: str


@dataclass(frozen=True, slots=True)
class RevisitDrawn:
    """Somebody who had no part in the work is asked to revisit (D3, G6); None: nobody is there to ask."""

    key: str
    revisitor: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RevisitRecorded:
    """What the revisit found (D4). `manner` is `phone` or `visit`."""

    outcome: RevisitOutcome
    manner: str
    note: str | None = None
    work_inspected: str | None = None
    conduct: str | None = None
    suggestions: str | None = None
    charge_checked: bool | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A new round (D7): `cause` is rating, revisit, resident, staff or objection."""

    cause: str
    reason: str
    review_group: tuple[str, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    reason: CloseReason
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Archived:
    """The summary after the last revisit (D10)."""

    cause: str
    course: str
    result: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Found untrue (B1); the findings are explained to the resident."""

    findings: str


@dataclass(frozen=True, slots=True)
class Objected:
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    reason: str


@dataclass(frozen=True, slots=True)
class Merged:
    into: str
    reason: str


@dataclass(frozen=True, slots=True)
class Urged:
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reminded:
    """A timer reminded `person`; `key` names the timer, which fires once (G3). No clock: a revisit's."""

    key: str
    clock: Clock | None
    person: str | None


@dataclass(frozen=True, slots=True)
class MarkedOverdue:
    key: str
    clock: Clock
    person: str | None


@dataclass(frozen=True, slots=True)
class Escalated:
    """The case climbed to `role`; its `person` is told (B3, B6, B7). None: nobody is there to tell."""

    key: str
    clock: Clock | None
    role: str
    person: str | None
    reason: str | None = None


Payload = (
    Registered
    | Classified
    | Assigned
    | Signed
    | Declined
    | Started
    | Proposed
    | Agreed
    | Disagreed
    | Progressed
    | Paused
    | Resumed
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | Completed
    | Rated
    | SurveyReminded
    | RevisitDrawn
    | RevisitRecorded
    | Reopened
    | Closed
    | Archived
    | Rejected
    | Objected
    | Withdrawn
    | Merged
    | Urged
    | Reminded
    | MarkedOverdue
    | Escalated
)


def event_type(payload_class: type) -> str:
    """The stored name of a payload class: `ExtensionGranted` → `extension_granted`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", payload_class.__name__).lower()


EVENT_TYPES: Mapping[str, type[Payload]] = {event_type(one): one for one in Payload.__args__}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history. `version` counts up from 1 without gaps; `command_id` de-duplicates."""

    version: int
    at: datetime
    actor: Actor
    command: str
    command_id: str
    payload: Payload

    @property
    def type(self) -> str:
        """The stored type name, such as `signed`."""
        return event_type(type(self.payload))
