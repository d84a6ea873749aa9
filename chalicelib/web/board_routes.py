"""The routes of the pages by which supervisors and managers lead a desk (B2, E1)."""

from chalice.app import Blueprint, Response

from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.dispatch.together import ASSIGNERS, MOST_AT_ONCE
from chalicelib.services.views.board import BOARD_READERS
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import reader_of

board_pages = Blueprint(__name__)


@route(board_pages, "/desk/{community}/board", policy=staff(*BOARD_READERS), refused=as_page)
def show_board(visit: Visit, community: str) -> Response:
    """How the open work stands now; each number leads to its cases."""
    from chalicelib.web.board_page import board_page

    return board_page(reader_of(visit.request), visit)


@route(board_pages, "/desk/{community}/reassign", policy=staff(*ASSIGNERS), refused=as_page)
def show_together(visit: Visit, community: str) -> Response:
    """The cases that were ticked in a list, and what is wanted of them."""
    from chalicelib.web.together_page import numbers_in, together_page

    given = visit.request.query_params
    numbers = given.getlist("pick") if given is not None and "pick" in given else []
    return together_page(reader_of(visit.request), visit, numbers_in(" ".join(numbers[: MOST_AT_ONCE + 1])))


@form_route(board_pages, "/desk/{community}/reassign", staff(*ASSIGNERS), AssignForm)
def hand_over_together(visit: Visit, community: str) -> Response:
    """What would become of each case, or what did; a form sent twice does nothing twice."""
    from chalicelib.web.together_page import together_step

    return together_step(reader_of(visit.request), visit, form_fields(visit.request))
