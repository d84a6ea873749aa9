"""Every route of the pages, with who may use it.

Each parses, makes one call, and answers with a page or a redirect.
"""

from collections.abc import Callable, Mapping

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.access import CASE_READERS, may_see
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT, STAFF_ROLES, Role
from chalicelib.domain.errors import NotFoundError, NotSignedInError, TooManyRequestsError
from chalicelib.domain.intake.registration import NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.accounts import LONGEST_PASSWORD, LONGEST_USERNAME, signed_in
from chalicelib.http.requests import body_bytes
from chalicelib.http.routing import View, route
from chalicelib.http.sessions import FORM, session_cookie
from chalicelib.http.visits import LINK, PUBLIC, Policy, Visit, anyone_or, staff
from chalicelib.services.access import authorization
from chalicelib.services.access.authorization import known_community
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.web import desk_pages, link_pages, report_form
from chalicelib.web.case_panels import Attempt
from chalicelib.web.error_pages import DESK_PAGE, UTC_ZONE, as_page, sign_in_page
from chalicelib.web.figures_page import figures_page
from chalicelib.web.form_input import Typed, posted
from chalicelib.web.form_submit import give
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import go_to, page, query_value, reader_of, stylesheet

pages = Blueprint(__name__)

SESSION_SECONDS = 10 * 60 * 60
"""How long a browser keeps the cookie; the token in it runs out by itself."""

FORM_OF = {command: row.form for command, row in TABLE.items()}


def _form(
    path: str, policy: Policy, takes: type | Mapping[str, type] | None = None
) -> Callable[[View], View]:
    """Declare where a form is sent to. It `takes` the texts of these forms, however long they may be."""
    return route(
        pages, path, methods=("POST",), content_types=(FORM,), policy=policy, refused=as_page, takes=takes
    )


def _typed(visit: Visit) -> Typed:
    return posted(body_bytes(visit.request).decode("utf-8", "replace"))


def _asked(visit: Visit, name: str) -> str | None:
    return query_value(visit.request, name)


@route(pages, "/", policy=PUBLIC, refused=as_page)
def home(visit: Visit) -> Response:
    """Which community?"""
    return page(reader_of(visit.request), "home.html", communities=wiring.desk().directory.names())


@route(pages, "/static/style.css", policy=PUBLIC)
def style(visit: Visit) -> Response:
    """The stylesheet."""
    return stylesheet()


@route(pages, "/c/{community}", policy=PUBLIC, refused=as_page)
def show_report_form(visit: Visit, community: str) -> Response:
    """The form for residents."""
    return _report_page(visit, known_community(wiring.desk(), community))


@_form("/c/{community}", PUBLIC, NewCase)
def report(visit: Visit, community: str) -> Response:
    """A resident's report; a form sent twice is one case."""
    reader = reader_of(visit.request)
    place = known_community(wiring.desk(), community)
    taken = report_form.taken_down(visit, place, _typed(visit), reader.words)
    if isinstance(taken, Attempt):
        return _report_page(visit, place, taken)
    return go_to(reader, f"l/{taken.track_code}/receipt")


def _report_page(visit: Visit, community: Community, attempt: Attempt | None = None) -> Response:
    reader, where = reader_of(visit.request), f"c/{community.id}"
    return report_form.report_page(
        reader, community, RESIDENT, attempt, address=where, brand=where, here=f"{reader.root}{where}"
    )


@route(pages, "/l/{code}/receipt", policy=LINK, refused=as_page)
def receipt(visit: Visit, code: str) -> Response:
    """The receipt of a report."""
    if visit.opened.link.purpose is not Purpose.TRACK:
        raise NotFoundError("This link has no receipt.")
    return link_pages.receipt_page(reader_of(visit.request), visit.opened, code)


@route(pages, "/l/{code}", policy=LINK, refused=as_page)
def link(visit: Visit, code: str) -> Response:
    """The page that fits the link. Looking changes nothing."""
    return link_pages.link_page(reader_of(visit.request), visit.opened, code, _asked(visit, "done"))


@route(pages, "/l/{code}/{command}", policy=LINK, refused=as_page)
def link_again(visit: Visit, code: str, command: str) -> Response:
    """A reload of a refused form: back to the page that it stood on."""
    return go_to(reader_of(visit.request), f"l/{code}")


@_form("/l/{code}/{command}", LINK, FORM_OF)
def link_command(visit: Visit, code: str, command: str) -> Response:
    """A command of the link's purpose; a form sent twice is carried out once."""
    reader, opened = reader_of(visit.request), visit.opened
    if not link_pages.can_give(opened, command):
        raise NotFoundError("This link has no such form.")
    given = give(opened.case, opened.link.actor(), command, _typed(visit), reader.words)
    if isinstance(given, Attempt):
        return link_pages.link_page(reader, link_pages.as_it_stands(opened), code, attempt=given)
    return go_to(reader, f"l/{code}?done={command}")


