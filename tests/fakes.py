"""In-memory stand-ins for every port of the services: the same conditions, no AWS.

The contract tests (tests/integration/test_*store*.py) run on these and on PynamoDB, so they cannot lie.
All stores of one `Memory` share one lock, so a change is written whole or not at all, whoever races.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from threading import RLock
from typing import Any

from chalicelib.adapters.codes import HmacCodes
from chalicelib.adapters.dynamo.contact import NOTHING_APART, Contact, apart, together
from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.links import Link
from chalicelib.domain.case.numbering import serial_of
from chalicelib.domain.community.community import AmendedDay, Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.errors import ConflictError, NotFoundError, NotSignedInError
from chalicelib.services.errors import AlreadyRegisteredError, DeliveryError, never_changed
from chalicelib.services.records import (
    Account,
    CaseLine,
    Change,
    Page,
    SerialBook,
    StoredNotice,
    Void,
    Waiting,
)

CaseKey = tuple[str, str]
"""Community and number."""


class CrashError(Exception):
    """What a planned fault raises: the process died there, or the answer was lost."""


class SettableClock:
    """A clock that stands still until a test moves it. Call it for the present instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> datetime:
        """Move on; the new present."""
        self.at += by
        return self.at

    def set(self, at: datetime) -> None:
        """Jump to an instant."""
        self.at = at


