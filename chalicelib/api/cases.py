"""The cases over HTTP, for staff.

Lists, one case, its history, and every command of the table.
"""

from typing import Any

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.answered import SEEN_FIRST
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.looks import LookAt, RevealForm
from chalicelib.domain.case.who_sees import may_see, sees_contact
from chalicelib.domain.decide import row_for
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.notices.malicious_told import staff_read
from chalicelib.http.contacts import with_stored_phone
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.devices import with_device
from chalicelib.http.errors import PreconditionRequiredError
from chalicelib.http.requests import (
    answer,
    expected_version,
    idempotency_key,
    json_object,
    month_asked,
    number_asked,
    query,
    read,
    words_for,
)
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import asked, readable_case
from chalicelib.services.access.looks import looked_at, reveal
from chalicelib.services.intake.merged import carry_out
from chalicelib.services.records import CaseLine, StoredNotice
from chalicelib.services.views.history import EventView, staff_history
from chalicelib.services.views.lists import Wanted, listed_on_record
from chalicelib.services.views.malicious_view import malicious_view
from chalicelib.services.views.parts import fitting
from chalicelib.services.views.shown import masked_events
from chalicelib.services.views.staff_view import CaseView, case_view

MOST_ITEMS, USUAL_ITEMS = 100, 50

PAGE_QUERY = {
    "limit": f"How many at most, 1 to {MOST_ITEMS}; {USUAL_ITEMS} if not said.",
    "cursor": "Where the page before ended, as it said.",
}
CASE_QUERY = {
    "notices_after": "How many of the newest messages to pass over; those before them, if there are any.",
}
OF_A_CASE: Any = {"gives": (CaseView,), "query": CASE_QUERY}
LIST_QUERY = {
    "scope": "Open work, what is due first: mine, taken (in by me), department, community; or the role's.",
    "department": "With scope=department: which; by default one's own.",
    "month": "The register of that month, YYYY-MM, in order of number.",
    "unit": "The cases of that unit, newest first.",
    **PAGE_QUERY,
}


class CaseList(Struct, frozen=True):
    """A page of a list; `cursor` asks for the next one, null at the end."""

    items: tuple[CaseLine, ...]
    cursor: str | None


class History(Struct, frozen=True):
    """A page of the history of a case, oldest first; long texts make it shorter than was asked for.

    `cursor` asks for the next page; it is null on the last.
    """

    items: tuple[EventView, ...]
    cursor: str | None


class Revealed(Struct, frozen=True):
    """Who reported the case; that it was said to the caller, and why, is on record (E8)."""

    number: str
    name: str | None
    unit: str | None
    phone: str | None
    email: str | None
    text: str | None


class Done(Struct, frozen=True):
    """The answer to a command after which the caller may no longer see the case."""

    community: str
    number: str
    state: State
    version: int


def list_cases(visit: Visit, community: str) -> Response:
    """A list of the cases that the role sees. Open work, the register of a month, or the cases of a unit."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *LIST_QUERY)
    limit, cursor = _limit(asked.pop("limit", None)), asked.pop("cursor", None)
    if "month" in asked:
        asked["month"] = month_asked(asked["month"])
    listing = "\0".join((community, member.username, member.role, repr(sorted(asked.items()))))
    of_month, of_unit = asked.get("month"), asked.get("unit")
    wanted = Wanted(asked.get("scope"), asked.get("department"), of_month, of_unit)
    page = listed_on_record(desk, member, wanted, limit, unseal(desk.codes, listing, cursor))
    return answer(CaseList(page.items, seal(desk.codes, listing, page.cursor)))


def _limit(given: str | None) -> int:
    if given is None:
        return USUAL_ITEMS
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:6]) <= MOST_ITEMS):
        raise InvalidInputError(f"'limit' is a whole number from 1 to {MOST_ITEMS}.")
    return int(given)


def get_case(visit: Visit, community: str, number: str) -> Response:
    """A case as the role may see it, with what was sent about it. The ETag is its version, for If-Match."""
    passed_over = number_asked("notices_after", query(visit.request, *CASE_QUERY).get("notices_after"))
    case = readable_case(wiring.desk(), visit.member, number)
    looked_at(wiring.desk(), visit.member, case)
    return _shown(visit, case, wiring.notices().of_case(case.community, case.number), passed_over or 0)


def list_events(visit: Visit, community: str, number: str) -> Response:
    """The history of a case, page by page; what a timer did is marked `automatic`."""
    desk, member = wiring.desk(), visit.member
    asked = query(visit.request, *PAGE_QUERY)
    case = readable_case(desk, member, number)
    listing = "\0".join(("events", community, member.username, number))
    start = unseal(desk.codes, listing, asked.get("cursor"))
    page = desk.cases.events_page(community, number, _limit(asked.get("limit")), start)
    events = [event for event in page.items if staff_read(member.role, event.payload)]
    looked_at(desk, member, case, LookAt.HISTORY)
    items = events if sees_contact(member, case) else masked_events(case, events)
    shown = staff_history(items, desk.context_of(case))
    fit = fitting(shown, MOST_ITEMS)
    more = page.cursor if fit == len(shown) else {"version": str(shown[fit - 1].version)}
    return answer(History(shown[:fit], seal(desk.codes, listing, more)))


def reveal_case(visit: Visit, community: str, number: str) -> Response:
    """Say who reported the case to a caller who sees it masked, and says why; it is put on record first."""
    desk = wiring.desk()
    case = readable_case(desk, visit.member, number)
    body = read(json_object(visit.request), RevealForm)
    report = reveal(desk, visit.member, case, body.reason).report
    who = (report.resident_name, report.unit, report.phone, report.email)
    return answer(Revealed(case.number, *who, report.text))


def give_command(visit: Visit, community: str, number: str, command: str) -> Response:
    """Give the case a command. With an Idempotency-Key it is carried out once, however often it is sent."""
    return _shown(visit, carried_out(visit, readable_case(wiring.desk(), visit.member, number), command))


def carried_out(visit: Visit, case: Case, name: str) -> Case:
    """The case after the command in the request, given by whoever visits."""
    desk, request, actor = wiring.desk(), visit.request, visit.actor
    form: Any = read(json_object(request), row_for(name, actor.role).form)
    form = with_stored_phone(form, desk.directory.community(case.community).country)
    form = with_device(form, request)
    command = asked(name, actor, desk.now(), idempotency_key(request), form)
    seen = expected_version(request)
    if seen is None and name in SEEN_FIRST:
        raise PreconditionRequiredError(
            f"'{name}' is about a text: say which one you have read, by 'If-Match' with the case's ETag."
        )
    return carry_out(desk, case, command, seen)


def _shown(
    visit: Visit, case: Case, notices: tuple[StoredNotice, ...] | None = None, passed_over: int = 0
) -> Response:
    desk = wiring.desk()
    etag = f'"{case.version}"'
    if not may_see(visit.member, case):
        return answer(Done(case.community, case.number, case.state, case.version), ETag=etag)
    context, words = desk.context_of(case), words_for(visit.request)
    # whoever gave a command knows the case: only who asks for it is told why its deadlines are what they are
    reasons = notices is not None
    flag = malicious_view(desk, visit.member, case) if reasons else None
    view = case_view(
        case,
        visit.member,
        context,
        desk.now(),
        words,
        notices,
        flag,
        reasons=reasons,
        passed_over=passed_over,
    )
    return answer(view, ETag=etag)