@route(pages, "/desk", policy=anyone_or(*STAFF_ROLES), refused=as_page)
def desk(visit: Visit) -> Response:
    """Sign in, or go on to the community that one works in."""
    reader = reader_of(visit.request)
    if visit.account is None:
        return sign_in_page(reader)
    found = authorization.workplaces(wiring.desk(), visit.account)
    if len(found) == 1:
        return go_to(reader, f"desk/{found[0].community}")
    return page(reader, "choose.html", workplaces=found, csrf=visit.csrf or "")


@_form("/desk", PUBLIC, {**FORM_OF, "report": NewCase})
def sign_in(visit: Visit) -> Response:
    """Begin a session."""
    reader, typed = reader_of(visit.request), _typed(visit)
    username, password = typed.get("username", "").strip(), typed.get("password", "")
    after = typed.get("next", "")
    try:
        if not (0 < len(username) <= LONGEST_USERNAME and 0 < len(password) <= LONGEST_PASSWORD):
            raise NotSignedInError("No such account.")
        token = signed_in(visit.request, username, password)
    except NotSignedInError:
        return sign_in_page(reader, after, username, reader.words("sign_in.wrong"), 401)
    except TooManyRequestsError as error:
        return sign_in_page(reader, after, username, refusal(error, UTC_ZONE, reader.words), 429)
    cookie = session_cookie(token, wiring.base_url(), seconds=SESSION_SECONDS)
    return go_to(reader, after if DESK_PAGE.fullmatch(after) else "desk", cookie=cookie)


@_form("/desk/sign-out", staff(*STAFF_ROLES))
def sign_out(visit: Visit) -> Response:
    """End the session."""
    ended = session_cookie("", wiring.base_url(), seconds=0)
    return go_to(reader_of(visit.request), "desk", cookie=ended)


@route(pages, "/desk/{community}", policy=staff(*STAFF_ROLES), refused=as_page)
def work_list(visit: Visit, community: str) -> Response:
    """Open work, or the register of a month; the committee reads figures only."""
    reader = reader_of(visit.request)
    if visit.member.role is Role.COMMITTEE:
        return go_to(reader, f"desk/{community}/figures")
    asked, month, cursor = (_asked(visit, name) for name in ("list", "month", "cursor"))
    return desk_pages.list_page(reader, visit, asked, month, cursor)


@route(pages, "/desk/{community}/new", policy=staff(*desk_pages.INTAKE), refused=as_page)
def intake_form(visit: Visit, community: str) -> Response:
    """The form for what comes in by telephone, letter or in person."""
    return _intake_page(visit)


@_form("/desk/{community}/new", staff(*desk_pages.INTAKE), NewCase)
def intake(visit: Visit, community: str) -> Response:
    """A report that staff took down."""
    reader = reader_of(visit.request)
    taken = report_form.taken_down(visit, visit.member.community, _typed(visit), reader.words)
    if isinstance(taken, Attempt):
        return _intake_page(visit, taken)
    if not may_see(visit.member, taken.case):
        return go_to(reader, f"desk/{community}")
    return go_to(reader, f"desk/{community}/cases/{taken.case.number}?done=register")


def _intake_page(visit: Visit, attempt: Attempt | None = None) -> Response:
    reader, member = reader_of(visit.request), visit.member
    where = f"desk/{member.community.id}"
    frame = desk_pages.framed(reader, visit, "new")
    del frame["community"]
    return report_form.report_page(
        reader,
        member.community,
        member.actor(),
        attempt,
        address=f"{where}/new",
        brand=where,
        here=f"{reader.root}{where}/new",
        base="desk_base.html",
        **frame,
    )


@route(pages, "/desk/{community}/figures", policy=staff(*FIGURE_READERS), refused=as_page)
def figures(visit: Visit, community: str) -> Response:
    """The figures of a month."""
    return figures_page(reader_of(visit.request), visit, _asked(visit, "month"))


@route(pages, "/desk/{community}/cases/{number}", policy=staff(*CASE_READERS), refused=as_page)
def case(visit: Visit, community: str, number: str) -> Response:
    """One case, with exactly what the member can do now."""
    found = authorization.readable_case(wiring.desk(), visit.member, number)
    return desk_pages.case_page(reader_of(visit.request), visit, found, _asked(visit, "done"))


@route(pages, "/desk/{community}/cases/{number}/{command}", policy=staff(*CASE_READERS), refused=as_page)
def case_again(visit: Visit, community: str, number: str, command: str) -> Response:
    """A reload of a form that was not taken: back to the case."""
    return go_to(reader_of(visit.request), f"desk/{community}/cases/{number}")


@_form("/desk/{community}/cases/{number}/{command}", staff(*CASE_READERS), FORM_OF)
def case_command(visit: Visit, community: str, number: str, command: str) -> Response:
    """A command of the table, given by a member of staff."""
    reader = reader_of(visit.request)
    found = authorization.readable_case(wiring.desk(), visit.member, number)
    given = give(found, visit.member.actor(), command, _typed(visit), reader.words)
    if isinstance(given, Attempt):
        now = authorization.readable_case(wiring.desk(), visit.member, number)
        return desk_pages.case_page(reader, visit, now, attempt=given)
    if not may_see(visit.member, given):
        return go_to(reader, f"desk/{community}")
    return go_to(reader, f"desk/{community}/cases/{number}?done={command}")