@dataclass
class Memory:
    """What is stored, and the faults that a test has planned.

    `cases` and `events` hold references to what is personal, which is in `contacts`.
    `faults` maps an operation such as `cases.save` to what becomes of its next calls, in order: "before"
    (it fails without effect), "after" (it fails once its effect is there) or "" (it works).
    """

    lock: RLock = field(default_factory=RLock, repr=False)
    cases: dict[CaseKey, Case] = field(default_factory=dict)
    contacts: dict[CaseKey, Contact] = field(default_factory=dict)
    lines: dict[CaseKey, CaseLine] = field(default_factory=dict)
    unit_keys: dict[CaseKey, str] = field(default_factory=dict)
    events: dict[CaseKey, list[Event]] = field(default_factory=lambda: defaultdict(list))
    voids: dict[CaseKey, Void] = field(default_factory=dict)
    serials: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    settled: Counter[tuple[str, str]] = field(default_factory=Counter)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    waiting: dict[tuple[str, str, str, int], Waiting] = field(default_factory=dict)
    notices: dict[tuple[str, str, str], StoredNotice] = field(default_factory=dict)
    figures: dict[tuple[str, str], dict[str, Counter[str]]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    hits: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def whole_cases(self) -> list[Case]:
        """Every case with what is personal, in the order in which they came."""
        return [together(case, self.contacts[key]) for key, case in self.cases.items()]

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """One call of a store: counted, alone, and struck by the fault that is planned for it."""
        with self.lock:
            self.calls[name] += 1
            planned = self.faults.get(name)
            fault = planned.pop(0) if planned else ""
            if fault == "before":
                raise CrashError(name)
            yield
            if fault == "after":
                raise CrashError(name)


class FakeCases:
    """CaseStore."""

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._now = now

    def next_serial(self, community: str, month: str) -> int:
        with self._memory.operation("cases.next_serial"):
            last, _ = self._memory.serials.get((community, month), (0, self._now()))
            self._memory.serials[community, month] = (last + 1, self._now())
            return last + 1

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
            self._write(change)

    def _write(self, change: Change) -> None:
        memory, case = self._memory, change.outcome.after
        key = (case.community, case.number)
        before = memory.contacts.get(key, NOTHING_APART)
        memory.cases[key], events, memory.contacts[key] = apart(case, change.outcome.events, before)
        memory.lines[key] = change.line
        memory.unit_keys[key] = change.unit_key
        memory.events[key].extend(events)
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

    def open_work(
        self,
        community: str,
        *,
        department: str | None,
        handler: str | None,
        limit: int,
        cursor: Mapping[str, str] | None,
    ) -> Page[CaseLine]:
        with self._memory.operation("cases.open_work"):
            found = [
                one
                for one in self._memory.lines.values()
                if one.community == community
                and one.state in OPEN
                and (handler is None or one.handler == handler)
                and (handler is not None or department is None or one.department == department)
            ]
            return _page(sorted(found, key=lambda one: (one.due_at, one.number)), limit, cursor)

    def register(
        self, community: str, month: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        with self._memory.operation("cases.register"):
            found = [
                one
                for one in self._memory.lines.values()
                if one.community == community and one.number.startswith(f"{month}-")
            ]
            return _page(sorted(found, key=_place), limit, cursor)

    def by_unit(
        self, community: str, unit_key: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        with self._memory.operation("cases.by_unit"):
            found = [
                one
                for key, one in self._memory.lines.items()
                if one.community == community and self._memory.unit_keys[key] == unit_key
            ]
            return _page(sorted(found, key=_place, reverse=True), limit, cursor)


def _place(line: CaseLine) -> tuple[str, int]:
    return line.number[:6], serial_of(line.number)


def _page(lines: list[CaseLine], limit: int, cursor: Mapping[str, str] | None) -> Page[CaseLine]:
    """Those after the line that the cursor names; a cursor only if something is left."""
    start = 0
    if cursor is not None:
        start = [one.number for one in lines].index(cursor["number"]) + 1
    items = tuple(lines[start : start + limit])
    more = start + limit < len(lines)
    return Page(items, {"number": items[-1].number} if more and items else None)


class FakeWaiting:
    """WaitingStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, community: str, number: str, kind: str, round_number: int) -> Waiting | None:
        with self._memory.operation("waiting.get"):
            return self._memory.waiting.get((community, number, kind, round_number))

    def of_case(self, community: str, number: str) -> tuple[Waiting, ...]:
        with self._memory.operation("waiting.of_case"):
            found = [
                (key, one) for key, one in self._memory.waiting.items() if key[:2] == (community, number)
            ]
            return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))

    def put_token(self, community: str, number: str, waiting: Waiting) -> bool:
        with self._memory.operation("waiting.put_token"):
            key = (community, number, waiting.kind, waiting.round)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.restart > waiting.restart:
                return False
            self._memory.waiting[key] = waiting
            return True

    def clear_token(self, community: str, number: str, waiting: Waiting) -> None:
        with self._memory.operation("waiting.clear_token"):
            key = (community, number, waiting.kind, waiting.round)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.token is not None and stored.token == waiting.token:
                self._memory.waiting[key] = replace(stored, token=None, awaiting=None, wake_at=None)

    def begin(self, community: str, number: str, kind: str, round_number: int, restart: int) -> bool:
        with self._memory.operation("waiting.begin"):
            key = (community, number, kind, round_number)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.restart >= restart:
                return False
            self._memory.waiting[key] = Waiting(kind, round_number, restart)
            return True


class FakeNotices:
    """NoticeStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, community: str, number: str, key: str) -> StoredNotice | None:
        with self._memory.operation("notices.get"):
            return self._memory.notices.get((community, number, key))

    def of_case(self, community: str, number: str) -> tuple[StoredNotice, ...]:
        with self._memory.operation("notices.of_case"):
            found = [one for key, one in self._memory.notices.items() if key[:2] == (community, number)]
            return tuple(sorted(found, key=lambda one: one.notice.key))

    def claim(self, stored: StoredNotice, now: datetime) -> bool:
        with self._memory.operation("notices.claim"):
            attempts = stored.attempts + 1
            return self._change(stored, "pending", status="sending", attempts=attempts, claimed_at=now)

    def mark_sent(self, stored: StoredNotice, provider_id: str, now: datetime) -> None:
        with self._memory.operation("notices.mark_sent"):
            self._change(stored, "sending", status="sent", provider_id=provider_id, sent_at=now, error=None)

    def release(self, stored: StoredNotice, error: str, *, final: bool) -> None:
        with self._memory.operation("notices.release"):
            self._change(stored, "sending", status="failed" if final else "pending", error=error)

    def skip(self, stored: StoredNotice, reason: str) -> None:
        with self._memory.operation("notices.skip"):
            self._change(stored, "pending", status="skipped", error=reason)

    def _change(self, stored: StoredNotice, expected: str, **changes: Any) -> bool:
        """Change what is stored if it has that status and as many attempts as the caller knows of."""
        key = (stored.community, stored.number, stored.notice.key)
        present = self._memory.notices.get(key)
        if present is None or present.status != expected or present.attempts != stored.attempts:
            return False
        self._memory.notices[key] = replace(present, **changes)
        return True

    def undelivered(self, before: datetime, limit: int) -> tuple[StoredNotice, ...]:
        with self._memory.operation("notices.undelivered"):
            found = [
                one
                for one in self._memory.notices.values()
                if one.status in {"pending", "sending"} and one.notice.created_at < before
            ]
            return tuple(sorted(found, key=lambda one: one.notice.created_at)[:limit])


class FakeLinks:
    """LinkStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, code_hash: str) -> Link | None:
        with self._memory.operation("links.find"):
            return self._memory.links.get(code_hash)

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        with self._memory.operation("links.count_hit"):
            self._memory.hits[bucket, window_ends_at] += 1
            return self._memory.hits[bucket, window_ends_at]


class FakeFigures:
    """FigureStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def month(
        self, community: str, month: str, dimension: str | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        with self._memory.operation("figures.month"):
            rows = self._memory.figures.get((community, month), {})
            counted = {
                row: {name: amount for name, amount in counters.items() if amount}
                for row, counters in rows.items()
                if dimension is None or row.startswith(f"{dimension}#")
            }
            return {row: counters for row, counters in counted.items() if counters}

    def add(self, community: str, month: str, changes: Mapping[str, Mapping[str, int]]) -> None:
        with self._memory.operation("figures.add"):
            rows = self._memory.figures.setdefault((community, month), {})
            for row, counters in changes.items():
                for name, amount in counters.items():
                    rows.setdefault(row, Counter())[name] += amount


class FakeDirectory:
    """Directory. `put` adds a community or replaces it."""

    def __init__(self, *communities: Community) -> None:
        self._communities = {one.id: one for one in communities}
        self.changed_at: dict[str, datetime] = {}

    def put(self, community: Community) -> None:
        self._communities[community.id] = community

    def community(self, community_id: str) -> Community:
        if community_id not in self._communities:
            raise NotFoundError(f"There is no community '{community_id}'.")
        return self._communities[community_id]

    def names(self) -> Mapping[str, str]:
        return {one.id: one.name for _, one in sorted(self._communities.items())}

    def staff_named(self, username: str, communities: Iterable[str]) -> Mapping[str, Staff]:
        known = {place: {one.username: one for one in self.community(place).staff} for place in communities}
        return {place: staff[username] for place, staff in known.items() if username in staff}

    def amend(self, community_id: str, day: AmendedDay, at: datetime) -> Community:
        return self._amended(community_id, day.date, at, day)

    def restore(self, community_id: str, date: str, at: datetime) -> Community:
        if all(one.date != date for one in self.community(community_id).amendments):
            raise never_changed(date)
        return self._amended(community_id, date, at)

    def _amended(self, community_id: str, date: str, at: datetime, *days: AmendedDay) -> Community:
        known = self.community(community_id)
        kept = (one for one in known.amendments if one.date != date)
        amendments = tuple(sorted((*kept, *days), key=lambda one: one.date))
        self.put(replace(known, amendments=amendments))
        self.changed_at[community_id] = at
        return self.community(community_id)

    def calendar_changed_at(self, community_id: str) -> datetime | None:
        return self.changed_at.get(community_id)


class PlainCalendars:
    """Calendars. No holidays: Monday to Friday, 08:30–12:00 and 14:00–18:00, and the community's own days."""

    WEEK: Mapping[int, tuple[Window, ...]] = {day: (Window(510, 720), Window(840, 1080)) for day in range(5)}

    def of(self, community: Community) -> Calendar:
        amendments = {
            datetime.fromisoformat(one.date).date(): _amendment(one) for one in community.amendments
        }
        return Calendar(community.zone, self.WEEK, amendments=amendments)


def _amendment(day: AmendedDay) -> Amendment:
    pairs = ((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day.windows)
    windows = (Window(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in pairs)
    return Amendment(tuple(windows), day.reason)


@dataclass
class Execution:
    """One execution that was started. `running` is for the test to change."""

    kind: str
    name: str
    given: Mapping[str, Mapping[str, str | int]]
    running: bool = True


class FakeWorkflow:
    """Workflow. A task waits from `open_task` until its token is answered, or the test drops it."""

    def __init__(self) -> None:
        self.executions: dict[tuple[str, str], Execution] = {}
        self.waiting: set[str] = set()
        self.answers: list[tuple[str, Mapping[str, str | int]]] = []

    def open_task(self, token: str) -> str:
        """A task begins to wait for the answer to this token."""
        self.waiting.add(token)
        return token

    def stop(self, kind: str, name: str) -> None:
        """The execution ends, or is lost."""
        self.executions[kind, name].running = False

    def start(self, kind: str, name: str, given: Mapping[str, Mapping[str, str | int]]) -> bool:
        assert len(name) <= 80, f"Step Functions refuses names over 80 characters: {name}"
        if (kind, name) in self.executions:
            return False
        self.executions[kind, name] = Execution(kind, name, dict(given))
        return True

    def is_running(self, kind: str, name: str) -> bool | None:
        execution = self.executions.get((kind, name))
        return None if execution is None else execution.running

    def answer(self, token: str, result: Mapping[str, str | int]) -> bool:
        if token not in self.waiting:
            return False
        self.waiting.discard(token)
        self.answers.append((token, dict(result)))
        return True


class FakeSms:
    """SmsSender. `sent` is what left, (phone, text); `failures` are raised by the next calls, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failures: list[DeliveryError] = []

    def send(self, phone: str, text: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((phone, text))
        return f"sms-{len(self.sent)}"


class FakeMail:
    """MailSender. `sent` is what left, (address, subject, text); `failures` are raised by the next calls."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.failures: list[DeliveryError] = []

    def send(self, address: str, subject: str, text: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, subject, text))
        return f"mail-{len(self.sent)}"


class FakeIdentity:
    """Identity. The token of `agent` is `token:agent`; usernames in `expired` hold one that has run out."""

    PASSWORD = "correct horse battery staple"

    def __init__(self, roles: Mapping[str, frozenset[Role]]) -> None:
        self.roles = dict(roles)
        self.expired: set[str] = set()

    @staticmethod
    def token(username: str) -> str:
        """What a sign-in of that user gives."""
        return f"token:{username}"

    def sign_in(self, username: str, password: str) -> str:
        if username not in self.roles or password != self.PASSWORD:
            raise NotSignedInError("Username or password is wrong.")
        return self.token(username)

    def verify(self, token: str) -> Account:
        username = token.removeprefix("token:")
        if token == username or username not in self.roles or username in self.expired:
            raise NotSignedInError("Sign in first; the token is missing, expired or not ours.")
        return Account(username, self.roles[username])


def fake_codes() -> HmacCodes:
    """Codes as in production, with a key for tests."""
    return HmacCodes(lambda: b"a key for tests only")
