"""What can happen to a case. Events are append-only, and the case is their fold (see history.py).

Payloads are plain data: strings, numbers, instants (aware UTC), deadlines. The stored type name of a
payload is its class name in snake case (`EVENT_TYPES`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case.events.dispatch import (
    Assigned,
    Declined,
    Escalated,
    MarkedOverdue,
    Reminded,
    ReportFiled,
    Signed,
    Urged,
)
from chalicelib.domain.case.events.follow_up import (
    ANSWERED,
    Archived,
    Closed,
    CloseReason,
    Rated,
    Reopened,
    RevisitDrawn,
    RevisitOutcome,
    RevisitRecorded,
    SurveyReminded,
    WorkerNotified,
)
from chalicelib.domain.case.events.intake import (
    Channel,
    Classification,
    Classified,
    Merged,
    Registered,
    Report,
    Withdrawn,
)
from chalicelib.domain.case.events.work import (
    Agreed,
    AppointmentAgreed,
    Completed,
    Disagreed,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    Objected,
    Paused,
    PriceAsked,
    Progressed,
    Proposed,
    Rejected,
    Replanned,
    Resumed,
    Sample,
    Started,
)
from chalicelib.domain.community.roles import Actor

__all__ = [
    "ANSWERED",
    "EVENT_TYPES",
    "Agreed",
    "AppointmentAgreed",
    "Archived",
    "Assigned",
    "Channel",
    "Classification",
    "Classified",
    "CloseReason",
    "Closed",
    "Completed",
    "Declined",
    "Disagreed",
    "Escalated",
    "Event",
    "ExtensionGranted",
    "ExtensionRefused",
    "ExtensionRequested",
    "MarkedOverdue",
    "Merged",
    "Objected",
    "Paused",
    "Payload",
    "Payloads",
    "PriceAsked",
    "Progressed",
    "Proposed",
    "Rated",
    "Registered",
    "Rejected",
    "Reminded",
    "Reopened",
    "Replanned",
    "Report",
    "ReportFiled",
    "Resumed",
    "RevisitDrawn",
    "RevisitOutcome",
    "RevisitRecorded",
    "Sample",
    "Signed",
    "Started",
    "SurveyReminded",
    "Urged",
    "Withdrawn",
    "WorkerNotified",
]

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
    | Rated
    | SurveyReminded
    | RevisitDrawn
    | RevisitRecorded
    | Reopened
    | WorkerNotified
    | Closed
    | Archived
    | Rejected
    | Objected
    | Withdrawn
    | Merged
    | Urged
    | Reminded
    | MarkedOverdue
    | ReportFiled
    | Escalated
)

Payloads = tuple[Payload, ...]
"""What a command makes of a case, in order."""


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
