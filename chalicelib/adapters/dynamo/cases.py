"""The register in DynamoDB. What is written together is in `writes`, lists are in `lists`.

| what | call |
|---|---|
| the next serial of a month | one UpdateItem on the month's counter |
| a case as it stands | one GetItem, consistent; a Query of its history too, if another release stored it |
| its history, whole or a page of it | one Query of `EVENT#…`, consistent |
| why a number has no case | one PutItem of the row that the case would have had |
| what became of the serials of a month | the counter; two Queries of `register`, if any is not settled |
| that they are settled | one UpdateItem of the counter |
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pynamodb.exceptions import PutError

from chalicelib.adapters.dynamo import keys, lists, writes
from chalicelib.adapters.dynamo.documents import instant, read, read_event, read_instant, shape_of, text
from chalicelib.adapters.dynamo.errors import condition_failed
from chalicelib.adapters.dynamo.tables import CASE, COUNTER, CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.numbering import case_number, serial_of
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.ports import Now
from chalicelib.services.records import CaseLine, Change, Page, SerialBook, Void

VOID = "void"
NEVER = datetime.fromtimestamp(0, UTC)


class DynamoCases:
    """CaseStore. `sleep` waits between two tries of a transaction that met another one."""

    def __init__(self, now: Now, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep

    def next_serial(self, community: str, month: str) -> int:
        row = CaseRow(keys.month(community, month), COUNTER)
        row.update([CaseRow.serial.add(1), CaseRow.counted_at.set(instant(self._now()))])
        return int(row.serial)

    def create(self, change: Change) -> None:
        writes.write_new(change, self._sleep)

    def save(self, change: Change) -> None:
        writes.write_changed(change, self._sleep)

    def get(self, community: str, number: str) -> Case:
        try:
            row = CaseRow.get(keys.case(community, number), CASE, consistent_read=True)
        except CaseRow.DoesNotExist:
            row = None
        if row is None or row.state == VOID:
            raise NotFoundError(f"There is no case {number} in {community}.")
        if row.shape != shape_of(Case):  # stored by another release: what it did not know, the events tell
            return fold(self.events(community, number), community, number)
        return read(row.data, Case)

    def events(self, community: str, number: str) -> tuple[Event, ...]:
        rows = CaseRow.query(
            keys.case(community, number), CaseRow.sk.startswith(keys.EVENTS), consistent_read=True
        )
        return tuple(read_event(row.data) for row in rows if row.data is not None)

    def events_page(
        self, community: str, number: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[Event]:
        after = int(cursor["version"]) if cursor else 0
        beyond = CaseRow.sk.between(keys.event(after + 1), keys.LAST_EVENT)
        rows = CaseRow.query(keys.case(community, number), beyond, consistent_read=True, limit=limit + 1)
        found = tuple(read_event(row.data) for row in rows if row.data is not None)
        more = {"version": str(found[limit - 1].version)} if len(found) > limit else None
        return Page(found[:limit], more)

    def record_void(self, community: str, void: Void) -> bool:
        row = CaseRow(
            keys.case(community, void.number),
            CASE,
            state=VOID,
            line=text(void),
            register_month=keys.voids(community, void.number[:6]),
            number_key=keys.number_key(void.number),
        )
        try:
            row.save(CaseRow.pk.does_not_exist())
        except PutError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def serials(self, community: str, month: str, *, unsettled_only: bool = False) -> SerialBook:
        try:
            row = CaseRow.get(keys.month(community, month), COUNTER, consistent_read=True)
        except CaseRow.DoesNotExist:
            return SerialBook(0, NEVER, {})
        settled = int(row.settled or 0)
        if unsettled_only and settled == row.serial:
            return SerialBook(settled, read_instant(row.counted_at), {}, settled)
        after = case_number(month, settled if unsettled_only else 0)
        lines, voids = lists.all_lines(community, month, after), lists.all_voids(community, month, after)
        present = {serial_of(one.number): one.registered_at for one in lines}
        present |= {serial_of(one.number): one.at for one in voids}
        return SerialBook(int(row.serial), read_instant(row.counted_at), present, settled)

    def settle(self, community: str, month: str, serial: int) -> None:
        CaseRow(keys.month(community, month), COUNTER).update([CaseRow.settled.set(serial)])

    def open_work(
        self,
        community: str,
        *,
        department: str | None,
        handler: str | None,
        limit: int,
        cursor: Mapping[str, str] | None,
    ) -> Page[CaseLine]:
        return lists.open_work(community, department, handler, limit, cursor)

    def register(
        self, community: str, month: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        return lists.register(community, month, limit, cursor)

    def by_unit(
        self, community: str, unit_key: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        return lists.by_unit(community, unit_key, limit, cursor)
