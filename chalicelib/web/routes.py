"""Every route of the pages, with who may use it.

Each parses, makes one call, and answers with a page or a redirect.

What draws a page is imported by the view that needs it: this module is loaded with every function and every
call of the API, which draw none.
"""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.looks import RevealForm
from chalicelib.domain.case.who_sees import CASE_READERS, may_see
from chalicelib.domain.community.entry import check_takes_reports
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.follow_up.praise import PRAISE, PraiseForm
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.visits import LINK, PUBLIC, Visit, staff
from chalicelib.services.access import authorization
from chalicelib.services.access.authorization import known_community
from chalicelib.services.access.looks import LOOK_READERS, WantedLooks
from chalicelib.services.access.looks import reveal as reveal_to
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.web.form_route import BACK_FIELD, FORM_OF, INTAKE, WAITING, as_page, form_route
from chalicelib.web.rendering import go_to, page, query_number, query_value, reader_of

pages = Blueprint(__name__)

COUNTER = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER)
"""Who helps a resident at the counter with the own data (G24)."""


def _asked(visit: Visit, name: str) -> str | None:
    return query_value(visit.request, name)


@route(pages, "/", policy=PUBLIC, refused=as_page)
def home(visit: Visit) -> Response:
    """Which community?"""
    return page(reader_of(visit.request), "home.html", communities=wiring.desk().directory.names())


@route(pages, "/c/{community}", policy=PUBLIC, refused=as_page)
def show_report_form(visit: Visit, community: str) -> Response:
    """The form for residents."""
    from chalicelib.web.report_pages import begun_page

    place = known_community(wiring.desk(), community)
    check_takes_reports(place)
    return begun_page(reader_of(visit.request), place, _asked(visit, "unit"))


@form_route(pages, "/c/{community}", PUBLIC, NewCase, with_files=True)
def report(visit: Visit, community: str) -> Response:
    """A resident's report; a form sent twice is one case."""
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.file_fields import files_first
    from chalicelib.web.report_form import taken_down
    from chalicelib.web.report_pages import PROPOSE, proposed_to_resident, public_page, same_number, same_page

    reader = reader_of(visit.request)
    place = known_community(wiring.desk(), community)
    typed = files_first(visit, place, form_fields(visit.request), reader.words)
    if isinstance(typed, Attempt):
        return public_page(reader, place, typed)
    if typed.get(PROPOSE) or reader.picked:
        return proposed_to_resident(reader, visit, place, typed)
    if number := same_number(typed):
        return same_page(reader, place, number)
    taken = taken_down(visit, place, typed, reader.words)
    if isinstance(taken, Attempt):
        return public_page(reader, place, taken)
    return go_to(reader, f"l/{taken.track_code}/receipt")


@route(pages, "/c/{community}/my-data", policy=PUBLIC, refused=as_page)
def own_data(visit: Visit, community: str) -> Response:
    """Where a resident sees the own data: which number?"""
    from chalicelib.web.own_data_pages import ASK, CODE, own_data_page

    place, step = known_community(wiring.desk(), community), CODE if _asked(visit, "have") else ASK
    return own_data_page(reader_of(visit.request), visit, place, step)


@form_route(pages, "/c/{community}/my-data", PUBLIC)
def own_data_form(visit: Visit, community: str) -> Response:
    """A step further: the code, the data, the receipt."""
    from chalicelib.web.own_data_pages import own_data_step

    return own_data_step(reader_of(visit.request), visit, known_community(wiring.desk(), community))


@route(pages, "/desk/{community}/my-data", policy=staff(*COUNTER), refused=as_page)
def own_data_at_desk(visit: Visit, community: str) -> Response:
    """The same at the counter, for a resident who stands there."""
    from chalicelib.web.own_data_pages import own_data_page

    return own_data_page(reader_of(visit.request), visit, visit.member.community)


@form_route(pages, "/desk/{community}/my-data", staff(*COUNTER))
def own_data_form_at_desk(visit: Visit, community: str) -> Response:
    """A step further, at the counter."""
    from chalicelib.web.own_data_pages import own_data_step

    return own_data_step(reader_of(visit.request), visit, visit.member.community)


@route(pages, "/l/{code}/receipt", policy=LINK, refused=as_page)
def receipt(visit: Visit, code: str) -> Response:
    """The receipt of a report."""
    from chalicelib.web.receipt_page import receipt_page

    if visit.opened.link.purpose is not Purpose.TRACK:
        raise NotFoundError("This link has no receipt.")
    return receipt_page(reader_of(visit.request), visit.opened, code)


@route(pages, "/l/{code}", policy=LINK, refused=as_page)
def link(visit: Visit, code: str) -> Response:
    """The page that fits the link. Looking changes nothing."""
    from chalicelib.web.link_pages import link_page

    done, earlier = _asked(visit, "done"), query_number(visit.request, "earlier")
    return link_page(reader_of(visit.request), visit.opened, code, done, earlier=earlier)


@route(pages, "/l/{code}/{command}", policy=LINK, refused=as_page)
def link_again(visit: Visit, code: str, command: str) -> Response:
    """A reload of a refused form: back to the page that it stood on."""
    return go_to(reader_of(visit.request), f"l/{code}")


