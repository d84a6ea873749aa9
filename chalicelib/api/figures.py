"""GET …/figures: the month in figures (E1, G17)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.numbering import month_of
from chalicelib.http.requests import answer, month_asked, query
from chalicelib.http.visits import Visit
from chalicelib.services.figures.month import figures_of

FIGURES_QUERY = {"month": "YYYY-MM; the present month if not said."}


def get_figures(visit: Visit, community: str) -> Response:
    """Counts and rates of the cases registered in a month. What is late and open counts against the rate."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *FIGURES_QUERY).get("month")
    month = month_of(desk.now(), member.community.zone) if asked is None else month_asked(asked)
    return answer(figures_of(desk, member, month))
