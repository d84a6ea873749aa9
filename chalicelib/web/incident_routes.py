"""The routes of the pages of incidents (A16, G10), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.intake.same_incident import JoinIncidentForm
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

incident_pages = Blueprint(__name__)

INCIDENTS = "/desk/{community}/incidents"
READERS = staff(*COMMUNITY_WIDE)


@route(incident_pages, INCIDENTS, policy=READERS, refused=as_page)
def incidents(visit: Visit, community: str) -> Response:
    """All incidents, and what may be one."""
    from chalicelib.web.incident_pages import incidents_page

    return incidents_page(reader_of(visit.request), visit, query_value(visit.request, "cursor"))


@route(incident_pages, INCIDENTS + "/{number}", policy=READERS, refused=as_page)
def incident(visit: Visit, community: str, number: str) -> Response:
    """One incident with its reports."""
    from chalicelib.web.incident_pages import incident_page

    return incident_page(reader_of(visit.request), visit, number, query_value(visit.request, "cursor"))


@route(incident_pages, INCIDENTS + "/{number}/{act}", policy=READERS, refused=as_page)
def act_again(visit: Visit, community: str, number: str, act: str) -> Response:
    """A reload of a form that was not taken: back to the incident."""
    return go_to(reader_of(visit.request), f"desk/{community}/incidents/{number}")


@form_route(incident_pages, INCIDENTS + "/{number}/{act}", READERS, JoinIncidentForm)
def incident_act(visit: Visit, community: str, number: str, act: str) -> Response:
    """A report joins the incident, or is taken out of it."""
    from chalicelib.web.incident_pages import incident_act as act_on

    return act_on(reader_of(visit.request), visit, number, act)
