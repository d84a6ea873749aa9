"""GET …/corrections and …/audit: what was proposed, what was decided, and how that was judged (A8)."""

from collections.abc import Callable

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.cases import USUAL_ITEMS
from chalicelib.api.routes import COMMUNITY, CORS
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import answer, month_asked, query
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.views.sorted_cases import SortedCase, corrections, sample

sorted_cases_api = Blueprint(__name__)

JUDGES = TABLE["judge_classification"].roles
"""Who judges classifications, and reads what was corrected."""

QUERY = {
    "month": "Of which month, YYYY-MM; this one if not said.",
    "cursor": "Where the page before ended, as it said.",
}


class SortedCases(Struct, frozen=True):
    """A page of cases in order of number; `read` is how many of the register were looked at for it.

    `cursor` asks for the next page, null at the end; a page may be empty before the end.
    """

    month: str
    items: tuple[SortedCase, ...]
    read: int
    cursor: str | None


def _page_of(visit: Visit, what: str, listed: Callable[..., tuple]) -> Response:  # type: ignore[type-arg]
    desk, member, asked = wiring.desk(), visit.member, query(visit.request, *QUERY)
    month = asked.get("month")
    month = month_asked(month) if month else month_of(desk.now(), member.community.zone)
    listing = "\0".join((what, member.community.id, member.username, month))
    found, read = listed(desk, member, month, USUAL_ITEMS, unseal(desk.codes, listing, asked.get("cursor")))
    return answer(SortedCases(month, found.items, read, seal(desk.codes, listing, found.cursor)))


@route(
    sorted_cases_api,
    COMMUNITY + "/corrections",
    policy=staff(*JUDGES),
    gives=(SortedCases,),
    query=QUERY,
    cors=CORS,
)
def list_corrections(visit: Visit, community: str) -> Response:
    """What people decided otherwise than the triage proposed, with both."""
    return _page_of(visit, "api-corrections", corrections)


@route(
    sorted_cases_api,
    COMMUNITY + "/audit",
    policy=staff(*JUDGES),
    gives=(SortedCases,),
    query=QUERY,
    cors=CORS,
)
def list_audit(visit: Visit, community: str) -> Response:
    """The sample whose classifications are judged. Each by the command `judge_classification`, once."""
    return _page_of(visit, "api-audit", sample)
