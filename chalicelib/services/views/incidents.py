"""The incidents of a community, their reports, and what may be one: for the desk (A16, G10)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.same_incident import BEFORE, MAY_BE_ONE, is_of_the_place
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.access.authorization import visible_case
from chalicelib.services.access.looks import listed_to
from chalicelib.services.desk import Desk
from chalicelib.services.paging import open_lines
from chalicelib.services.records import CaseLine
from chalicelib.services.views.incident_view import IncidentView, incident_view
from chalicelib.services.views.lists import is_open_to
from chalicelib.services.views.names import matter_name

INCIDENTS_A_PAGE, REPORTS_A_PAGE = 20, 50

READ_AT_ONCE = 50
"""So many cases are read by one call."""

ENOUGH = 2
"""From so many open reports of one matter in one building on they are offered as one incident (ours)."""

WITHIN = timedelta(hours=24)
"""How far apart such reports may be (ours)."""

Cursor = Mapping[str, str] | None


class IncidentLine(Struct, frozen=True):
    """One incident in a list; `reports` counts all of it, the one that leads included."""

    incident: IncidentView
    reports: int


class Offer(Struct, frozen=True):
    """Open reports that may be one incident, the oldest first: the same matter, building and day."""

    matter: str
    matter_name: str
    numbers: tuple[str, ...]
    since: datetime


class Incidents(Struct, frozen=True):
    """A page of the incidents of a community, the newest first; with the first of them, what may be one."""

    items: tuple[IncidentLine, ...]
    offers: tuple[Offer, ...]
    cursor: Mapping[str, str] | None


class Reports(Struct, frozen=True):
    """An incident with a page of its reports; with the first page, open cases that may be of it."""

    incident: IncidentView
    count: int
    reports: tuple[CaseLine, ...]
    may_be: tuple[CaseLine, ...]
    cursor: Mapping[str, str] | None


def incidents(desk: Desk, member: Member, words: Catalogue, cursor: Cursor) -> Incidents:
    """A page of incidents, without those that the member is kept away from (G13)."""
    community = member.community.id
    page = desk.cases.leaders(community, INCIDENTS_A_PAGE, cursor)
    known = desk.cases.several(community, page.items)
    joined = desk.cases.joined_to_each(community, page.items)
    leaders = (known[number][0] for number in page.items if number in known)
    items = []
    for leader in leaders:
        view = incident_view(leader, desk.context_of(leader), words) if may_see(member, leader) else None
        if view is not None:
            items.append(IncidentLine(view, 1 + joined[leader.number]))
    offers = () if cursor else tuple(_offers(desk, member, words))
    return Incidents(tuple(items), offers, page.cursor)


def _offers(desk: Desk, member: Member, words: Catalogue) -> Iterator[Offer]:
    found: dict[tuple[str, str], list[CaseLine]] = {}
    since = desk.now() - WITHIN
    for line in open_lines(desk.cases, member.community.id):
        about = matter_of(line)
        is_one = about in MAY_BE_ONE and line.state in IN_DISPATCH and line.registered_at >= since
        if is_one and line.place is not None and not line.leads and is_open_to(member, line):
            found.setdefault((about, line.place), []).append(line)
    context = desk.context(member.community)
    for (matter, _), lines in found.items():
        if len(lines) >= ENOUGH:
            first = sorted(lines, key=lambda line: line.registered_at)
            named = matter_name(matter, context, words.language)
            yield Offer(matter, named, tuple(line.number for line in first), first[0].registered_at)


def reports_of(
    desk: Desk, member: Member, number: str, words: Catalogue, cursor: Cursor, limit: int = REPORTS_A_PAGE
) -> Reports:
    """An incident with its reports, on record as a look (E8). NotFoundError where that case led none."""
    leader = visible_case(desk, member, number)
    view = incident_view(leader, desk.context_of(leader), words)
    if view is None:
        raise NotFoundError(f"Case {number} leads no incident that you can see.")
    every = desk.cases.joined(leader.community, leader.number)
    start = int(cursor["at"]) if cursor else 0
    shown = every[start : start + limit]
    lines = desk.cases.lines(leader.community, shown)
    found = (lines[number] for number in shown if number in lines)
    reports = tuple(line for line in found if is_open_to(member, line))
    may_be = tuple(_may_be(desk, member, leader)) if leader.leads and not cursor else ()
    listed_to(desk, member, (*reports, *may_be), f"incident={number}")
    more = {"at": str(start + limit)} if len(every) > start + limit else None
    return Reports(view, 1 + len(every), reports, may_be, more)


def _may_be(desk: Desk, member: Member, leader: Case) -> Iterator[CaseLine]:
    """Open cases of the matter at the place, of its time, that nobody has joined; at most a page."""
    incident, context = leader.incident, desk.context_of(leader)
    if incident is None:
        return
    alike = (
        line
        for line in open_lines(desk.cases, leader.community)
        if line.number != leader.number
        and line.state in IN_DISPATCH
        and line.registered_at >= leader.registered_at - BEFORE
        and not line.leads
        and matter_of(line) == incident.matter
        and is_open_to(member, line)
    )
    left = REPORTS_A_PAGE
    while left and (lines := tuple(islice(alike, READ_AT_ONCE))):
        cases = desk.cases.several(leader.community, [line.number for line in lines])
        here = (line for line in lines if line.number in cases)
        found = [
            line for line in here if is_of_the_place(cases[line.number][0].report.unit, incident, context)
        ][:left]
        yield from found
        left -= len(found)


def matter_of(line: CaseLine) -> str:
    """The matter of a case; while nobody has sorted it, the one that was proposed."""
    return (line.proposed or UNSORTED) if line.matter == UNSORTED else line.matter
