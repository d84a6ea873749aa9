"""Findings on staff, apart from the cases that they are about (B15): only managers and the person read them.

| what | call |
|---|---|
| one is stored, if the version before is there | one TransactWriteItems of it and of what it still asks for |
| merit is stored, which asks for nothing | one PutItem |
| one by person and id | one GetItem |
| all of a community, or of a person | one Query, page after page of 1 MB |
| one is taken away | one UpdateItem, which empties its row; one more of what it asks for |
"""

import time

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import row_of_finding
from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.adapters.dynamo.errors import failed_conditions, saved_if
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.adapters.dynamo.transactions import send
from chalicelib.domain.follow_up.findings import Finding


class DynamoFindings:
    """FindingStore."""

    def put(self, community: str, finding: Finding) -> bool:
        row = _row(community, finding)
        row.data, row.version = stored(finding), finding.version
        before = finding.version - 1
        is_next = CaseRow.version == before if before else CaseRow.pk.does_not_exist()
        if finding.merit:
            return saved_if(row, is_next)

        def fill(transaction: TransactWrite) -> None:
            transaction.save(row, condition=is_next)
            transaction.save(row_of_finding(community, finding))

        try:
            send(fill, time.sleep)
        except TransactWriteError as error:
            if failed_conditions(error):
                return False
            raise
        return True

    def get(self, community: str, about: str, finding_id: str) -> Finding | None:
        sort_key = f"{keys.findings_on(about)}{finding_id}"
        try:
            row = CaseRow.get(keys.findings(community), sort_key, consistent_read=True)
        except CaseRow.DoesNotExist:
            return None
        return read(row.data, Finding) if row.data else None

    def of(self, community: str, about: str | None = None) -> tuple[Finding, ...]:
        wanted = CaseRow.sk.startswith(keys.findings_on(about)) if about else None
        rows = CaseRow.query(keys.findings(community), wanted, consistent_read=True)
        return tuple(read(row.data, Finding) for row in rows if row.data)

    def remove(self, community: str, finding: Finding) -> None:
        row_of_finding(community, finding).update([CaseRow.data.remove()])
        _row(community, finding).update([CaseRow.data.remove()])


def _row(community: str, finding: Finding) -> CaseRow:
    return CaseRow(keys.findings(community), f"{keys.findings_on(finding.about)}{finding.id}")
