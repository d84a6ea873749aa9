"""Stand-ins of the other stores of a register: tokens, notices, people and figures."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.case.figure_rows import MonthCounters
from chalicelib.domain.community.community import Staff
from chalicelib.domain.notices.kinds import Notice
from chalicelib.domain.notices.must_hear import is_put_on_case
from chalicelib.services.records import (
    OUTCOMES,
    Page,
    Person,
    StoredNotice,
)
from tests.fakes.directory import FakeDirectory
from tests.fakes.memory import Memory


class FakeNotices:
    """NoticeStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, community: str, number: str, key: str) -> StoredNotice | None:
        with self._memory.operation("notices.get"):
            return self._memory.notices.get((community, number, key))

    def of_case(self, community: str, number: str) -> tuple[StoredNotice, ...]:
        with self._memory.operation("notices.of_case"):
            found = [stored for key, stored in self._memory.notices.items() if key[:2] == (community, number)]
            return tuple(sorted(found, key=lambda stored: stored.notice.key))

    def claim(self, stored: StoredNotice, now: datetime) -> bool:
        with self._memory.operation("notices.claim"):
            attempts = stored.attempts + 1
            return self._change(stored, "pending", status="sending", attempts=attempts, claimed_at=now)

    def mark_sent(self, stored: StoredNotice, provider_id: str, now: datetime) -> None:
        with self._memory.operation("notices.mark_sent"):
            tells = is_put_on_case(stored.notice, has_left=True)
            sent: dict[str, Any] = {"provider_id": provider_id, "sent_at": now, "error": None, "held": False}
            self._change(stored, "sending", status="sent", unrecorded=tells, **sent)

    def release(self, stored: StoredNotice, error: str, *, final: bool) -> None:
        with self._memory.operation("notices.release"):
            tells = is_put_on_case(stored.notice, has_left=False)
            status = "failed" if final else "pending"
            held = stored.held and not final
            self._change(stored, "sending", status=status, error=error, unrecorded=final and tells, held=held)

    def skip(self, stored: StoredNotice, reason: str) -> None:
        with self._memory.operation("notices.skip"):
            tells = is_put_on_case(stored.notice, has_left=False)
            self._change(stored, "pending", status="skipped", error=reason, unrecorded=tells, held=False)

    def came_to(self, stored: StoredNotice, outcome: str) -> bool:
        with self._memory.operation("notices.came_to"):
            key = (stored.community, stored.number, stored.notice.key)
            present = self._memory.notices.get(key)
            known = present.outcome if present else None
            if present is None or (known and OUTCOMES.index(known) >= OUTCOMES.index(outcome)):
                return False
            self._memory.notices[key] = replace(present, outcome=outcome)
            return True

    def hold(self, stored: StoredNotice, reason: str) -> None:
        with self._memory.operation("notices.hold"):
            self._change(stored, "pending", held=True, error=reason)

    def held(self, limit: int, cursor: Mapping[str, str] | None = None) -> Page[StoredNotice]:
        with self._memory.operation("notices.held"):
            return _page([stored for stored in self._memory.notices.values() if stored.held], limit, cursor)

    def recorded(self, stored: StoredNotice) -> None:
        with self._memory.operation("notices.recorded"):
            self._change(stored, stored.status, unrecorded=False)

    def _change(self, stored: StoredNotice, expected: str, **changes: Any) -> bool:
        """Change what is stored if it has that status and as many attempts as the caller knows of."""
        key = (stored.community, stored.number, stored.notice.key)
        present = self._memory.notices.get(key)
        if present is None or present.status != expected or present.attempts != stored.attempts:
            return False
        self._memory.notices[key] = replace(present, **changes)
        return True

    def unpack(self, community: str, number: str, key: str) -> None:
        """Nothing to do: in memory a transaction has no bound, and there are no bundles."""

    def bundled(self, before: datetime, limit: int) -> tuple[tuple[str, str, str], ...]:
        return ()

    def put(self, community: str, number: str, notice: Notice) -> None:
        with self._memory.operation("notices.put"):
            self._memory.notices[community, number, notice.key] = StoredNotice(
                community, number, notice, "pending", 0
            )

    def forget(self, community: str, number: str) -> None:
        with self._memory.operation("notices.forget"):
            for place, stored in self._memory.notices.items():
                if place[:2] == (community, number):
                    self._memory.notices[place] = replace(stored, provider_id=None)

    def undelivered(
        self, before: datetime, limit: int, cursor: Mapping[str, str] | None = None
    ) -> Page[StoredNotice]:
        with self._memory.operation("notices.undelivered"):
            found = [
                stored
                for stored in self._memory.notices.values()
                if stored.status in {"pending", "sending"} or stored.unrecorded
                if stored.notice.created_at < before and not stored.held
            ]
            return _page(found, limit, cursor)


