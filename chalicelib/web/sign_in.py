"""Signing in and out on the pages (E8). What somebody typed meanwhile is not lost.

What draws pages is imported by the view that needs it, as in routes.py.
"""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.errors import NotSignedInError, TooManyRequestsError
from chalicelib.domain.intake.registration import NewCase
from chalicelib.http.accounts import LONGEST_PASSWORD, LONGEST_USERNAME, signed_in
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.sessions import session_cookie
from chalicelib.http.visits import PUBLIC, Visit, anyone_or, staff
from chalicelib.services.access.authorization import workplaces
from chalicelib.web.form_route import FORM_OF, as_page, form_route
from chalicelib.web.rendering import go_to, page, reader_of

sign_in_pages = Blueprint(__name__)

SESSION_SECONDS = 10 * 60 * 60
"""How long a browser keeps the cookie; the token in it runs out by itself."""


@route(sign_in_pages, "/desk", policy=anyone_or(*STAFF_ROLES), refused=as_page)
def desk(visit: Visit) -> Response:
    """Sign in, or go on to the community that one works in."""
    from chalicelib.web.error_pages import sign_in_page

    reader = reader_of(visit.request)
    if visit.account is None:
        return sign_in_page(reader)
    found = workplaces(wiring.desk(), visit.account)
    if len(found) == 1:
        return go_to(reader, f"desk/{found[0].community}")
    return page(reader, "choose.html", workplaces=found, csrf=visit.csrf or "")


@form_route(sign_in_pages, "/desk", PUBLIC, {**FORM_OF, "report": NewCase})
def sign_in(visit: Visit) -> Response:
    """Begin a session; on to the page that was asked for, or back to the form that was sent without one."""
    from chalicelib.web import kept
    from chalicelib.web.error_pages import DESK_PAGE, UTC_ZONE, sign_in_page
    from chalicelib.web.refusals import refusal

    reader, typed = reader_of(visit.request), form_fields(visit.request)
    username, password = typed.get("username", "").strip(), typed.get("password", "")
    after, sent = typed.get("next", ""), kept.carried(typed)
    try:
        if not (0 < len(username) <= LONGEST_USERNAME and 0 < len(password) <= LONGEST_PASSWORD):
            raise NotSignedInError("No such account.")
        token = signed_in(visit.request, username, password)
    except NotSignedInError:
        return sign_in_page(reader, after, username, reader.words("sign_in.wrong"), 401, sent)
    except TooManyRequestsError as error:
        return sign_in_page(reader, after, username, refusal(error, UTC_ZONE, reader.words), 429, sent)
    cookie = session_cookie(token, wiring.base_url(), seconds=SESSION_SECONDS)
    if sent is not None:
        shown = kept.after_sign_in(visit.request, reader, sent, token)
        shown.headers["Set-Cookie"] = cookie
        return shown
    return go_to(reader, after if DESK_PAGE.fullmatch(after) else "desk", cookie=cookie)


@form_route(sign_in_pages, "/desk/sign-out", staff(*STAFF_ROLES))
def sign_out(visit: Visit) -> Response:
    """End the session."""
    ended = session_cookie("", wiring.base_url(), seconds=0)
    return go_to(reader_of(visit.request), "desk", cookie=ended)
