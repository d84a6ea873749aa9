"""Handovers of shifts, in rows of `cases` that forget themselves (B14).

| what | call |
|---|---|
| one is written | one TransactWriteItems of it and of its row beside the community, where it waits |
| one is signed for | one TransactWriteItems, on the condition that nobody has signed |
| the latest of a department, newest first | one Query |
| one by its id | one GetItem |
"""

from datetime import timedelta

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read, stored, text
from chalicelib.adapters.dynamo.errors import failed_conditions
from chalicelib.adapters.dynamo.tables import CONNECTION, CaseRow, DirectoryRow
from chalicelib.domain.community.handover import Handover, Unsigned

UNSIGNED = "UNSIGNED#"
"""What the sort keys of those begin with that wait, beside their community."""

KEPT = timedelta(days=190)
"""How long a handover stays readable (ours)."""


class DynamoHandovers:
    """HandoverStore."""

    def write(self, community: str, handover: Handover) -> bool:
        waiting = Unsigned(handover.id, handover.department, handover.by, handover.to, handover.at)
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                transaction.save(_row(community, handover), condition=CaseRow.pk.does_not_exist())
                transaction.save(DirectoryRow(keys.directory(community), _key(handover), data=text(waiting)))
        except TransactWriteError as error:
            if failed_conditions(error):
                return False
            raise
        return True

    def sign(self, community: str, handover: Handover) -> bool:
        row = _row(community, handover)
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                transaction.save(row, condition=CaseRow.state == "unsigned")
                transaction.delete(DirectoryRow(keys.directory(community), _key(handover)))
        except TransactWriteError as error:
            if failed_conditions(error):
                return False
            raise
        return True

    def latest(self, community: str, department: str, limit: int) -> tuple[Handover, ...]:
        rows = CaseRow.query(
            keys.handovers(community, department),
            consistent_read=True,
            scan_index_forward=False,
            limit=limit,
            page_size=limit,
        )
        return tuple(read(row.data, Handover) for row in rows)

    def one(self, community: str, department: str, handover_id: str) -> Handover | None:
        try:
            row = CaseRow.get(keys.handovers(community, department), handover_id, consistent_read=True)
        except CaseRow.DoesNotExist:
            return None
        return read(row.data, Handover)


def _row(community: str, handover: Handover) -> CaseRow:
    return CaseRow(
        keys.handovers(community, handover.department),
        handover.id,
        data=stored(handover),
        state="signed" if handover.signed_by else "unsigned",
        expires_at_epoch=int((handover.at + KEPT).timestamp()),
    )


def _key(handover: Handover) -> str:
    return f"{UNSIGNED}{handover.department}#{handover.id}"
