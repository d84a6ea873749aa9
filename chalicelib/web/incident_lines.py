"""What is said of an incident in one line: to whoever reported it, or may have (A16)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.services.desk import Desk
from chalicelib.services.views.incident_view import IncidentView, incident_view, offered_to
from chalicelib.services.views.link_view import TrackView
from chalicelib.services.views.work_view import WorkView
from chalicelib.web.formats import short
from chalicelib.web.words import Words


def where(incident: IncidentView, words: Words) -> str:
    """`楼栋 3`: how far it reaches."""
    return f"{words.name('scopes', incident.scope)} {incident.place}".strip()


def incident_line(view: TrackView | WorkView, zone: str, words: Words) -> tuple[str, str]:
    """What the page of a report says of its incident, and what was told last.

    Or the question whether it is of one.
    """
    if not isinstance(view, TrackView):
        return "", ""
    if view.offered is not None:
        return said("question", view.offered, zone, words), ""
    if view.merged is None or view.merged.incident is None:
        return "", ""
    incident = view.merged.incident
    told = words("incident.told", at=short(incident.told_at, zone, words))
    return said("known", incident, zone, words), f"{told} {incident.text}"


def joined_line(last: tuple[Case, Context] | None, case: Case, words: Words) -> str:
    """That a report belongs to an incident that is being worked on; empty if it does not."""
    view = incident_view(*last, words.shared) if last else None
    return said("known", view, case.zone, words) if view else ""


def question_line(desk: Desk, case: Case, words: Words) -> str:
    """Whether a report is of an incident that is known; empty where nobody has to be asked."""
    leader = offered_to(desk, case)
    view = incident_view(leader, desk.context_of(leader), words.shared) if leader else None
    return said("question", view, case.zone, words) if view else ""


def said(what: str, incident: IncidentView, zone: str, words: Words) -> str:
    """One of the sentences about an incident."""
    return words(
        f"incident.{what}",
        matter=incident.matter_name,
        where=where(incident, words),
        at=short(incident.since, zone, words),
        text=incident.text,
    )
