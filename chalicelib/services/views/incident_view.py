"""An incident as people read it: what, where, since when, and what was said of it last (A16)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.masking import masked
from chalicelib.services.desk import Desk
from chalicelib.services.views.names import matter_name


class IncidentView(Struct, frozen=True):
    """An incident, for whoever reported it and for staff; nothing in it is of who reported it.

    `number` and `state` are of the case that leads it. `scope` and `place` say where, the place as units are
    written. `text` is what everybody was told last, at `told_at`; `told` counts the times. Reports join by
    themselves until `until`. `going_on`: it is being worked on.
    """

    number: str
    state: State
    matter: str
    matter_name: str
    scope: str
    place: str
    since: datetime
    opened_at: datetime
    until: datetime
    text: str
    told_at: datetime
    told: int
    going_on: bool


def incident_view(leader: Case, context: Context, words: Catalogue) -> IncidentView | None:
    """The view of the incident that a case leads, or has led; None if it never did, or it was none."""
    incident = leader.incident
    if incident is None or incident.dissolved:
        return None
    return IncidentView(
        number=leader.number,
        state=leader.state,
        matter=incident.matter,
        matter_name=matter_name(incident.matter, context, words.language),
        scope=incident.scope,
        place=incident.place,
        since=leader.report.contacted_at or leader.registered_at,
        opened_at=incident.opened_at,
        until=incident.until,
        text=masked(incident.text, leader.report),
        told_at=incident.told_at,
        told=incident.told,
        going_on=leader.leads,
    )


def offered_to(desk: Desk, case: Case) -> Case | None:
    """The case that leads the incident which a report may be of; None where nobody has to be asked."""
    if case.offered is None or case.state not in IN_DISPATCH or case.ending.left == case.offered:
        return None
    try:
        leader = desk.cases.get(case.community, case.offered)
    except NotFoundError:
        return None
    return leader if leader.leads else None
