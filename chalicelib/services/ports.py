"""The ports: what the services need of the outside world. Adapters implement these; tests pass fakes."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.figure_rows import MonthCounters
from chalicelib.domain.community.community import Staff
from chalicelib.domain.notices.kinds import Notice
from chalicelib.services.incident_port import IncidentStore, Serial
from chalicelib.services.records import CaseLine, Change, Opened, Page, Person, StoredNotice, Waiting
from chalicelib.services.serials import SerialBook, Void

Now = Callable[[], datetime]
"""The present instant, aware UTC."""

Cursor = Mapping[str, str] | None
"""Where a page ended; None before the first, and after the last."""


class CaseStore(IncidentStore, Protocol):
    """The register: cases, their events and notices (table `cases`)."""

    def next_serial(self, community: str, month: str) -> Serial:
        """The next serial of the month, from 1; one atomic write. A serial is never given twice."""

    def create(self, change: Change) -> None:
        """Write a new case in one transaction.

        Raises AlreadyRegisteredError (services/errors.py) if the idempotency key was used, AlikeError if
        another has left a mark that it waits for, ConflictError if the number is taken (it was declared
        void), BusyError if too many others wrote at the same time.
        """

    def save(self, change: Change) -> None:
        """Write a command's change in one transaction.

        ConflictError unless `before` is what is stored and the case of `only_if` at its version,
        BusyError as above.
        """

    def get(self, community: str, number: str) -> Case:
        """The case as it stands (consistent read); NotFoundError if there is none."""

    def opened(self, community: str, number: str) -> Opened:
        """The case with its history and notices (consistent, one query); NotFoundError if there is none."""

    def events(self, community: str, number: str) -> tuple[Event, ...]:
        """The whole history, oldest first; empty if there is no such case."""

    def events_page(self, community: str, number: str, limit: int, cursor: Cursor) -> Page[Event]:
        """Part of the history, oldest first; one query."""

    def record_void(self, community: str, void: Void) -> bool:
        """Record a number without a case as void. False if there is a case or a record after all."""

    def serials(self, community: str, month: str, *, unsettled_only: bool = False) -> SerialBook:
        """The serials of a month. What became of each: of all, or of those not settled."""

    def settle(self, community: str, month: str, serial: int) -> None:
        """Put on record that every serial up to this one was found used."""

    def open_work(
        self,
        community: str,
        *,
        department: str | None,
        handler: str | None,
        followed_by: str | None = None,
        limit: int,
        cursor: Cursor,
        newest_first: bool = False,
    ) -> Page[CaseLine]:
        """Cases with running timers, earliest deadline first. Of a handler, of whoever took them in, of a
        department, else all; at most one of them is named. `newest_first`: the latest deadline first."""

    def register(
        self,
        community: str,
        month: str,
        limit: int,
        cursor: Cursor,
        *,
        newest_first: bool = False,
    ) -> Page[CaseLine]:
        """The register of a month (`YYYYMM`) in order of number, or the newest first."""

    def by_unit(self, community: str, unit_key: str, limit: int, cursor: Cursor) -> Page[CaseLine]:
        """The cases of one unit, newest first."""

    def lines(self, community: str, numbers: Collection[str]) -> Mapping[str, CaseLine]:
        """The lines of these cases, at most a hundred, by number; one call, none for none."""

    def several(self, community: str, numbers: Collection[str]) -> Mapping[str, tuple[Case, CaseLine]]:
        """These cases as they stood a moment ago, each with its line; one call for fifty, none for none."""

    def empty_old_events(self, community: str, number: str, kinds: tuple[str, ...]) -> None:
        """Empty the texts of these kinds that releases before 0.2.0 stored in the events."""

    def of_resident(self, community: str, resident_key: str) -> tuple[str, ...]:
        """The numbers of a resident's cases, newest first."""


class SearchStore(Protocol):
    """The index by which cases are found (table `cases`). Its keys do not show what they mean."""

    def find(self, community: str, key: str, limit: int, at_most: str | None) -> tuple[tuple[str, ...], bool]:
        """The numbers of cases under a key, newest first, none after `at_most`; whether these are all.

        One query.
        """

    def put(self, community: str, number: str, version: int, wanted: frozenset[str]) -> int:
        """Have a case, as of a version, found under these keys and no others; how many rows that changed.

        It may be done again, and does nothing once a later version has done it.
        """


