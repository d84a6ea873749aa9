"""The first page after signing in: what waits for its reader, each with its act beside it (A9, B7, D5)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.requests import number_asked
from chalicelib.http.visits import Visit
from chalicelib.services.views.lists import Wanted, put_on_record
from chalicelib.services.views.waiting import AGE, DUE_LAST, KIND, MOST_LINES, NEWEST, waiting_for
from chalicelib.web.case_panels import done_line
from chalicelib.web.desk_pages import framed
from chalicelib.web.duty_lines import duty_now
from chalicelib.web.form_route import WAITING
from chalicelib.web.formats import zone_name
from chalicelib.web.list_page import choices_of_lists, etag_of, filters_asked
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.rendering import PAGE_HEADERS, Reader, page
from chalicelib.web.waiting_acts import items_shown
from chalicelib.web.waits_beside import lines_beside
from chalicelib.web.words import Words

ITEMS = 7
"""So many cases are on a page: each has its acts (waiting_acts.py)."""
ORDERS_SAID = {
    "": "due_first",
    DUE_LAST: "due_last",
    AGE: "by_age",
    NEWEST: "by_newest",
    KIND: "by_kind",
}
"""The orders of what waits, and the words for them."""


def order_asked(given: Mapping[str, str | None]) -> str:
    """The order that an address names; the usual one for any other name."""
    order = given.get("order") or ""
    return order if order in ORDERS_SAID else ""


def waiting_page(reader: Reader, visit: Visit, given: Mapping[str, str | None]) -> Response:
    """What waits for its reader: approvals, revisits, what to sort, sign and do, and what they follow."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    home, filters = f"desk/{member.community.id}", filters_asked(given)
    begins, until = (number_asked(name, given.get(name)) for name in ("from", "until"))
    order = order_asked(given)
    found = waiting_for(desk, member, ITEMS, begins or 0, filters, until=until, order=order)
    done = _done(given, member, words)
    lines = rows_shown([item.row for item in found.rows], member, words)
    duty = duty_now(desk, member, words)
    beside = lines_beside(member, words)
    said = [(item.row, item.asks, item.case.version) for item in found.rows]
    etag = etag_of((said, duty, beside), done, words.language)
    if etag in str(visit.request.headers.get("if-none-match") or ""):
        return Response("", {**PAGE_HEADERS, "ETag": etag}, 304)
    wanted = Wanted(scope=WAITING, filters=filters)
    put_on_record(desk, member, wanted, tuple(item.row.line for item in found.rows))
    said_order = {"order": order} if order else {}

    def way(name: str, place: int | None) -> str:
        return f"{home}?{urlencode({**filters.said, **said_order, name: place})}" if place is not None else ""

    response = page(
        reader,
        "waiting.html",
        **framed(reader, visit, WAITING),
        title=words("desk.waiting"),
        items=items_shown(found.rows, lines, member, words),
        done=done,
        duty=duty,
        beside=beside,
        places=_places(member, words),
        etag=etag,
        now=desk.now().isoformat(),
        zone=zone_name(member.community.zone, words),
        which=WAITING,
        month=None,
        order=order,
        orders=[(name, words(f"desk.{word}")) for name, word in ORDERS_SAID.items()],
        filters=filters,
        choices=choices_of_lists(member, words),
        list_path=home,
        case_path=f"{home}/cases",
        plain=home if filters.said else "",
        more=way("from", found.onward),
        before=way("until", found.before),
        export=f"{home}/export?{urlencode({'list': WAITING, **filters.said, **said_order})}",
        cut="" if found.looked_at_all else words("asks.cut", most=MOST_LINES),
        here=f"{reader.root}{home}",
    )
    response.headers["ETag"] = etag
    return response


def _places(member: Member, words: Words) -> list[tuple[str, str]]:
    """The pages of all communities, for whoever heads the company; nobody else has them."""
    if member.role is not Role.COMPANY_HEAD:
        return []
    home = f"desk/{member.community.id}"
    return [(f"{home}/{name}", words(f"{name}.title")) for name in ("communities", "company")]


def _done(given: Mapping[str, str | None], member: Member, words: Words) -> str:
    """That the act of a moment ago was taken, and on which case; empty if nobody gave any."""
    command, number = given.get("done"), given.get("of") or ""
    if command not in TABLE:
        return ""
    desk = wiring.desk()
    events = desk.cases.events(member.community.id, number)
    said = done_line(command, member.actor(), events, desk.now(), words)
    return f"{number}{words('page.colon')}{said}" if said else ""
