"""The answer books (A14), in the table of the cases.

| what | call |
|---|---|
| all entries of a community as they stand | one Query, page after page of 1 MB |
| all versions of an entry | one Query |
| the next version is stored | one TransactWriteItems of the version and of the entry as it stands |
"""

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.adapters.dynamo.errors import failed_conditions
from chalicelib.adapters.dynamo.tables import CONNECTION, CaseRow
from chalicelib.domain.book import Entry


class DynamoBook:
    """BookStore."""

    def entries(self, community: str) -> tuple[Entry, ...]:
        return self._found(community, keys.ENTRIES)

    def versions(self, community: str, entry_id: str) -> tuple[Entry, ...]:
        return self._found(community, keys.versions_of(entry_id))

    def put(self, community: str, entry: Entry) -> bool:
        place, before = keys.book(community), entry.version - 1
        current = CaseRow(place, f"{keys.ENTRIES}{entry.id}", data=stored(entry), version=entry.version)
        version = CaseRow(place, f"{keys.versions_of(entry.id)}{entry.version:06d}", data=stored(entry))
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                transaction.save(
                    current, condition=CaseRow.version == before if before else CaseRow.pk.does_not_exist()
                )
                transaction.save(version, condition=CaseRow.pk.does_not_exist())
        except TransactWriteError as error:
            if failed_conditions(error):
                return False
            raise
        return True

    def _found(self, community: str, prefix: str) -> tuple[Entry, ...]:
        rows = CaseRow.query(keys.book(community), CaseRow.sk.startswith(prefix), consistent_read=True)
        return tuple(read(row.data, Entry) for row in rows if row.data)
