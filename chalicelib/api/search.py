"""GET …/search: cases by number, phone, unit, name, or words of the report (E8)."""

from datetime import datetime

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.routes import COMMUNITY, CORS
from chalicelib.domain.case.case import State
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import answer, query
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.views.found import found_on_record
from chalicelib.services.views.rows import Row

search_api = Blueprint(__name__)

HITS = 20

SEARCH_QUERY = {
    "q": "Number or serial, phone or its last four digits, unit, name, or words of the report; all must fit.",
    "cursor": "Where the page before ended, as it said.",
}


class Hit(Struct, frozen=True):
    """A case that was found; who reported it is masked as on the case itself."""

    number: str
    state: State
    kind: str
    matter: str
    unit: str
    name: str
    phone: str | None
    masked: bool
    summary: str
    handler: str | None
    registered_at: datetime


class HitList(Struct, frozen=True):
    """Some of what was found, newest first; `cursor` looks further back, null where all has been looked at.

    A page may have few cases, or none, and go on.
    """

    items: tuple[Hit, ...]
    cursor: str | None


@route(
    search_api,
    COMMUNITY + "/search",
    policy=staff(*CASE_READERS),
    gives=(HitList,),
    query=SEARCH_QUERY,
    cors=CORS,
)
def search_cases(visit: Visit, community: str) -> Response:
    """The newest cases that the caller may see, and that have all that `q` says."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *SEARCH_QUERY)
    wanted = asked.get("q", "")
    listing = "\0".join(("search", community, member.username, wanted))
    page = found_on_record(desk, member, wanted, HITS, unseal(desk.codes, listing, asked.get("cursor")))
    return answer(HitList(tuple(map(_hit, page.items)), seal(desk.codes, listing, page.cursor)))


def _hit(row: Row) -> Hit:
    line = row.line
    who = (row.unit, row.name, row.phone, row.masked)
    return Hit(
        line.number, line.state, line.kind, line.matter, *who, line.summary, line.handler, line.registered_at
    )
