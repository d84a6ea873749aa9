"""The index of what is said in cases, in rows of `cases` (services/search.py).

| what | call |
|---|---|
| the cases under a key, newest first, from a number on | one Query |
| the keys of a case, made anew | one BatchGetItem; where they differ, two PutItem and BatchWriteItem by 25s |

A row is `{community}#FIND#{key}` and the number; it has nothing else. Beside the case `FIND` keeps its keys,
so that what it is found by no more is known, also by a release that makes other terms of it. It is written
first, with old and new keys: after a crash the next time finds what may be there, and writes what may not.
"""

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.adapters.dynamo.errors import saved_if
from chalicelib.adapters.dynamo.paging import page_of
from chalicelib.adapters.dynamo.tables import FIND, CaseRow

UNFINISHED = "unfinished"
"""The status of keys beside a case while their rows are written: not all of them need be there."""


class DynamoSearch:
    """SearchStore."""

    def find(self, community: str, key: str, limit: int, at_most: str | None) -> tuple[tuple[str, ...], bool]:
        place, older = keys.found(community, key), None
        if at_most is not None:
            older = CaseRow.sk <= keys.number_key(at_most)
        rows, left = page_of(CaseRow, place, older, limit, None, page_size=limit + 1, newest_first=True)
        return tuple(keys.number_of(row.sk) for row in rows), left is None

    def put(self, community: str, number: str, version: int, wanted: frozenset[str]) -> int:
        place = keys.case(community, number)
        row = next(iter(CaseRow.batch_get([(place, FIND)], consistent_read=True)), None)
        known = read(row.data, frozenset[str]) if row is not None else frozenset()
        there = frozenset() if row is None or row.status == UNFINISHED else known
        if there == wanted or (row is not None and int(row.version) > version):
            return 0
        if not _noted(place, version, known | wanted, UNFINISHED):
            return 0
        gone, new, at = known - wanted, wanted - there, keys.number_key(number)
        with CaseRow.batch_write() as batch:
            for key in sorted(new):
                batch.save(CaseRow(keys.found(community, key), at))
            for key in sorted(gone):
                batch.delete(CaseRow(keys.found(community, key), at))
        _noted(place, version, wanted, None)
        return len(gone) + len(new)


def _noted(place: str, version: int, wanted: frozenset[str], status: str | None) -> bool:
    """Put on record what a version of the case is found by; False if a later one has done so."""
    not_overtaken = CaseRow.version.does_not_exist() | (CaseRow.version <= version)
    row = CaseRow(place, FIND, data=stored(sorted(wanted)), version=version, status=status)
    return saved_if(row, not_overtaken)
