"""The stand-in of the store of cases: the same conditions as on DynamoDB, in one memory."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from chalicelib.adapters.dynamo.contact import NOTHING_APART, apart, together
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.numbering import serial_of
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.services.errors import AlikeError, AlreadyRegisteredError
from chalicelib.services.incident_port import Serial
from chalicelib.services.records import BACK, CaseLine, Change, Opened, Page, StoredNotice
from chalicelib.services.serials import SerialBook, Void
from tests.fakes.incidents import FakeIncidents
from tests.fakes.memory import Memory


class FakeCases(FakeIncidents):
    """CaseStore."""

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._now = now

    def next_serial(self, community: str, month: str) -> Serial:
        with self._memory.operation("cases.next_serial"):
            last, _ = self._memory.serials.get((community, month), (0, self._now()))
            self._memory.serials[community, month] = (last + 1, self._now())
            return Serial(last + 1, frozenset(self._memory.leads[community, month]))

    def create(self, change: Change) -> None:
        with self._memory.operation("cases.create"):
            memory, case = self._memory, change.outcome.after
            key = (case.community, case.number)
            assert change.outcome.before is None, "a new case has nothing before it"
            if change.idempotency_key is not None:
                first = memory.keys.get(change.idempotency_key)
                if first is not None and first[0] != case.number:
                    raise AlreadyRegisteredError(*first)
                if first is not None:
                    return
            if key in memory.cases or key in memory.voids:
                raise ConflictError(f"The number {case.number} is taken.")
            left = [memory.marks.get(mark.key) for mark in change.marks if mark.waits]
            if alike := {number for number, ends in filter(None, left) if ends > case.registered_at}:
                raise AlikeError(frozenset(alike))
            if change.idempotency_key is not None:
                memory.keys[change.idempotency_key] = (case.number, change.body_hash or "")
            self._write(change)

    def save(self, change: Change) -> None:
        with self._memory.operation("cases.save"):
            before, case = change.outcome.before, change.outcome.after
            assert before is not None, "a command has a case before it"
            stored = self._memory.cases.get((case.community, case.number))
            if stored is None or stored.version != before.version:
                raise ConflictError(f"Case {case.number} was changed by somebody else.")
            if change.only_if is not None:
                number, version = change.only_if
                other = self._memory.cases.get((case.community, number))
                if other is None or other.version != version:
                    raise ConflictError(f"Case {number} was changed by somebody else.")
            for mark in change.marks:
                number, ends = self._memory.marks.get(mark.key, (None, None))
                if mark.waits and ends and ends > case.changed_at and number != mark.replaces:
                    raise ConflictError(f"Case {case.number} met another's mark.")
            self._write(change)

    def _write(self, change: Change) -> None:
        memory, case = self._memory, change.outcome.after
        key = (case.community, case.number)
        before = memory.contacts.get(key, NOTHING_APART)
        memory.cases[key], events, memory.contacts[key] = apart(case, change.outcome.events, before)
        memory.lines[key] = change.line
        memory.unit_keys[key] = change.unit_key
        memory.resident_keys[key] = change.resident_key
        memory.events[key].extend(events)
        memory.joined[case.community, change.leaves or ""].discard(case.number)
        memory.joined[case.community, change.joins or ""].add(case.number)
        memory.leaders |= {key} if change.leads else set()
        memory.marks |= {mark.key: (case.number, mark.expires_at) for mark in change.marks}
        for notice in change.notices:
            place = (*key, notice.key)
            assert place not in memory.notices, "a notice is put once"
            memory.notices[place] = StoredNotice(*key, notice, "pending", 0)
        for code_hash, link in change.links:
            memory.links[code_hash] = link
        rows = memory.figures.setdefault((case.community, change.month), {})
        for row, counters in change.figures.items():
            for name, amount in counters.items():
                rows.setdefault(row, Counter())[name] += amount

    def get(self, community: str, number: str) -> Case:
        with self._memory.operation("cases.get"):
            case = self._memory.cases.get((community, number))
            if case is None:
                raise NotFoundError(f"There is no case {number} in {community}.")
            return together(case, self._memory.contacts[community, number])

    def opened(self, community: str, number: str) -> Opened:
        with self._memory.operation("cases.opened"):
            notices = [
                stored for key, stored in self._memory.notices.items() if key[:2] == (community, number)
            ]
            ordered = sorted(notices, key=lambda stored: stored.notice.key)
            return Opened(self.get(community, number), self.events(community, number), tuple(ordered))

    def events(self, community: str, number: str) -> tuple[Event, ...]:
        with self._memory.operation("cases.events"):
            return self._events(community, number)

    def _events(self, community: str, number: str) -> tuple[Event, ...]:
        contact = self._memory.contacts.get((community, number), NOTHING_APART)
        stored = self._memory.events.get((community, number), ())
        return tuple(replace(event, payload=together(event.payload, contact)) for event in stored)

    def events_page(
        self, community: str, number: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[Event]:
        with self._memory.operation("cases.events_page"):
            after = int(cursor["version"]) if cursor else 0
            found = self._events(community, number)[after:]
            more = {"version": str(found[limit - 1].version)} if len(found) > limit else None
            return Page(found[:limit], more)

    def record_void(self, community: str, void: Void) -> bool:
        with self._memory.operation("cases.record_void"):
            key = (community, void.number)
            if key in self._memory.cases or key in self._memory.voids:
                return False
            self._memory.voids[key] = void
            return True

    def serials(self, community: str, month: str, *, unsettled_only: bool = False) -> SerialBook:
        with self._memory.operation("cases.serials"):
            memory = self._memory
            never = datetime.fromtimestamp(0, UTC)
            last, counted_at = memory.serials.get((community, month), (0, never))
            used = {key: case.registered_at for key, case in memory.cases.items()}
            used |= {key: void.at for key, void in memory.voids.items()}
            settled = memory.settled[community, month]
            present = {
                serial_of(number): at
                for (owner, number), at in used.items()
                if owner == community
                and number.startswith(f"{month}-")
                and (serial_of(number) > settled or not unsettled_only)
            }
            return SerialBook(last, counted_at, present, settled)

    def settle(self, community: str, month: str, serial: int) -> None:
        with self._memory.operation("cases.settle"):
            self._memory.settled[community, month] = serial

    def lines(self, community: str, numbers: Collection[str]) -> Mapping[str, CaseLine]:
        with self._memory.operation("cases.lines"):
            known = self._memory.lines
            return {number: known[community, number] for number in numbers if (community, number) in known}

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
        with self._memory.operation("cases.open_work"):
            found = [
                line
                for line in self._memory.lines.values()
                if line.community == community
                and self._memory.cases[line.community, line.number].is_shown_open
                and (followed_by is None or line.followed_by == followed_by)
                and (handler is None or line.handler == handler)
                and (handler is not None or department is None or line.department == department)
            ]
            found.sort(key=lambda line: (line.due_at, line.number), reverse=newest_first)
            return _page(found, limit, cursor)

    def register(
        self,
        community: str,
        month: str,
        limit: int,
        cursor: Mapping[str, str] | None,
        *,
        newest_first: bool = False,
    ) -> Page[CaseLine]:
        with self._memory.operation("cases.register"):
            found = [
                line
                for line in self._memory.lines.values()
                if line.community == community and line.number.startswith(f"{month}-")
            ]
            return _page(sorted(found, key=_place, reverse=newest_first), limit, cursor)

    def several(self, community: str, numbers: Collection[str]) -> Mapping[str, tuple[Case, CaseLine]]:
        with self._memory.operation("cases.several"):
            memory, places = self._memory, ((community, number) for number in numbers)
            return {
                place[1]: (together(memory.cases[place], memory.contacts[place]), memory.lines[place])
                for place in places
                if place in memory.cases
            }

    def empty_old_events(self, community: str, number: str, kinds: tuple[str, ...]) -> None:
        """The fake stores no event of an older release."""

    def of_resident(self, community: str, resident_key: str) -> tuple[str, ...]:
        with self._memory.operation("cases.of_resident"):
            known = self._memory.resident_keys.items()
            found = [key[1] for key, own in known if key[0] == community and own == resident_key]
            return tuple(sorted(found, reverse=True))

    def by_unit(
        self, community: str, unit_key: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        with self._memory.operation("cases.by_unit"):
            found = [
                line
                for key, line in self._memory.lines.items()
                if line.community == community and self._memory.unit_keys[key] == unit_key
            ]
            return _page(sorted(found, key=_place, reverse=True), limit, cursor)


def _place(line: CaseLine) -> tuple[str, int]:
    return line.number[:6], serial_of(line.number)


def _page(lines: list[CaseLine], limit: int, cursor: Mapping[str, str] | None) -> Page[CaseLine]:
    """Those after the line that the cursor names, or before it; cursors only if something is left there."""
    start, end = 0, limit
    if cursor is not None:
        at = [line.number for line in lines].index(cursor["number"])
        start, end = (max(0, at - limit), at) if BACK in cursor else (at + 1, at + 1 + limit)
    items = tuple(lines[start:end])
    after = {"number": items[-1].number} if items and end < len(lines) else None
    return Page(items, after, {"number": items[0].number, BACK: "1"} if items and start else None)
