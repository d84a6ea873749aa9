"""The events of a case: what can happen to it.

Events are append-only, and the case is their fold (fold.py). Payloads are plain data: strings, numbers,
instants (aware UTC), deadlines. Those of a wing stand in its file, with their union. The stored type name of
a payload is its class name in snake case (`EVENT_TYPES`).
"""

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.events.acceptance import *
from chalicelib.domain.case.events.acceptance import AcceptanceEvent
from chalicelib.domain.case.events.agreement import *
from chalicelib.domain.case.events.agreement import AgreementEvent
from chalicelib.domain.case.events.alarm import *
from chalicelib.domain.case.events.alarm import AlarmEvent
from chalicelib.domain.case.events.calls import *
from chalicelib.domain.case.events.calls import CallEvent
from chalicelib.domain.case.events.dispatch import *
from chalicelib.domain.case.events.dispatch import DispatchEvent
from chalicelib.domain.case.events.files import *
from chalicelib.domain.case.events.files import FileEvent
from chalicelib.domain.case.events.follow_up import *
from chalicelib.domain.case.events.follow_up import FollowUpEvent
from chalicelib.domain.case.events.incident import *
from chalicelib.domain.case.events.incident import IncidentEvent
from chalicelib.domain.case.events.intake import *
from chalicelib.domain.case.events.intake import IntakeEvent
from chalicelib.domain.case.events.malicious import *
from chalicelib.domain.case.events.malicious import MaliciousEvent
from chalicelib.domain.case.events.measures import *
from chalicelib.domain.case.events.measures import MeasureEvent
from chalicelib.domain.case.events.money import *
from chalicelib.domain.case.events.money import MoneyEvent
from chalicelib.domain.case.events.newer import Newer as Newer
from chalicelib.domain.case.events.order import *
from chalicelib.domain.case.events.order import OrderEvent
from chalicelib.domain.case.events.privacy import *
from chalicelib.domain.case.events.privacy import PrivacyEvent
from chalicelib.domain.case.events.reply import *
from chalicelib.domain.case.events.reply import ReplyEvent
from chalicelib.domain.case.events.sign_off import *
from chalicelib.domain.case.events.sign_off import SignOffEvent
from chalicelib.domain.case.events.telling import *
from chalicelib.domain.case.events.telling import TellingEvent
from chalicelib.domain.case.events.work import *
from chalicelib.domain.case.events.work import WorkEvent
from chalicelib.domain.community.roles import Actor

Payload = (
    IntakeEvent
    | CallEvent
    | IncidentEvent
    | DispatchEvent
    | AlarmEvent
    | AgreementEvent
    | WorkEvent
    | SignOffEvent
    | AcceptanceEvent
    | OrderEvent
    | TellingEvent
    | ReplyEvent
    | FileEvent
    | FollowUpEvent
    | MaliciousEvent
    | MeasureEvent
    | MoneyEvent
    | PrivacyEvent
    | Newer
)

Payloads = tuple[Payload, ...]
"""The payloads of one command's events, in order."""


def event_type(payload_class: type) -> str:
    """The stored name of a payload class: `ExtensionGranted` → `extension_granted`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", payload_class.__name__).lower()


EVENT_TYPES: Mapping[str, type[Payload]] = {
    event_type(kind): kind for kind in Payload.__args__ if kind is not Newer
}
"""Every kind of event that this release writes, by its stored name."""


class Event(Struct, frozen=True):
    """One line of a case's history.

    `version` counts up from 1 without gaps; `command_id` and `form_id` let a repeated command be
    recognised, and told from another form under the same id.
    """

    version: int
    at: datetime
    actor: Actor
    command: str
    command_id: str
    payload: Payload
    form_id: str = ""

    @property
    def type(self) -> str:
        """The stored type name, such as `signed`."""
        return event_type(type(self.payload))
