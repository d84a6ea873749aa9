"""The register in DynamoDB. Transactions are in `writes`, cases and histories in `reads`, lists in `lists`.

| what | call |
|---|---|
| the next serial of a month, and who leads an incident | one UpdateItem on the month's counter |
| a case as it stands | one BatchGetItem; a Query of its history too, if another release stored it |
| a case with its history and notices | one Query |
| its history, whole or up to the end of a page | one Query |
| why a number has no case | one PutItem of the row that the case would have had |
| what became of the serials of a month | the counter; two Queries of `register`, if any is not settled |
| that they are settled | one UpdateItem of the counter |
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from chalicelib.adapters.dynamo import incidents, keys, lists, old_events, reads, writes
from chalicelib.adapters.dynamo.contact import Contact, RecentContacts
from chalicelib.adapters.dynamo.documents import instant, read_instant, text
from chalicelib.adapters.dynamo.errors import saved_if
from chalicelib.adapters.dynamo.tables import CASE, COUNTER, CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.numbering import case_number, serial_of
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.services.incident_port import Lead, Serial
from chalicelib.services.ports import Now
from chalicelib.services.records import CaseLine, Change, Opened, Page
from chalicelib.services.serials import SerialBook, Void

VOID = lists.VOID
NEVER = datetime.fromtimestamp(0, UTC)


class DynamoCases:
    """CaseStore. `sleep` waits between two tries of what met somebody else's transaction.

    It remembers the contacts that it has read or written last: a command needs that of its case, to refer to
    what was said before, and would have to read it once more.
    """

    def __init__(self, now: Now, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._contacts = RecentContacts()

    def next_serial(self, community: str, month: str) -> Serial:
        row = CaseRow(keys.month(community, month), COUNTER)
        row.update([CaseRow.serial.add(1), CaseRow.counted_at.set(instant(self._now()))])
        return Serial(int(row.serial), incidents.leads_in(row))

    def create(self, change: Change) -> None:
        self._keep(change, writes.write_new(change, self._sleep))

    def save(self, change: Change) -> None:
        contact = self._contact_before(change)
        self._keep(change, writes.write_changed(change, contact, self._sleep))

    def _keep(self, change: Change, contact: Contact) -> None:
        case = change.outcome.after
        self._contacts.keep(keys.case(case.community, case.number), case.version, contact)

    def _contact_before(self, change: Change) -> Contact:
        """The contact as of the version that was read; ConflictError if that is not stored any more."""
        case = change.outcome.after
        before = case.version - len(change.outcome.events)
        kept = self._contacts.of(keys.case(case.community, case.number), before)
        if kept is not None:
            return kept
        try:
            stored, contact = reads.case_and_contact(case.community, case.number, self._sleep)
        except NotFoundError as error:
            raise ConflictError(f"There is no case {case.number} to change.") from error
        if stored.version != before:
            raise ConflictError(f"Case {case.number} was changed by somebody else just now.")
        return contact

    def get(self, community: str, number: str) -> Case:
        case, contact = reads.case_and_contact(community, number, self._sleep)
        self._contacts.keep(keys.case(community, number), case.version, contact)
        return case

    def opened(self, community: str, number: str) -> Opened:
        return reads.opened(community, number, self._sleep)

    def events(self, community: str, number: str) -> tuple[Event, ...]:
        return reads.history(community, number, self._sleep)

    def events_page(
        self, community: str, number: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[Event]:
        after = int(cursor["version"]) if cursor else 0
        found = reads.history(community, number, self._sleep, after=after, most=limit + 1)
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
        return saved_if(row, CaseRow.pk.does_not_exist())

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
        present = {serial_of(line.number): line.registered_at for line in lines}
        present |= {serial_of(void.number): void.at for void in voids}
        return SerialBook(int(row.serial), read_instant(row.counted_at), present, settled)

    def settle(self, community: str, month: str, serial: int) -> None:
        CaseRow(keys.month(community, month), COUNTER).update([CaseRow.settled.set(serial)])

    def open_work(
        self,
        community: str,
        *,
        department: str | None,
        handler: str | None,
        followed_by: str | None = None,
        limit: int,
        cursor: Mapping[str, str] | None,
        newest_first: bool = False,
    ) -> Page[CaseLine]:
        return lists.open_work(
            community, department, handler, followed_by, limit, cursor, newest_first=newest_first
        )

    def register(
        self,
        community: str,
        month: str,
        limit: int,
        cursor: Mapping[str, str] | None,
        *,
        newest_first: bool = False,
    ) -> Page[CaseLine]:
        return lists.register(community, month, limit, cursor, newest_first=newest_first)

    def lines(self, community: str, numbers: Collection[str]) -> Mapping[str, CaseLine]:
        return lists.lines_of(community, numbers)

    def several(self, community: str, numbers: Collection[str]) -> Mapping[str, tuple[Case, CaseLine]]:
        return reads.several(community, numbers, self._sleep)

    def empty_old_events(self, community: str, number: str, kinds: tuple[str, ...]) -> None:
        old_events.empty_old_events(community, number, kinds)

    def of_resident(self, community: str, resident_key: str) -> tuple[str, ...]:
        return lists.of_resident(community, resident_key)

    def joined(self, community: str, number: str) -> tuple[str, ...]:
        return incidents.joined(community, number)

    def joined_to_each(self, community: str, numbers: Collection[str]) -> Mapping[str, int]:
        return incidents.joined_to_each(community, numbers)

    def leaders(self, community: str, limit: int, cursor: Mapping[str, str] | None) -> Page[str]:
        return incidents.leaders(community, limit, cursor)

    def show_lead(self, community: str, month: str, lead: Lead, *, shown: bool) -> None:
        incidents.show_lead(community, month, lead, instant(self._now()), shown=shown)

    def by_unit(
        self, community: str, unit_key: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        return lists.by_unit(community, unit_key, limit, cursor)
