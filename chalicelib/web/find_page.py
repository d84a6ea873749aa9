"""The page of what was found, and its part that answers while somebody types (E8)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.intake.search_terms import LONGEST_QUERY, is_too_short
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import Workplace
from chalicelib.services.views.found import found_on_record
from chalicelib.web.desk_pages import framed
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.rendering import Reader, page

HITS, HITS_WHILE_TYPING = 20, 8


def find_among(workplaces: Iterable[Workplace]) -> dict[str, Any]:
    """The box in which a case is found, on a page of no community: in which of them one reads cases."""
    places = [
        (f"desk/{place.community}/find", place.community_name)
        for place in workplaces
        if place.role in CASE_READERS
    ]
    several = len(places) > 1
    path = places[0][0] if places else ""
    return {"find_path": path, "find_in": places if several else (), "alive": bool(places) and not several}


def find_page(
    reader: Reader, visit: Visit, asked: str | None, cursor: str | None, *, only_hits: bool = False
) -> Response:
    """The newest cases that fit what was asked; with `only_hits` without the page around them."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    query, home = " ".join((asked or "").split())[:LONGEST_QUERY], f"desk/{member.community.id}"
    listing = "\0".join(("find", member.community.id, member.username, query))
    most = HITS_WHILE_TYPING if only_hits else HITS
    found = found_on_record(desk, member, query, most, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    more = f"{home}/find?{urlencode({'q': query, 'cursor': further})}" if further else ""
    if only_hits and found.items and further:
        more = f"{home}/find?{urlencode({'q': query})}"  # the page shows them too, and more of them
    shown: dict[str, Any] = {
        "query": query,
        "lines": rows_shown(found.items, member, words),
        "case_path": f"{home}/cases",
        "more": more,
        "short": is_too_short(query, member.community),
    }
    if only_hits:
        return page(reader, "_hits.html", **shown)
    title = words("find.title", query=query) if query else words("find.name")
    return page(
        reader,
        "find.html",
        **{**framed(reader, visit, "find"), **shown},
        title=title,
        here=f"{reader.root}{home}/find",
    )