class WaitingStore(Protocol):
    """The task tokens, beside their case (table `cases`)."""

    def get(self, community: str, number: str, kind: str, round_number: int) -> Waiting | None: ...

    def of_case(self, community: str, number: str) -> tuple[Waiting, ...]:
        """Every workflow of the case that is on record, of all rounds; one query."""

    def put_token(self, community: str, number: str, waiting: Waiting) -> bool:
        """Store a task's token, even before `begin` is recorded. False if a later restart took over."""

    def clear_token(self, community: str, number: str, waiting: Waiting) -> None:
        """Forget the token once it was answered; nothing happens if another has taken its place."""

    def begin(self, community: str, number: str, kind: str, round_number: int, restart: int) -> bool:
        """Record that a restart was started. False if it, or a later one, is recorded already."""


class NoticeStore(Protocol):
    """Notices, beside their case (table `cases`).

    Each change is conditional on the status it starts from and on `stored.attempts`: whoever comes too late
    changes nothing. After a claim the caller goes on with one attempt more. A kind of `TELLS` that has come
    to its end stays among the undelivered, `unrecorded`, until the case knows (`recorded`).
    """

    def get(self, community: str, number: str, key: str) -> StoredNotice | None: ...

    def of_case(self, community: str, number: str) -> tuple[StoredNotice, ...]: ...

    def claim(self, stored: StoredNotice, now: datetime) -> bool:
        """pending → sending, counting the attempt; False if somebody else has it."""

    def mark_sent(self, stored: StoredNotice, provider_id: str, now: datetime) -> None:
        """sending → sent."""

    def release(self, stored: StoredNotice, error: str, *, final: bool) -> None:
        """Give a notice back: sending → pending, or → failed for good. `error` is a code, not personal."""

    def came_to(self, stored: StoredNotice, outcome: str) -> bool:
        """Put on record what became of a mail (`OUTCOMES`), whatever its status. False if more is known."""

    def skip(self, stored: StoredNotice, reason: str) -> None:
        """pending → skipped for good. It makes no sense any more, or may not be sent; `reason` is a code."""

    def hold(self, stored: StoredNotice, reason: str) -> None:
        """Put a pending notice off until a digest tells of it; `reason` is a code."""

    def held(self, limit: int, cursor: Cursor = None) -> Page[StoredNotice]:
        """Notices that were put off, or are just told of by a digest; oldest first, page after page."""

    def unpack(self, community: str, number: str, key: str) -> None:
        """Give each notice of a bundle its own row, once: those of a command that called for very many."""

    def bundled(self, before: datetime, limit: int) -> tuple[tuple[str, str, str], ...]:
        """(community, number, key) of bundles from before an instant that are not unpacked, oldest first."""

    def recorded(self, stored: StoredNotice) -> None:
        """Put on record that the case knows what became of the notice."""

    def put(self, community: str, number: str, notice: Notice) -> None:
        """Put a notice that no event calls for: a code that somebody asked for."""

    def forget(self, community: str, number: str) -> None:
        """Take the providers' ids from the notices of a case."""

    def undelivered(self, before: datetime, limit: int, cursor: Cursor = None) -> Page[StoredNotice]:
        """Notices created before an instant and pending, sending or `unrecorded`, not held.

        Oldest first, page after page; a page may have fewer than `limit`, or none, and go on.
        """


class PersonStore(Protocol):
    """Whoever signs in, and where they work, as it is at this instant (table `directory`)."""

    def standing(self, username: str, community: str | None = None) -> tuple[Person, Staff | None]:
        """The person, and the member of staff of that community if there is one; one consistent read."""

    def end_session(self, username: str, signed_in_at: int, session: str = "") -> None:
        """End the session of that id, and whatever else began then."""

    def begin_session(self, username: str, session: str, not_before: int) -> bool:
        """Let a session go on after that end of all; False if there was another since."""

    def end_sessions(self, username: str, not_before: int) -> None:
        """End every session that began then or earlier. A later instant on record stays."""

    def set_second_factor(self, username: str, asked_for: bool) -> None:
        """Put on record whether a code is asked for."""

    def add_network(self, username: str, network: str) -> None:
        """Put on record that they have signed in from there; the keyed hash of a network."""


class FigureStore(Protocol):
    """The counters of a month (table `figures`)."""

    def month(self, community: str, month: str, dimension: str | None = None) -> MonthCounters:
        """The counters of a month. All rows or those of one dimension; one query."""

    def add(self, community: str, month: str, changes: MonthCounters) -> None:
        """Add to the counters, to mend them outside of any command. The amounts are signed changes."""
