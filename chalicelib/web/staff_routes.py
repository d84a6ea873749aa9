"""The routes of those who keep staff, and of whoever chooses a password (F, E8)."""

from chalice.app import Blueprint, Response

from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.staffing import KEEPERS
from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC, Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

staff_pages = Blueprint(__name__)

STAFF, COMPANY = "/desk/{community}/staff", "/desk/{community}/company"


@route(staff_pages, STAFF, policy=staff(*KEEPERS), refused=as_page)
def show_staff(visit: Visit, community: str) -> Response:
    """Everybody who works here or did, or one of them (`who`) with the forms."""
    from chalicelib.web.staff_page import person_page, staff_page

    reader, who = reader_of(visit.request), query_value(visit.request, "who")
    if who is not None:
        return person_page(reader, visit, who, done=query_value(visit.request, "done"))
    return staff_page(reader, visit, cursor=query_value(visit.request, "cursor"))


@route(staff_pages, STAFF + "/{act}", policy=staff(*KEEPERS), refused=as_page)
def staff_again(visit: Visit, community: str, act: str) -> Response:
    """A reload of what a form has answered: back to the list."""
    return go_to(reader_of(visit.request), f"desk/{community}/staff")


@form_route(staff_pages, STAFF + "/{act}", staff(*KEEPERS))
def staff_act(visit: Visit, community: str, act: str) -> Response:
    """Somebody is added, changed, taken out of service, brought back, or sent a link."""
    from chalicelib.web.staff_forms import act_on

    return act_on(reader_of(visit.request), visit, act)


@route(staff_pages, COMPANY, policy=staff(Role.COMPANY_HEAD), refused=as_page)
def show_company(visit: Visit, community: str) -> Response:
    """The communities of the company, with the forms of their head."""
    from chalicelib.web.company_page import company_page

    return company_page(reader_of(visit.request), visit)


@route(staff_pages, COMPANY + "/{act}", policy=staff(Role.COMPANY_HEAD), refused=as_page)
def company_again(visit: Visit, community: str, act: str) -> Response:
    """A reload of a form that was not taken: back to the communities."""
    return go_to(reader_of(visit.request), f"desk/{community}/company")


@form_route(staff_pages, COMPANY + "/{act}", staff(Role.COMPANY_HEAD))
def company_form(visit: Visit, community: str, act: str) -> Response:
    """A community is added, changed, closed or opened again."""
    from chalicelib.web.company_page import company_act

    return company_act(reader_of(visit.request), visit, act)


@route(staff_pages, "/p/{key}", policy=PUBLIC, refused=as_page)
def show_password_link(visit: Visit, key: str) -> Response:
    """The page behind a link: choose a password. Opening it uses nothing up."""
    from chalicelib.web.password_pages import link_page

    return link_page(reader_of(visit.request), visit, key)


@form_route(staff_pages, "/p/{key}", PUBLIC)
def use_password_link(visit: Visit, key: str) -> Response:
    """The password that the holder of a link has chosen; nobody is signed in by it."""
    from chalicelib.web.password_pages import link_form

    return link_form(reader_of(visit.request), visit, key)


@route(staff_pages, "/desk/account/first-password", policy=PUBLIC, refused=as_page)
def show_first_password(visit: Visit) -> Response:
    """Where a temporary password of an operator's is exchanged for an own one."""
    from chalicelib.web.password_pages import first_password_page

    return first_password_page(reader_of(visit.request), query_value(visit.request, "username") or "")


@form_route(staff_pages, "/desk/account/first-password", PUBLIC)
def choose_first_password(visit: Visit) -> Response:
    """The own password in place of the temporary one."""
    from chalicelib.web.password_pages import first_password_form

    return first_password_form(reader_of(visit.request), visit)
