"""The regulations over HTTP, open to all (C, G2).

Anybody may also ask for the deadlines of a case that does not exist.
"""

import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.http.mistakes import TIME_EXAMPLE
from chalicelib.http.requests import answer, query, read, source_address, words_for
from chalicelib.http.visits import COMMUNITY_ID, Visit
from chalicelib.services.access.authorization import known_community, no_community
from chalicelib.services.access.stranger_limits import count_question
from chalicelib.services.views.regulation_view import Asked, asked_deadlines, regulation_list, regulation_view

DEADLINES_QUERY = {
    "matter": "What it is about, by id; the regulation lists its matters. Needed.",
    "kind": "complaint if not said, also of a matter that is mostly repaired; the answer says it.",
    "urgency": "The matter's own if not said.",
    "severity": "general if not said.",
    "complexity": "general if not said.",
    "care": "true if the resident needs care (G15); false if not said.",
    "round": "1 is the first, 2 the first return (G9), and so on; 1 if not said.",
    "at": "When all clocks begin, with its zone, such as 2026-09-30T09:10:00+08:00; now if not said.",
    "community": "By whose calendar; if not said, office hours in Shanghai and the days off of China.",
}
YES_OR_NO = {"true": True, "false": False}
NAMED = 3
"""How many matters are named where none was; the regulation lists them all."""
LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")


def list_regulations(visit: Visit) -> Response:
    """Every regulation that a community can run under."""
    return answer(regulation_list(wiring.desk()))


def get_regulation(visit: Visit, pack: str) -> Response:
    """A regulation with its matters, and its rules with source and reason."""
    return answer(regulation_view(_regulation(pack)))


def get_deadlines(visit: Visit, pack: str) -> Response:
    """Every deadline that a case would have under the regulation, with its reasons. No case is made."""
    desk, request = wiring.desk(), visit.request
    given: dict[str, Any] = dict(query(request, *DEADLINES_QUERY))
    regulation = _regulation(pack)
    if "matter" not in given:
        some = ", ".join([matter.id for matter in regulation.sortable][:NAMED])
        whole = f"GET /v1/regulations/{regulation.id}"
        raise InvalidInputError(f"'matter' is missing. It is one such as {some}; {whole} lists them all.")
    if "care" in given:
        given["care"] = _one_of(YES_OR_NO, "care", given["care"])
    if "round" in given:
        rounds = {str(number): number for number in range(1, regulation.reopen.returns + 2)}
        given["round"] = _one_of(rounds, "round", given["round"])
    if "at" in given:
        # A plus in a URL that nobody escaped is read as a blank.
        given["at"] = LOST_PLUS.sub("+", given["at"])
    asked = read(given, Asked)
    if asked.at is not None and asked.at.tzinfo is None:
        raise InvalidInputError(f"'at' has no zone; write it like {TIME_EXAMPLE}.")
    count_question(desk, source_address(request), wiring.rate_limits())
    community = None
    if asked.community is not None:
        if not COMMUNITY_ID.fullmatch(asked.community):
            raise no_community(asked.community)
        community = known_community(desk, asked.community)
    return answer(asked_deadlines(desk, regulation, asked, community, words_for(request)))


def _regulation(pack: str) -> Regulation:
    """The regulation that the path names; NotFoundError names those that there are."""
    known = wiring.desk().regulations
    if pack not in known.ids():
        raise NotFoundError(f"There is no regulation {pack[:60]!r}; there are {', '.join(known.ids())}.")
    return known.get(pack)


def _one_of(known: Mapping[str, bool | int], name: str, given: str) -> bool | int:
    if given not in known:
        raise InvalidInputError(f"'{name}' is one of: {', '.join(known)}.")
    return known[given]