def _page(found: list[StoredNotice], limit: int, cursor: Mapping[str, str] | None) -> Page[StoredNotice]:
    """A page of some notices, oldest first."""
    placed = sorted(((_created(stored), stored) for stored in found), key=lambda pair: pair[0])
    page = [pair for pair in placed if cursor is None or pair[0] > cursor["place"]][:limit]
    more = {"place": page[-1][0]} if page and page[-1][0] < placed[-1][0] else None
    return Page(tuple(stored for _, stored in page), more)


def _created(stored: StoredNotice) -> str:
    """Where a notice stands among the undelivered."""
    notice = stored.notice
    return f"{notice.created_at.isoformat()} {stored.community} {stored.number} {notice.key}"


class FakePeople:
    """PersonStore; staff are those of the directory."""

    def __init__(self, memory: Memory, directory: FakeDirectory) -> None:
        self._memory, self._directory = memory, directory

    def standing(self, username: str, community: str | None = None) -> tuple[Person, Staff | None]:
        with self._memory.operation("people.standing"):
            person = self._memory.people.get(username.casefold(), Person())
            places = [community] if community in self._directory.names() else []
            return person, self._directory.staff_named(username, places).get(community or "")

    def end_session(self, username: str, signed_in_at: int, session: str = "") -> None:
        person = self._of(username)
        self._change(username, ended=person.ended | {signed_in_at}, begun=person.begun - {session})

    def end_sessions(self, username: str, not_before: int) -> None:
        if not_before >= self._of(username).not_before:
            self._change(username, not_before=not_before, begun=frozenset())

    def begin_session(self, username: str, session: str, not_before: int) -> bool:
        person = self._of(username)
        if person.not_before == not_before:
            self._change(username, begun=person.begun | {session})
        return person.not_before == not_before

    def set_second_factor(self, username: str, asked_for: bool) -> None:
        self._change(username, second_factor=asked_for)

    def add_network(self, username: str, network: str) -> None:
        self._change(username, networks=self._of(username).networks | {network})

    def _of(self, username: str) -> Person:
        return self._memory.people.get(username.casefold(), Person())

    def _change(self, username: str, **changes: Any) -> None:
        with self._memory.operation("people.change"):
            self._memory.people[username.casefold()] = replace(self._of(username), **changes)


class FakeFigures:
    """FigureStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def month(self, community: str, month: str, dimension: str | None = None) -> MonthCounters:
        with self._memory.operation("figures.month"):
            rows = self._memory.figures.get((community, month), {})
            counted = {
                row: {name: amount for name, amount in counters.items() if amount}
                for row, counters in rows.items()
                if dimension is None or row.dimension == dimension
            }
            return {row: counters for row, counters in counted.items() if counters}

    def add(self, community: str, month: str, changes: MonthCounters) -> None:
        with self._memory.operation("figures.add"):
            rows = self._memory.figures.setdefault((community, month), {})
            for row, counters in changes.items():
                for name, amount in counters.items():
                    rows.setdefault(row, Counter())[name] += amount
