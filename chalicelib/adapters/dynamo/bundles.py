"""Rows of many notices, more than the transaction of their command has room for.

DynamoDB takes 100 items in a transaction, and a fire can alert more people than that. The notices are decided
and written with the event all the same; what is put off is only that each gets a row of its own.

| what | call |
|---|---|
| unpack a bundle | one GetItem; one PutItem for each notice, if it has no row yet; one UpdateItem |
| bundles that nobody has unpacked | one Query of `undelivered` |
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import instant, read, stored
from chalicelib.adapters.dynamo.errors import saved_if
from chalicelib.adapters.dynamo.tables import BUNDLED, PENDING, CaseRow
from chalicelib.domain.notices.kinds import Notice

MOST_ITEMS = 100
"""What DynamoDB takes in one transaction. Its 4 MB are no nearer: two rows can be large, of 400 KB."""

IN_A_BUNDLE = 500
"""Notices in one row: 150 KB of ids and code words at most, of the 400 that it may have."""


def notice_rows(place: str, notices: Sequence[Notice], room: int) -> list[CaseRow]:
    """The rows of the notices of one command, at most `room`: one each, or bundles if they are too many."""
    if len(notices) <= room:
        return [_row(place, notice) for notice in notices]
    return list(_bundles(place, notices))


def _row(place: str, notice: Notice) -> CaseRow:
    return CaseRow(
        place,
        keys.notice(notice.key),
        data=stored(notice),
        status="pending",
        attempts=0,
        created_at=instant(notice.created_at),
        undelivered=PENDING,
    )


def _bundles(place: str, notices: Sequence[Notice]) -> Iterator[CaseRow]:
    for first in range(0, len(notices), IN_A_BUNDLE):
        some = notices[first : first + IN_A_BUNDLE]
        yield CaseRow(
            place,
            keys.bundle(some[0].key),
            data=stored(tuple(some)),
            created_at=instant(some[0].created_at),
            undelivered=BUNDLED,
        )


def unpack(community: str, number: str, key: str) -> None:
    """Give each notice of a bundle its row; done once however often, and by however many, it is done."""
    place = keys.case(community, number)
    try:
        bundle = CaseRow.get(place, keys.bundle(key), consistent_read=True)
    except CaseRow.DoesNotExist:
        return
    if bundle.undelivered is None:
        return
    for notice in read(bundle.data, tuple[Notice, ...]):
        saved_if(_row(place, notice), CaseRow.pk.does_not_exist())
    bundle.update([CaseRow.undelivered.remove(), CaseRow.data.remove()])


def unpacked_by_nobody(before: datetime, limit: int) -> tuple[tuple[str, str, str], ...]:
    """(community, number, key) of bundles from before an instant that nobody has unpacked, oldest first."""
    late = CaseRow.not_delivered.query(BUNDLED, CaseRow.created_at < instant(before), limit=limit)
    return tuple((*keys.community_and_number(row.pk), row.sk.removeprefix(keys.BUNDLES)) for row in late)
