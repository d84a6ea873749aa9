"""The routes by which a resident without a link finds the own cases (E5)."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC, Visit
from chalicelib.services.access.authorization import known_community
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_value, reader_of

own_case_pages = Blueprint(__name__)


@route(own_case_pages, "/c/{community}/cases", policy=PUBLIC, refused=as_page)
def own_cases(visit: Visit, community: str) -> Response:
    """Which number?"""
    from chalicelib.web.own_case_pages import ASK, CODE, own_case_page

    place = known_community(wiring.desk(), community)
    step = CODE if query_value(visit.request, "have") else ASK
    return own_case_page(reader_of(visit.request), place, step)


@form_route(own_case_pages, "/c/{community}/cases", PUBLIC)
def own_cases_form(visit: Visit, community: str) -> Response:
    """A step further: the code, the cases."""
    from chalicelib.web.own_case_pages import own_case_step

    return own_case_step(reader_of(visit.request), visit, known_community(wiring.desk(), community))
