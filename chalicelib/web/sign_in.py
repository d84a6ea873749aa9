"""Signing in and out on the pages (E8). What somebody typed meanwhile is not lost.

What draws pages is imported by the view that needs it, as in routes.py.
"""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.errors import BusyError, InvalidInputError, NotSignedInError, TooManyRequestsError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.http.accounts import SignInBody, signed_in
from chalicelib.http.bodies import form_fields
from chalicelib.http.cookies import set_cookies
from chalicelib.http.errors import status_of
from chalicelib.http.routing import retry_after, route
from chalicelib.http.sessions import ended_cookies, renewals, session_cookies
from chalicelib.http.visits import PUBLIC, Visit, anyone_or, staff
from chalicelib.services.access import sign_in as sessions
from chalicelib.services.access.authorization import workplaces, workplaces_of_case
from chalicelib.web.form_route import FORM_OF, as_page, form_route
from chalicelib.web.rendering import go_to, page, reader_of

sign_in_pages = Blueprint(__name__)


@route(sign_in_pages, "/desk", policy=anyone_or(*STAFF_ROLES), refused=as_page)
def desk(visit: Visit) -> Response:
    """Sign in, or go on to the community that one works in."""
    from chalicelib.web.error_pages import sign_in_page
    from chalicelib.web.find_page import find_among

    reader = reader_of(visit.request)
    if visit.account is None:
        return sign_in_page(reader)
    found = workplaces(wiring.desk(), visit.account)
    if len(found) == 1:
        return go_to(reader, f"desk/{found[0].community}")
    return page(reader, "choose.html", workplaces=found, below="", csrf=visit.csrf or "", **find_among(found))


@route(sign_in_pages, "/w/{number}", policy=staff(*STAFF_ROLES), refused=as_page)
def way_to_case(visit: Visit, number: str) -> Response:
    """The short way from a message to a case: sign in, then on to it, in the community that has it."""
    from chalicelib.web.find_page import find_among

    reader, (account, _) = reader_of(visit.request), visit.signed_in
    found = workplaces_of_case(wiring.desk(), account, number)
    if len(found) == 1:
        return go_to(reader, f"desk/{found[0].community}/cases/{number}")
    below, csrf = f"/cases/{number}", visit.csrf or ""
    return page(reader, "choose.html", workplaces=found, below=below, csrf=csrf, **find_among(found))


@form_route(sign_in_pages, "/desk", PUBLIC, {**FORM_OF, "report": NewCase})
def sign_in(visit: Visit) -> Response:
    """Begin a session; on to the page that was asked for, or back to the form that was sent without one."""
    from chalicelib.web import kept
    from chalicelib.web.error_pages import DESK_PAGE, sign_in_page
    from chalicelib.web.refusals import UTC_ZONE, refusal

    reader, typed = reader_of(visit.request), form_fields(visit.request)
    username, code = typed.get("username", "").strip(), "".join(typed.get("code", "").split())
    after, sent = typed.get("next", ""), kept.carried(typed)
    try:
        tokens = signed_in(visit.request, SignInBody(username, typed.get("password", ""), code or None))
    except (NotSignedInError, InvalidInputError) as error:
        if error.reason == sessions.FIRST_PASSWORD:
            from chalicelib.web.password_pages import first_password_page

            return first_password_page(reader, username)
        wrong = "sign_in.wrong_or_code" if wiring.second_factor() != "off" else "sign_in.wrong"
        return sign_in_page(reader, after, username, reader.words(wrong), 401, sent)
    except (TooManyRequestsError, BusyError) as error:
        status = status_of(error)
        braked = sign_in_page(reader, after, username, refusal(error, UTC_ZONE, reader.words), status, sent)
        braked.headers["Retry-After"] = retry_after(error)
        return braked
    if sent is not None:
        begun = kept.after_sign_in(visit.request, reader, sent, tokens.token)
    else:
        begun = go_to(reader, after if DESK_PAGE.fullmatch(after) else "desk")
    set_cookies(begun, session_cookies(tokens, wiring.base_url(), wiring.desk().codes))
    return begun


@form_route(sign_in_pages, "/desk/sign-out", staff(*STAFF_ROLES, single_factor=True))
def sign_out(visit: Visit) -> Response:
    """End the session: its tokens are good no more, wherever they are."""
    account, _ = visit.signed_in
    desk = wiring.desk()
    with_which = renewals(visit.request, wiring.base_url(), desk.codes)
    sessions.sign_out(desk, wiring.identity(), account, with_which)
    return signed_out(visit)


def signed_out(visit: Visit) -> Response:
    """To the sign-in form, with cookies that are worth nothing any more."""
    response = go_to(reader_of(visit.request), "desk")
    set_cookies(response, ended_cookies(wiring.base_url()))
    return response
