"""The pages of lists: open work and the register, filtered, in either order, paged both ways (E8).

All that a list is stands in its address. A page that its reader has is answered by 304, and is no look.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from chalice.app import Response
from msgspec import Struct
from msgspec.structs import fields

from chalicelib import wiring
from chalicelib.domain.case.case import State
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.regulation.rules import KINDS
from chalicelib.domain.work.accounts import why_no_accounts
from chalicelib.domain.work.warranty import Payer
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked, number_asked
from chalicelib.http.visits import Visit
from chalicelib.services.dispatch.together import ASSIGNERS
from chalicelib.services.views.filters import (
    DUE_SOON,
    SIGNED_TODAY,
    UNACCEPTED,
    UNCONFIRMED_PLAN,
    UNSIGNED_RESULT,
    Filters,
)
from chalicelib.services.views.lists import Cursor, Wanted, put_on_record, rows_listed, scopes_of
from chalicelib.services.views.ordered import MOST_LINES, ORDERS, ordered
from chalicelib.services.views.rows import Row
from chalicelib.web.desk_pages import REGISTER, framed
from chalicelib.web.form_choices import department_names
from chalicelib.web.formats import month_name
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.rendering import PAGE_HEADERS, Reader, page
from chalicelib.web.words import Words

LINES = 20
FILTERS = tuple(field.name for field in fields(Filters))
OTHER_WAY = "other"
"""The value of `order` that turns a list around: due last, or the oldest number first."""


class AskedList(Struct, frozen=True):
    """A list as its address names it: which, what to show of it, and its address without a cursor.

    `order` is one of `ORDERS`, turned around (`OTHER_WAY`), or the list's own (empty).
    """

    which: str
    wanted: Wanted
    query: str
    order: str


def filters_asked(given: Mapping[str, str | None]) -> Filters:
    """The filters that an address names."""
    return Filters(**{name: " ".join((given.get(name) or "").split()) for name in FILTERS})


def asked_list(member: Member, given: Mapping[str, str | None], now_month: str) -> AskedList:
    """The list that is asked for; InvalidInputError for a month or state that there is not."""
    which, order = given.get("list") or scopes_of(member)[0], given.get("order") or ""
    of_register = which == REGISTER
    if order not in ({"", OTHER_WAY} if of_register else {"", OTHER_WAY, *ORDERS}):
        order = ""
    month = month_asked(given["month"]) if given.get("month") else now_month  # type: ignore[arg-type]
    filters = filters_asked(given)
    place: dict[str, Any] = {"month": month} if of_register else {"scope": which}
    wanted = Wanted(**place, filters=filters, newest_first=of_register is not (order == OTHER_WAY))
    asked = {"list": which, **({"month": month} if of_register else {}), **filters.said}
    return AskedList(which, wanted, urlencode({**asked, **({"order": order} if order else {})}), order)


class Part(Struct, frozen=True):
    """The rows of a list's page. The addresses of the pages before and after are empty where none is."""

    rows: tuple[Row, ...]
    before: str
    more: str
    whole: bool = True


def part_of(member: Member, asked: AskedList, given: Mapping[str, str | None], listing: str) -> Part:
    """The page of a list that its address names."""
    desk, address = wiring.desk(), f"desk/{member.community.id}?{asked.query}"
    if asked.order in ORDERS:
        begins = number_asked("from", given.get("from")) or 0
        of = ordered(desk, member, asked.wanted, asked.order, begins, LINES)
        before = f"{address}&{urlencode({'from': max(0, begins - LINES)})}" if begins else ""
        more = f"{address}&{urlencode({'from': begins + LINES})}" if begins + LINES < of.total else ""
        return Part(of.rows, before, more, of.whole)

    def way(cursor: Cursor) -> str:
        sealed = seal(desk.codes, listing, cursor)
        return f"{address}&{urlencode({'cursor': sealed})}" if sealed else ""

    found = rows_listed(desk, member, asked.wanted, LINES, unseal(desk.codes, listing, given.get("cursor")))
    return Part(found.items, way(found.before), way(found.cursor))


