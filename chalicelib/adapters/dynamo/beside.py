"""What waits beside the cases of a community, in rows of `cases` of one partition (A1, B15).

Which mails are held is a set of their names, so that the same one noted twice is there once. A row of a
finding is written in the transaction that writes the finding (findings.py).

| what | call |
|---|---|
| what waits | one Query, at most once a minute |
| mails are held, or are held no more | one UpdateItem |
"""

import time
from collections.abc import Callable, Collection

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import size

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.adapters.dynamo.errors import condition_failed
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.community.beside import MOST_HELD, Beside, OpenFinding
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.open_findings import open_of

KEPT_SECONDS = 60.0
"""How old it may be: what is done in one function reaches the first page in every other within this time."""
HELD, FINDING = "HELD", "FINDING#"


class DynamoBeside:
    """BesideStore. `seconds` is a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._known: dict[str, tuple[float, Beside]] = {}

    def of(self, community: str) -> Beside:
        read_at, known = self._known.get(community, (0.0, None))
        fresh = known is not None and self._seconds() - read_at < KEPT_SECONDS
        return known if fresh and known is not None else self.anew(community)

    def anew(self, community: str) -> Beside:
        rows = tuple(CaseRow.query(keys.beside(community), consistent_read=True))
        found = Beside(
            tuple(sorted(name for row in rows if row.sk == HELD for name in row.held or ())),
            tuple(read(row.data, OpenFinding) for row in rows if row.sk.startswith(FINDING) and row.data),
        )
        self._known[community] = (self._seconds(), found)
        return found

    def hold(self, community: str, names: Collection[str]) -> None:
        has_room = CaseRow.held.does_not_exist() | (size(CaseRow.held) < MOST_HELD)
        try:
            _held(community).update([CaseRow.held.add({*names})], condition=has_room)
        except UpdateError as error:
            if not condition_failed(error):
                raise
        self._known.pop(community, None)

    def let_go(self, community: str, names: Collection[str]) -> None:
        _held(community).update([CaseRow.held.delete({*names})])
        self._known.pop(community, None)


def _held(community: str) -> CaseRow:
    return CaseRow(keys.beside(community), HELD)


def row_of_finding(community: str, finding: Finding) -> CaseRow:
    """The row that says what a finding still asks for; empty once it asks for nothing."""
    waits = open_of(finding)
    row = CaseRow(keys.beside(community), f"{FINDING}{finding.id}")
    row.data = stored(waits) if waits else None
    return row