@form_route(pages, "/l/{code}/{command}", LINK, {**FORM_OF, PRAISE: PraiseForm})
def link_command(visit: Visit, code: str, command: str) -> Response:
    """A command of the link's purpose; a form sent twice is carried out once."""
    from chalicelib.web import link_pages
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.link_commands import can_give, given_by_link, onward_address

    reader, opened = reader_of(visit.request), visit.opened
    if not can_give(opened, command):
        raise NotFoundError("This link has no such form.")
    given = given_by_link(reader, opened, command, visit.request)
    if isinstance(given, Attempt):
        return link_pages.link_page(reader, link_pages.as_it_stands(opened), code, attempt=given)
    return go_to(reader, onward_address(code, command, given))


@route(pages, "/desk/{community}/new", policy=staff(*INTAKE), refused=as_page)
def intake_form(visit: Visit, community: str) -> Response:
    """The form for what comes in by telephone, letter or in person."""
    from chalicelib.web.report_pages import intake_page

    return intake_page(reader_of(visit.request), visit)


@form_route(pages, "/desk/{community}/new", staff(*INTAKE), NewCase, with_files=True)
def intake(visit: Visit, community: str) -> Response:
    """A report that staff took down."""
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.file_fields import files_first
    from chalicelib.web.household_page import before_registering
    from chalicelib.web.report_form import taken_down
    from chalicelib.web.report_pages import intake_page

    reader = reader_of(visit.request)
    typed = files_first(visit, visit.member.community, form_fields(visit.request), reader.words)
    if isinstance(typed, Attempt):
        return intake_page(reader, visit, typed)
    if (looked := before_registering(reader, visit, typed)) is not None:
        return looked
    taken = taken_down(visit, visit.member.community, typed, reader.words)
    if isinstance(taken, Attempt):
        return intake_page(reader, visit, taken)
    if not may_see(visit.member, taken.case):
        return go_to(reader, f"desk/{community}")
    return go_to(reader, f"desk/{community}/cases/{taken.case.number}?done=register")


@route(pages, "/desk/{community}/figures", policy=staff(*FIGURE_READERS), refused=as_page)
def figures(visit: Visit, community: str) -> Response:
    """The figures of a month."""
    from chalicelib.web.figures_page import figures_page

    return figures_page(reader_of(visit.request), visit, _asked(visit, "month"))


@route(pages, "/desk/{community}/looks", policy=staff(*LOOK_READERS), refused=as_page)
def looks(visit: Visit, community: str) -> Response:
    """The record of looks at personal data."""
    from chalicelib.web.looks_page import looks_page

    asked = {name: _asked(visit, name) or None for name in ("day", "person", "case")}
    return looks_page(reader_of(visit.request), visit, WantedLooks(**asked), _asked(visit, "cursor"))


@form_route(pages, "/desk/{community}/cases/{number}/reveal", staff(*CASE_READERS), RevealForm)
def reveal(visit: Visit, community: str, number: str) -> Response:
    """The case with who reported it, for whoever says why; on record."""
    from chalicelib.web.desk_pages import case_page

    desk = wiring.desk()
    found = authorization.opened_case(desk, visit.member, number)
    form = RevealForm(form_fields(visit.request).get("reason", ""))
    reveal_to(desk, visit.member, found.case, form.reason)
    return case_page(reader_of(visit.request), visit, found, revealed=True)


@route(pages, "/desk/{community}/cases/{number}", policy=staff(*CASE_READERS), refused=as_page)
def case(visit: Visit, community: str, number: str) -> Response:
    """One case, with exactly what the member can do now."""
    from chalicelib.web.desk_pages import case_page

    found = authorization.opened_case(wiring.desk(), visit.member, number)
    earlier, over = (query_number(visit.request, name) for name in ("earlier", "messages"))
    done, entry, act = (_asked(visit, name) for name in ("done", "entry", "act"))
    reader, passed = reader_of(visit.request), over or 0
    return case_page(reader, visit, found, done, earlier=earlier, passed_over=passed, entry=entry, act=act)


@route(pages, "/desk/{community}/cases/{number}/{command}", policy=staff(*CASE_READERS), refused=as_page)
def case_again(visit: Visit, community: str, number: str, command: str) -> Response:
    """A reload of a form that was not taken: back to the case."""
    return go_to(reader_of(visit.request), f"desk/{community}/cases/{number}")


@form_route(pages, "/desk/{community}/cases/{number}/{command}", staff(*CASE_READERS), FORM_OF)
def case_command(visit: Visit, community: str, number: str, command: str) -> Response:
    """A command of the table, given by a member of staff."""
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.desk_pages import case_page
    from chalicelib.web.form_submit import give

    reader = reader_of(visit.request)
    found = authorization.readable_case(wiring.desk(), visit.member, number)
    typed = form_fields(visit.request)
    given = give(found, visit.member.actor(), command, typed, reader.words, visit.request)
    if isinstance(given, Attempt):
        now = authorization.opened_case(wiring.desk(), visit.member, number)
        return case_page(reader, visit, now, attempt=given)
    if typed.get(BACK_FIELD) == WAITING or not may_see(visit.member, given):
        return go_to(reader, f"desk/{community}?done={command}&of={number}")
    return go_to(reader, f"desk/{community}/cases/{number}?done={command}")
