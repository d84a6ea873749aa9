"""Writing staff and communities at the desk, each with what was done (F).

| what | call |
|---|---|
| somebody of staff is written down, or a community's own entry | one TransactWriteItems with the act |
| a new community | one TransactWriteItems of its entry, its name, its staff and the act |
| only what was done | one PutItem |
| what was done, newest first | one Query |

`STAFFING` is the id of the last act: whoever writes has read it, or has to read again. So two who take one
another out of service at once do not both succeed.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import directory, keys
from chalicelib.adapters.dynamo.directory_admin import entry_alone
from chalicelib.adapters.dynamo.documents import read_text, text
from chalicelib.adapters.dynamo.errors import failed_conditions
from chalicelib.adapters.dynamo.tables import CONNECTION, DirectoryRow
from chalicelib.domain.community.community import Community, Staff
from chalicelib.services.records import Page
from chalicelib.services.staff_port import Act


class DynamoStaff:
    """StaffStore."""

    def put_person(self, community: Community, person: Staff, act: Act) -> bool:
        key = f"{directory.STAFF}{person.username}"
        row = DirectoryRow(keys.directory(community.id), key, data=text(person))
        return written_with(community, act, (row,))

    def put_community(self, community: Community, act: Act) -> bool:
        place = keys.directory(community.id)
        entry = DirectoryRow(place, directory.COMMUNITY, data=text(entry_alone(community)))
        name = DirectoryRow(keys.COMMUNITIES, community.id, data=community.name)
        return written_with(community, act, (entry, name, directory.changed_row(community.id, act.at)))

    def add_community(self, community: Community, act: Act) -> bool:
        place = keys.directory(community.id)
        entry = DirectoryRow(place, directory.COMMUNITY, data=text(entry_alone(community)))
        staff = [
            DirectoryRow(place, f"{directory.STAFF}{person.username}", data=text(person))
            for person in community.staff
        ]
        name = DirectoryRow(keys.COMMUNITIES, community.id, data=community.name)
        return written_with(replace(community, staffing=""), act, (entry, name, *staff), is_new=True)

    def note(self, community_id: str, act: Act) -> None:
        _row_of(community_id, act).save()

    def acts(self, community_id: str, limit: int, cursor: Mapping[str, str] | None) -> Page[Act]:
        rows = DirectoryRow.query(
            keys.acts(community_id),
            scan_index_forward=False,
            limit=limit,
            page_size=limit + 1,
            last_evaluated_key={name: {"S": value} for name, value in cursor.items()} if cursor else None,
        )
        found = tuple(read_text(row.data or "", Act) for row in rows)
        left = rows.last_evaluated_key
        return Page(found, {name: value["S"] for name, value in left.items()} if left else None)


def written_with(
    community: Community,
    act: Act,
    rows: Sequence[DirectoryRow],
    gone: Sequence[DirectoryRow] = (),
    *,
    is_new: bool = False,
) -> bool:
    """Write all of it with the act, and take out what is `gone`; False if staff or settings changed since."""
    try:
        with TransactWrite(connection=CONNECTION) as transaction:
            for place, row in enumerate(rows):
                is_first_of_new = is_new and place == 0
                transaction.save(row, condition=DirectoryRow.pk.does_not_exist() if is_first_of_new else None)
            for row in gone:
                transaction.delete(row)
            stamp = DirectoryRow(keys.directory(community.id), directory.STAFFING, data=act.id)
            transaction.save(stamp, condition=_as_read(community))
            transaction.save(_row_of(community.id, act))
    except TransactWriteError as error:
        if failed_conditions(error):
            return False
        raise
    return True


def _as_read(community: Community) -> Condition:
    known: Condition = DirectoryRow.data == community.staffing
    return known if community.staffing else DirectoryRow.pk.does_not_exist()


def _row_of(community_id: str, act: Act) -> DirectoryRow:
    return DirectoryRow(keys.acts(community_id), act.id, data=text(act))
