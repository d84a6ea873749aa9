"""Finding a case by what somebody remembers of it (E8, G13).

The index gives the newest cases of the rarest term; the case itself, as its reader may read it, says whether
it is meant. So nobody finds a case by what they could not read of it, and what is found is what is true now.
"""

from collections.abc import Mapping

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.community import Member
from chalicelib.domain.intake.search_terms import Term, terms_asked, terms_of
from chalicelib.services.access.looks import listed_to
from chalicelib.services.desk import Desk
from chalicelib.services.records import Page
from chalicelib.services.search import term_key
from chalicelib.services.views.rows import Row, as_read, row_of

MOST_ROUNDS = 8
"""So often the index is asked for one page; who may see few cases gets one that goes on, perhaps empty."""

Cursor = Mapping[str, str] | None
NOTHING: Page[Row] = Page((), None)


def found_on_record(desk: Desk, member: Member, query: str, limit: int, cursor: Cursor) -> Page[Row]:
    """The newest cases that have every term of a query (E8).

    The look is on record before they are shown.

    The record says by which kinds of terms it was searched, not by which: they name people.
    """
    terms = terms_asked(query, member.community)
    page = _found(desk, member, terms, limit, cursor) if terms else NOTHING
    lines = tuple(row.line for row in page.items)
    if terms:
        listed_to(desk, member, lines, "+".join(term.kind for term in terms), LookAt.SEARCH)
    return page


def _found(desk: Desk, member: Member, terms: tuple[Term, ...], limit: int, cursor: Cursor) -> Page[Row]:
    wanted, found = {term.text for term in terms}, list[Row]()
    community = member.community.id
    for _ in range(MOST_ROUNDS):
        numbers, cursor = _next(desk, community, terms[0], limit - len(found), cursor)
        cases = desk.cases.several(community, numbers)
        for number in numbers:
            if number in cases and _is_meant(member, cases[number][0], wanted):
                found.append(row_of(member, *cases[number]))
        if cursor is None or len(found) == limit:
            break
    return Page(tuple(found), cursor)


def _next(
    desk: Desk, community: str, term: Term, limit: int, cursor: Cursor
) -> tuple[tuple[str, ...], Cursor]:
    if term.kind == "number":  # it is the key of its case: nothing has to be looked up
        return (term.text,), None
    page = desk.search.find(community, term_key(desk, community, term.text), limit, cursor)
    return page.items, page.cursor


def _is_meant(member: Member, case: Case, wanted: set[str]) -> bool:
    if not may_see(member, case):
        return False
    return wanted <= terms_of(case.number, as_read(member, case).report, member.community)
