"""Link codes and rate counters. Intake and commands write links and idempotency keys (see `writes`).

| what | call |
|---|---|
| what a code stands for | one GetItem by its hash |
| who has left a mark | one GetItem; one BatchGetItem for several |
| a code that proves a number: kept, tried, used | one PutItem; one UpdateItem each |
| one more hit in a window | one UpdateItem of the window's own counter |
| one more in each of several that have room, or in none | one TransactWriteItems; of one, one UpdateItem |
| what was counted taken back | one TransactWriteItems |
| how many there were, whether something is taken | one GetItem |
| take what only one can have | one PutItem, if nobody else has it |
| how far something has come | one PutItem or GetItem of the row of its name |

TTL removes what has expired, but hours later: `check_link` compares the date, and a window has its own key.
Whoever floods one counter meets only themselves there; their collisions are sent again, then they are told
to wait.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read_text, text
from chalicelib.adapters.dynamo.errors import condition_failed, failed_conditions, saved_if, will_pass
from chalicelib.adapters.dynamo.tables import LinkRow
from chalicelib.adapters.dynamo.transactions import send
from chalicelib.adapters.dynamo.writes import BUSY
from chalicelib.domain.case.links import Link
from chalicelib.domain.errors import BusyError
from chalicelib.services.link_port import RateCounter


class DynamoLinks:
    """LinkStore."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep

    def find(self, code_hash: str) -> Link | None:
        try:
            row = LinkRow.get(code_hash, consistent_read=True)
        except LinkRow.DoesNotExist:
            return None
        return read_text(row.link, Link) if row.link else None

    def keep_code(self, key: str, code_hash: str, expires_at: datetime) -> None:
        ends = int(expires_at.timestamp())
        LinkRow(keys.proof(key), body_hash=code_hash, hits=0, expires_at_epoch=ends).save()

    def try_code(self, key: str) -> tuple[str | None, datetime, int]:
        row = LinkRow(keys.proof(key))
        try:
            row.update([LinkRow.hits.add(1)], LinkRow.body_hash.exists())
        except UpdateError as error:
            if condition_failed(error):
                return None, datetime.fromtimestamp(0, UTC), 0
            raise
        return row.body_hash, datetime.fromtimestamp(int(row.expires_at_epoch), UTC), int(row.hits)

    def use_code(self, key: str) -> None:
        LinkRow(keys.proof(key)).update([LinkRow.body_hash.remove()])

    def marked(self, key: str, now: datetime) -> str | None:
        try:
            row = LinkRow.get(keys.mark(key), consistent_read=True)
        except LinkRow.DoesNotExist:
            return None
        return row.number if (row.expires_at_epoch or 0) > now.timestamp() else None

    def marked_all(self, wanted: Sequence[str], now: datetime) -> Mapping[str, str]:
        by_row = {keys.mark(key): key for key in wanted}
        rows = LinkRow.batch_get(list(by_row), consistent_read=True) if by_row else ()
        return {by_row[row.pk]: row.number for row in rows if (row.expires_at_epoch or 0) > now.timestamp()}

    def remember(self, name: str, place: Mapping[str, str] | None, until: datetime) -> None:
        LinkRow(keys.place(name), link=text(place), expires_at_epoch=int(until.timestamp())).save()

    def recall(self, name: str) -> Mapping[str, str] | None:
        try:
            row = LinkRow.get(keys.place(name), consistent_read=True)
        except LinkRow.DoesNotExist:
            return None
        place: Mapping[str, str] | None = read_text(row.link, dict[str, str] | None)  # type: ignore[arg-type]
        return place

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        ends = int(window_ends_at.timestamp())
        row = LinkRow(keys.rate(bucket, ends))
        row.update([LinkRow.hits.add(1), LinkRow.expires_at_epoch.set(ends)])
        return int(row.hits or 0)

    def count_within(self, counters: Sequence[RateCounter]) -> int | None:
        if len(counters) == 1:
            return self._count_alone(counters[0])

        def fill(transaction: TransactWrite) -> None:
            for counter in counters:
                transaction.update(_row(counter), _added(counter, 1), condition=_room(counter))

        try:
            send(fill, self._sleep)
        except TransactWriteError as error:
            if full := failed_conditions(error):
                return min(full)
            raise (BusyError(BUSY) if will_pass(error) else error) from error
        return None

    def _count_alone(self, counter: RateCounter) -> int | None:
        try:
            _row(counter).update(_added(counter, 1), condition=_room(counter))
        except UpdateError as error:
            if condition_failed(error):
                return 0
            raise
        return None

    def give_back(self, counters: Sequence[RateCounter]) -> None:
        def fill(transaction: TransactWrite) -> None:
            for counter in counters:
                transaction.update(_row(counter), _added(counter, -1))

        try:
            send(fill, self._sleep)
        except TransactWriteError as error:
            if not will_pass(error):
                raise

    def take(self, key: str, owner: str, until: datetime) -> bool:
        row = LinkRow(keys.taken(key), link=owner, expires_at_epoch=int(until.timestamp()))
        return saved_if(row, LinkRow.pk.does_not_exist() | (LinkRow.link == owner))

    def owner_of(self, key: str, now: datetime) -> str | None:
        try:
            row = LinkRow.get(keys.taken(key))
        except LinkRow.DoesNotExist:
            return None
        return row.link if int(row.expires_at_epoch or 0) > now.timestamp() else None

    def hits(self, bucket: str, window_ends_at: datetime) -> int:
        try:
            row = LinkRow.get(keys.rate(bucket, int(window_ends_at.timestamp())))
        except LinkRow.DoesNotExist:
            return 0
        return int(row.hits or 0)


def _row(counter: RateCounter) -> LinkRow:
    return LinkRow(keys.rate(counter.bucket, int(counter.ends_at.timestamp())))


def _room(counter: RateCounter) -> Condition:
    room: Condition = LinkRow.hits.does_not_exist() | (LinkRow.hits < counter.most)
    return room


def _added(counter: RateCounter, hits: int) -> list[Action]:
    return [
        LinkRow.hits.add(hits),
        LinkRow.expires_at_epoch.set(int(counter.ends_at.timestamp())),
    ]
