"""The incident that a case leads, if it leads one (A16)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


class Incident(Struct, frozen=True):
    """The incident that a case leads, and what everybody was told of it last.

    The fields of its opening are those of `IncidentOpened`. `told` counts the broadcasts, the first of which
    is the opening; `text` is the last, of `told_at`. `dissolved`: it was none.
    """

    opened_at: datetime
    matter: str
    scope: str
    place: str
    until: datetime
    text: str
    told_at: datetime
    told: int = 1
    dissolved: bool = False


def after(incident: Incident | None, event: ev.Event) -> Incident | None:
    """The incident after one more event of the case that leads it."""
    match event.payload:
        case ev.IncidentOpened(matter, scope, place, until, text):
            return Incident(event.at, matter, scope, place, until, text, event.at)
        case ev.IncidentTold(text=text) if incident:
            return replace(incident, text=text, told_at=event.at, told=incident.told + 1)
        case ev.IncidentDissolved() if incident:
            return replace(incident, dissolved=True)
        case _:
            return incident


def has_led(incident: Incident | None) -> bool:
    """Whether a case leads an incident, or led one, that was one."""
    return incident is not None and not incident.dissolved
