"""GET …/looks: who looked at which personal data, when and why (E8)."""

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.looks import Look
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import answer, query
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import WantedLooks, looks

LOOKS_A_PAGE = 50

LOOKS_QUERY = {
    "day": "The looks of that day, YYYY-MM-DD; of today, if nothing is asked for.",
    "person": "The looks of whoever has that username.",
    "case": "The looks at the case of that number.",
    "cursor": "Where the page before ended, as it said.",
}


class LookList(Struct, frozen=True):
    """A page of the record, newest first; `cursor` asks for the next one, null at the end."""

    items: tuple[Look, ...]
    cursor: str | None


def list_looks(visit: Visit, community: str) -> Response:
    """The record of looks, of a day, a person or at a case. Asking is a look, too."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *LOOKS_QUERY)
    cursor = asked.pop("cursor", None)
    listing = "\0".join(("looks", community, member.username, repr(sorted(asked.items()))))
    page = looks(desk, member, WantedLooks(**asked), LOOKS_A_PAGE, unseal(desk.codes, listing, cursor))
    return answer(LookList(page.items, seal(desk.codes, listing, page.cursor)))
