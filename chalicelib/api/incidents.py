"""GET …/incidents: the incidents of a community, what may be one, and the reports of each (A16, G10)."""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.routes import COMMUNITY, CORS
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import answer, query, words_for
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.records import CaseLine
from chalicelib.services.views.incident_view import IncidentView
from chalicelib.services.views.incidents import IncidentLine, Offer, incidents, reports_of

incident_api = Blueprint(__name__)

INCIDENT_QUERY = {"cursor": "Where the page before ended, as it said."}


class IncidentList(Struct, frozen=True):
    """A page of incidents, the newest first; `cursor` asks for the next one, null at the end.

    `offers`, with the first page, are open reports that may be one incident: it is opened by `open_incident`
    on one of them.
    """

    items: tuple[IncidentLine, ...]
    offers: tuple[Offer, ...]
    cursor: str | None


class IncidentReports(Struct, frozen=True):
    """An incident with a page of its reports; `count` is of all, with the one that leads.

    `may_be`, with the first page, are open cases that may be of it: `join_incident` on each joins it.
    """

    incident: IncidentView
    count: int
    reports: tuple[CaseLine, ...]
    may_be: tuple[CaseLine, ...]
    cursor: str | None


def list_incidents(visit: Visit, community: str) -> Response:
    """The incidents of a community, the newest first, with open reports that may be one."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *INCIDENT_QUERY)
    listing = "\0".join(("incidents", community, member.username))
    start = unseal(desk.codes, listing, asked.get("cursor"))
    found = incidents(desk, member, words_for(visit.request), start)
    return answer(IncidentList(found.items, found.offers, seal(desk.codes, listing, found.cursor)))


def get_incident(visit: Visit, community: str, number: str) -> Response:
    """The incident that a case leads, or led, with its reports; the look is put on record."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *INCIDENT_QUERY)
    listing = "\0".join(("incident", community, member.username, number))
    start = unseal(desk.codes, listing, asked.get("cursor"))
    found = reports_of(desk, member, number, words_for(visit.request), start)
    cursor = seal(desk.codes, listing, found.cursor)
    return answer(IncidentReports(found.incident, found.count, found.reports, found.may_be, cursor))


READERS = staff(*COMMUNITY_WIDE)

route(
    incident_api,
    COMMUNITY + "/incidents",
    policy=READERS,
    gives=(IncidentList,),
    query=INCIDENT_QUERY,
    cors=CORS,
)(list_incidents)

route(
    incident_api,
    COMMUNITY + "/incidents/{number}",
    policy=READERS,
    gives=(IncidentReports,),
    query=INCIDENT_QUERY,
    cors=CORS,
)(get_incident)
