"""The index by which cases are found: a row for each term of a case, under its keyed hash (E8, G24).

It is written once the case is, by the relay, and made anew from the case however often: what is not found yet
is found some moments later. Nobody is shown a case because of a row: services/views/found.py reads the case
itself.
"""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.personal import DataKind, emptied
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.search_terms import terms_of
from chalicelib.services.desk import Desk

KEY_LENGTH = 24
"""Characters of a key: 96 bits of its hash."""


def term_key(desk: Desk, community: str, term: str) -> str:
    """The key of a term; it does not show the term, and is another in each community."""
    return desk.codes.keyed("find", f"{community}\0{term}")[:KEY_LENGTH]


def follow(desk: Desk, community: str, number: str) -> int:
    """Have the case found by what it says now; how many rows that changed, none without a case."""
    try:
        case = desk.cases.get(community, number)
    except NotFoundError:
        return 0
    return index(desk, case)


def forget(desk: Desk, case: Case, kinds: tuple[str, ...]) -> None:
    """Have the case no more found by what will be erased of it."""
    if {DataKind.CONTACT, DataKind.WORDS} & set(kinds):
        index(desk, emptied(case, kinds))


def index(desk: Desk, case: Case) -> int:
    """Have the case found by its terms and no others; how many rows that changed."""
    terms = terms_of(case.number, case.report, desk.directory.community(case.community))
    keys = frozenset(term_key(desk, case.community, term) for term in terms)
    return desk.search.put(case.community, case.number, case.version, keys)
