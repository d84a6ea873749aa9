"""Lists of cases: one Query for a page, whatever the size of the register.

| what | index, key | order |
|---|---|---|
| open work of a community, a department, a handler | `open_by_…`, the one asked for | what is due first |
| open cases that somebody took in | `open_by_follower`, `community#username` | what is due first |
| the register of a month | `register`, `community#YYYYMM` | number |
| the cases of a unit | `by_unit`, `community#keyed hash` | number, newest first |
| the cases of a resident | `by_resident`, `community#keyed hash` | number, newest first |
| the numbers of a month without a case | `register`, `community#YYYYMM#void` | number |

An index lags behind its table by some milliseconds; nothing is decided from a list without reading the case.
"""

from collections.abc import Collection, Iterator, Mapping

from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read_text
from chalicelib.adapters.dynamo.paging import Cursor, page_both_ways
from chalicelib.adapters.dynamo.tables import CASE, CaseRow
from chalicelib.services.records import CaseLine, Page
from chalicelib.services.serials import Void

VOID = "void"
"""The state of a row that explains why a number has no case."""


def open_work(
    community: str,
    department: str | None,
    handler: str | None,
    followed_by: str | None,
    limit: int,
    cursor: Cursor,
    *,
    newest_first: bool = False,
) -> Page[CaseLine]:
    index: GlobalSecondaryIndex[CaseRow] = CaseRow.by_open_community
    key = community
    if followed_by is not None:
        index, key = CaseRow.by_open_follower, keys.handler(community, followed_by)
    elif handler is not None:
        index, key = CaseRow.by_open_handler, keys.handler(community, handler)
    elif department is not None:
        index, key = CaseRow.by_open_department, keys.department(community, department)
    return _page(index, key, limit, cursor, newest_first=newest_first)


def register(
    community: str, month: str, limit: int, cursor: Cursor, *, newest_first: bool = False
) -> Page[CaseLine]:
    key = keys.month(community, month)
    return _page(CaseRow.in_register, key, limit, cursor, newest_first=newest_first)


def by_unit(community: str, unit_key: str, limit: int, cursor: Cursor) -> Page[CaseLine]:
    return _page(CaseRow.by_unit, keys.unit(community, unit_key), limit, cursor, newest_first=True)


def of_resident(community: str, resident_key: str) -> tuple[str, ...]:
    """The numbers of a resident's cases, newest first: all of them, page after page."""
    rows = CaseRow.by_resident.query(keys.unit(community, resident_key), scan_index_forward=False)
    return tuple(keys.community_and_number(row.pk)[1] for row in rows)


def lines_of(community: str, numbers: Collection[str]) -> Mapping[str, CaseLine]:
    """The lines of some cases; one BatchGetItem."""
    if not numbers:
        return {}
    rows = CaseRow.batch_get([(keys.case(community, number), CASE) for number in numbers])
    return {line.number: line for line in map(_line, (row for row in rows if row.state != VOID))}


def all_lines(community: str, month: str, after: str) -> Iterator[CaseLine]:
    """The register of a month beyond a number, page after page of 1 MB."""
    beyond = CaseRow.number_key > keys.number_key(after)
    for row in CaseRow.in_register.query(keys.month(community, month), beyond):
        yield _line(row)


def all_voids(community: str, month: str, after: str) -> Iterator[Void]:
    """The numbers of a month, beyond one, that have no case."""
    beyond = CaseRow.number_key > keys.number_key(after)
    for row in CaseRow.in_register.query(keys.voids(community, month), beyond):
        yield read_text(row.line, Void)


def _page(
    index: GlobalSecondaryIndex[CaseRow], key: str, limit: int, cursor: Cursor, *, newest_first: bool = False
) -> Page[CaseLine]:
    """One page. One row more than asked for is read, so that a last page is known to be the last."""
    rows, after, before = page_both_ways(index, key, limit, cursor, newest_first=newest_first)
    return Page(tuple(_line(row) for row in rows), after, before)


def _line(row: CaseRow) -> CaseLine:
    return read_text(row.line, CaseLine)
