"""Finding a case by what somebody remembers of it (E8, G13).

The index gives the newest cases that have every term; the case itself, as its reader may read it, says
whether it is meant. So nobody finds a case by what they could not read of it, and what is found is true now.
"""

from collections.abc import Mapping

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.numbering import place_of
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.community import Member
from chalicelib.domain.intake.search_terms import Term, terms_asked, terms_of
from chalicelib.services.access.looks import listed_to
from chalicelib.services.desk import Desk
from chalicelib.services.records import Page
from chalicelib.services.search import term_key
from chalicelib.services.views.meeting import Part, meeting
from chalicelib.services.views.rows import Row, as_read, row_of

MOST_READS = 16
"""After so many reads of the index a page is as it is, and goes on, perhaps empty.

It comes to that for who may see few of the cases, and for words that are in very many and hardly ever in one.
"""

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
    wanted, found, reads = {term.text for term in terms}, list[Row](), list[Term]()
    community = member.community.id

    def read(term: Term, at_most: str | None) -> Part:
        if term.kind == "number":  # it is the key of its case: nothing has to be looked up
            there = at_most is None or place_of(term.text) <= place_of(at_most)
            return Part((term.text,) if there else (), ended=True)
        reads.append(term)
        return Part(*desk.search.find(community, term_key(desk, community, term.text), limit, at_most))

    rest = (cursor or {}).get("at_most")
    for numbers, older in meeting(read, terms, rest):
        rest = older
        cases = desk.cases.several(community, numbers) if numbers else {}
        for number in numbers:
            if len(found) == limit:
                return Page(tuple(found), {"at_most": number})
            if number in cases and _is_meant(member, cases[number][0], wanted):
                found.append(row_of(member, *cases[number]))
        if len(found) == limit or len(reads) >= MOST_READS:
            break
    return Page(tuple(found), {"at_most": rest} if rest else None)


def _is_meant(member: Member, case: Case, wanted: set[str]) -> bool:
    if not may_see(member, case):
        return False
    return wanted <= terms_of(case.number, as_read(member, case).report, member.community)
