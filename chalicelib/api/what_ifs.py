"""GET …/what-if: last month under another regulation (G23)."""

from functools import partial

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import answer, month_asked, query, words_for
from chalicelib.http.visits import Visit
from chalicelib.services.figures.what_if_view import MOST_CASES
from chalicelib.services.views.lists import is_open_to

WHAT_IF_QUERY = {
    "pack": "The regulation to run the cases under. Needed.",
    "month": "YYYY-MM; the last month if not said.",
    "cursor": f"Where the answer before ended: one call runs at most {MOST_CASES} cases, in order of number.",
}


def get_what_if(visit: Visit, community: str) -> Response:
    """A month's cases run again under another regulation: overdue rate and load side by side."""
    from chalicelib.services.figures.what_if import check_month, check_other, compared, last_month, run_month

    desk, place = wiring.desk(), visit.member.community
    asked = query(visit.request, *WHAT_IF_QUERY)
    if "pack" not in asked:
        raise InvalidInputError(f"'pack' is missing; it is one of: {', '.join(desk.regulations.ids())}.")
    pack, given = asked["pack"], asked.get("month")
    month = last_month(desk, place) if given is None else month_asked(given)
    desk.regulations.get(pack)
    check_other(place, pack)
    listing = "\0".join(("what-if", community, visit.member.username, pack, month))
    begin = unseal(desk.codes, listing, asked.get("cursor"))
    if begin is None:
        check_month(desk, place, month)
    known = partial(is_open_to, visit.member)
    run = run_month(desk, place, month, pack, MOST_CASES, begin, may_know=known)
    cursor = seal(desk.codes, listing, run.cursor)
    return answer(compared(desk, place, month, pack, run, words_for(visit.request), cursor))
