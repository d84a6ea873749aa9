"""The routes of the pages by which supervisors and managers lead a desk (B2, E1)."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.dispatch.together import ASSIGNERS, MOST_AT_ONCE
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.services.views.board import BOARD_READERS
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_value, reader_of

board_pages = Blueprint(__name__)


@route(board_pages, "/desk/{community}/board", policy=staff(*BOARD_READERS), refused=as_page)
def show_board(visit: Visit, community: str) -> Response:
    """How the open work stands now; each number leads to its cases."""
    from chalicelib.web.board_page import board_page

    return board_page(reader_of(visit.request), visit)


@route(board_pages, "/desk/{community}/calendar", policy=staff(*STAFF_ROLES), refused=as_page)
def show_calendar(visit: Visit, community: str) -> Response:
    """A year of the calendar, and what was changed of it."""
    from chalicelib.web.calendar_page import calendar_page

    return calendar_page(reader_of(visit.request), visit, query_value(visit.request, "year"))


@form_route(board_pages, "/desk/{community}/calendar", staff(Role.MANAGER), ReasonForm)
def change_calendar(visit: Visit, community: str) -> Response:
    """What a changed day would move, or the change itself."""
    from chalicelib.web.calendar_page import calendar_step

    return calendar_step(reader_of(visit.request), visit, form_fields(visit.request))


@route(board_pages, "/desk/{community}/regulations", policy=staff(*STAFF_ROLES), refused=as_page)
def show_regulations(visit: Visit, community: str) -> Response:
    """A regulation, and the deadlines that a case would have under it."""
    from chalicelib.web.regulations_page import ASKED, regulations_page

    typed = {name: query_value(visit.request, name) or "" for name in ASKED}
    return regulations_page(reader_of(visit.request), visit, query_value(visit.request, "pack"), typed)


@route(board_pages, "/desk/{community}/what-if", policy=staff(*BOARD_READERS), refused=as_page)
def show_what_if(visit: Visit, community: str) -> Response:
    """A month's cases under another regulation, beside the community's own."""
    from chalicelib.web.what_if_page import what_if_page

    asked = (query_value(visit.request, name) for name in ("pack", "month", "cursor"))
    return what_if_page(reader_of(visit.request), visit, *asked)


@route(board_pages, "/desk/{community}/communities", policy=staff(Role.COMPANY_HEAD), refused=as_page)
def show_communities(visit: Visit, community: str) -> Response:
    """The communities of the company side by side."""
    from chalicelib.web.months_page import communities_page

    return communities_page(reader_of(visit.request), visit, query_value(visit.request, "month"))


@route(board_pages, "/desk/{community}/month-to-print", policy=staff(*FIGURE_READERS), refused=as_page)
def show_month_to_print(visit: Visit, community: str) -> Response:
    """A month to print, for the committee."""
    from chalicelib.web.months_page import print_page

    return print_page(reader_of(visit.request), visit, query_value(visit.request, "month"))


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
