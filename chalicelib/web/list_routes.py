"""The routes of lists and of what is found, with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC, Visit, staff
from chalicelib.web.form_route import WAITING, as_page
from chalicelib.web.rendering import go_to, query_value, reader_of
from chalicelib.web.static_files import static_file

list_pages = Blueprint(__name__)

route(list_pages, "/static/desk.js", policy=PUBLIC)(static_file("text/javascript", "desk.js"))
route(list_pages, "/static/list.js", policy=PUBLIC)(static_file("text/javascript", "list.js"))


ADDRESS = (
    "list", "month", "order", "cursor",
    "from", "until", "done", "of",
    "state", "kind", "matter", "department", "handler", "overdue", "building", "due", "signed", "payer",
    "acceptance", "sign_off", "plan_check",
)  # fmt: skip
"""What a list's address may say."""


@route(list_pages, "/desk/{community}", policy=staff(*STAFF_ROLES), refused=as_page)
def work_list(visit: Visit, community: str) -> Response:
    """What waits for its reader, open work, or the register of a month; the committee reads figures only."""
    from chalicelib.web.list_page import list_page
    from chalicelib.web.waiting_page import waiting_page

    reader = reader_of(visit.request)
    if visit.member.role is Role.COMMITTEE:
        return go_to(reader, f"desk/{community}/figures")
    given = {name: query_value(visit.request, name) for name in ADDRESS}
    shown = waiting_page if (given["list"] or WAITING) == WAITING else list_page
    return shown(reader, visit, given)


@route(list_pages, "/desk/{community}/export", policy=staff(*CASE_READERS), refused=as_page)
def export(visit: Visit, community: str) -> Response:
    """The same list as a file for a spreadsheet."""
    from chalicelib.web.list_export import list_export

    given = {name: query_value(visit.request, name) for name in ADDRESS}
    return list_export(reader_of(visit.request), visit, given)


@route(list_pages, "/desk/{community}/find", policy=staff(*CASE_READERS), refused=as_page)
def find(visit: Visit, community: str) -> Response:
    """The cases that fit what was typed; `part=hits` asks for these alone, while it is typed."""
    from chalicelib.web.find_page import find_page

    asked, cursor, part = (query_value(visit.request, name) for name in ("q", "cursor", "part"))
    return find_page(reader_of(visit.request), visit, asked, cursor, only_hits=part == "hits")