def list_page(reader: Reader, visit: Visit, given: Mapping[str, str | None]) -> Response:
    """A list of cases: open work, or the register of a month."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    home = f"desk/{member.community.id}"
    asked = asked_list(member, given, month_of(desk.now(), member.community.zone))
    listing = "\0".join(("pages", member.community.id, member.username, asked.query))
    part = part_of(member, asked, given, listing)
    etag = etag_of(part.rows, listing, words.language)
    if etag in str(visit.request.headers.get("if-none-match") or ""):
        return Response("", {**PAGE_HEADERS, "ETag": etag}, 304)
    put_on_record(desk, member, asked.wanted, tuple(row.line for row in part.rows))
    month = asked.wanted.month
    what = month_name(month, words) if month else words(f"desk.{asked.which}")
    plain = f"{home}?{urlencode({'list': asked.which, **({'month': month} if month else {})})}"
    response = page(
        reader,
        "list.html",
        **framed(reader, visit, asked.which),
        title=f"{words('desk.register' if month else 'desk.title')} · {what}",
        lines=rows_shown(part.rows, member, words),
        etag=etag,
        now=desk.now().isoformat(),
        which=asked.which,
        month=f"{month[:4]}-{month[4:]}" if month else None,
        order=asked.order,
        orders=orders_of(of_register=month is not None, words=words),
        filters=asked.wanted.filters,
        choices=choices_of_lists(member, words),
        list_path=home,
        case_path=f"{home}/cases",
        export=f"{home}/export?{asked.query}",
        together=f"{home}/reassign" if month is None and member.role in ASSIGNERS else "",
        borne=_borne(member, asked.wanted.filters.payer, words),
        plain=plain if asked.wanted.filters.said else "",
        more=part.more,
        before=part.before,
        cut="" if part.whole else words("desk.cut_in_order", most=str(MOST_LINES)),
        empty=words("desk.empty_register" if month else "desk.empty"),
        here=f"{reader.root}{home}",
    )
    response.headers["ETag"] = etag
    return response


def _borne(member: Member, payer: str, words: Words) -> tuple[str, str] | None:
    """The way to what a payer bears, amounts and all, for whoever reads the accounts (G12)."""
    if payer not in set(Payer) or why_no_accounts(member) is not None:
        return None
    said = words("borne.open", payer=words.name("payers", payer))
    return f"desk/{member.community.id}/borne?{urlencode({'payer': payer})}", said


def etag_of(rows: object, *others: str) -> str:
    """What changes with what the rows say, and not with the time."""
    said = msgspec.json.encode((rows, others))
    return f'"{hashlib.sha256(said).hexdigest()[:20]}"'


def orders_of(*, of_register: bool, words: Words) -> list[tuple[str, str]]:
    """The orders that a list can be shown in, the usual one first."""
    if of_register:
        return [("", words("desk.newest_first")), (OTHER_WAY, words("desk.oldest_first"))]
    due = [("", words("desk.due_first")), (OTHER_WAY, words("desk.due_last"))]
    return [*due, *((order, words(f"desk.by_{order}")) for order in ORDERS)]


def choices_of_lists(member: Member, words: Words) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be chosen, by the name of the filter."""
    community = member.community
    regulation = wiring.desk().context(community).regulation
    matters = [(matter.id, words.of(matter.names)) for matter in regulation.matters.values()]
    people = [
        (person.username, person.name) for person in community.staff if person.active and person.departments
    ]
    return [
        ("state", words("desk.state"), [(str(state), words.name("states", state)) for state in State]),
        ("kind", words("case.kind"), [(kind, words.name("kinds", kind)) for kind in KINDS]),
        ("matter", words("case.matter"), sorted(matters, key=lambda choice: choice[1])),
        ("department", words("case.department"), list(department_names(community, words))),
        ("handler", words("desk.handler"), people),
        ("payer", words("case.payer"), [(payer, words.name("payers", payer)) for payer in Payer]),
        ("acceptance", words("acceptance.name"), [(UNACCEPTED, words("desk.unaccepted"))]),
        ("plan_check", words("case.plan_check"), [(UNCONFIRMED_PLAN, words("desk.plan_waits"))]),
        ("sign_off", words("case.sign_off"), [(UNSIGNED_RESULT, words("desk.sign_off_waits"))]),
        ("due", words("desk.due"), [(DUE_SOON, words("desk.due_soon"))]),
        ("signed", words("board.signature"), [(SIGNED_TODAY, words("board.signed_today"))]),
    ]
