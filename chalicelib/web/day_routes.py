"""The routes of a handler's day (B9): by its link, from the work link of a case, or signed in."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.http.routing import route
from chalicelib.http.visits import DAY, LINK, Visit, staff
from chalicelib.services.day_link import day_of_link
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, reader_of

day_pages = Blueprint(__name__)

BY_LINK, SIGNED_IN = "/d/{code}", "/desk/{community}/day"
FROM_WORK = "/l/{code}/day"


@route(day_pages, BY_LINK, policy=DAY, refused=as_page)
def day_by_link(visit: Visit, code: str) -> Response:
    """The handler's work of the day. Looking changes nothing."""
    from chalicelib.web.day_page import day_page

    return day_page(reader_of(visit.request), visit, f"d/{code}")


@route(day_pages, BY_LINK + "/sign", policy=DAY, refused=as_page)
def day_by_link_again(visit: Visit, code: str) -> Response:
    """A reload after signing: back to the list."""
    return go_to(reader_of(visit.request), f"d/{code}")


@form_route(day_pages, BY_LINK + "/sign", DAY, SignForm)
def sign_by_link(visit: Visit, code: str) -> Response:
    """What waits for the handler's signature is signed for at once, each case by itself."""
    from chalicelib.web.day_page import signed_at_once

    return signed_at_once(reader_of(visit.request), visit, f"d/{code}")


@route(day_pages, FROM_WORK, policy=LINK, refused=as_page)
def day_from_work(visit: Visit, code: str) -> Response:
    """From the work link of a case to the link of its handler's day."""
    return go_to(reader_of(visit.request), f"d/{day_of_link(wiring.desk(), visit.opened.link)}")


@route(day_pages, SIGNED_IN, policy=staff(*CASE_READERS), refused=as_page)
def day(visit: Visit, community: str) -> Response:
    """The own work of the day."""
    from chalicelib.web.day_page import day_page

    return day_page(reader_of(visit.request), visit, f"desk/{community}/day")


@route(day_pages, SIGNED_IN + "/sign", policy=staff(*CASE_READERS), refused=as_page)
def day_again(visit: Visit, community: str) -> Response:
    """A reload after signing: back to the list."""
    return go_to(reader_of(visit.request), f"desk/{community}/day")


@form_route(day_pages, SIGNED_IN + "/sign", staff(*CASE_READERS), SignForm)
def sign(visit: Visit, community: str) -> Response:
    """The same for whoever is signed in."""
    from chalicelib.web.day_page import signed_at_once

    return signed_at_once(reader_of(visit.request), visit, f"desk/{community}/day")
