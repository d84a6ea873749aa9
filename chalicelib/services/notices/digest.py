"""Digests: what caps and budgets have put off, told in one message to each person (A6, C3, G3).

The sweep of every five minutes sends them. Each of staff gets one for all communities' worth of a community's
cases, a resident one for each case. What was told so is `sent`, with the digest's id; if only one message
waits, it leaves itself.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.notices.changed_times import why_not_told
from chalicelib.domain.notices.details import DANGER
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeChannel, NoticeKind, Source
from chalicelib.domain.notices.must_hear import CHANGED_PROMISES
from chalicelib.domain.notices.sources import is_chase, is_emergency
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.notices.templates import write_digest
from chalicelib.domain.notices.until_morning import is_night_for
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.caps_per_person import (
    is_code_unpaid,
    is_first,
    is_free,
    is_unpaid,
    may_chase,
    source_now,
)
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.known_times import known_to_reader
from chalicelib.services.notices.message import Writer, address_of, texts_for
from chalicelib.services.notices.telling import NO_ADDRESS
from chalicelib.services.proof import is_proved
from chalicelib.services.records import StoredNotice

HELD_AT_ONCE = 100
"""Notices in one page of those that wait; each sweep reads all pages."""

MOST_IN_ONE = 1000
"""Notices that one digest tells of, emergencies before all; the rest stand in the person's next one."""

STAFF_EVERY = timedelta(minutes=4)
"""How often one of staff gets a digest: with each sweep, which comes every five minutes (ours)."""

RESIDENT_EVERY, STRANGER_EVERY = timedelta(hours=1), timedelta(days=1)
"""How often a number gets a digest: a resident's, and one from which nobody has ever answered (ours).

With a promise that was changed among what waits, that one too within the hour: a day later is too late.
"""

log = logging.getLogger(__name__)

Whom = tuple[str, NoticeChannel, str, str]
"""(community, channel, recipient, number): the number only for residents, whom a digest tells of one case.

A code goes by itself: its key stands beside the number.
"""


class Digests(Struct, frozen=True):
    """The sender of digests, in one sweep; it reads each case once."""

    delivery: Delivery
    _cases: dict[tuple[str, str], Case] = field(default_factory=dict)

    def send(self, is_time_up: Callable[[], bool] = lambda: False) -> int:
        """Tell everybody of what waits for them, if it is time for them; how many messages left.

        Whoever has an emergency waiting comes first. What cannot be sent, or may not leave yet, stays, and
        keeps nobody else waiting.
        """
        left = 0
        for waiting in self._by_person(self._held(is_time_up)):
            if is_time_up():
                break
            ids = {"community": waiting[0].community, "recipient": waiting[0].notice.recipient}
            try:
                left += self._tell(waiting)
            except DeliveryError as error:
                log.warning("digest not sent yet", extra={**ids, "code": error.code})
            except Exception:
                log.exception("digest cannot be sent", extra=ids)
        return left

    def _held(self, is_time_up: Callable[[], bool]) -> Iterator[tuple[StoredNotice, bool]]:
        """All that waits, page after page, oldest first; and whether it is of an emergency."""
        cursor = None
        while not is_time_up():
            page = self.delivery.notices.held(HELD_AT_ONCE, cursor)
            pressing = self._emergencies(page.items)
            for stored in page.items:
                danger = stored.notice.detail == DANGER
                yield stored, danger or (stored.community, stored.number) in pressing
            cursor = page.cursor
            if cursor is None:
                break

    def _emergencies(self, held: Iterable[StoredNotice]) -> set[tuple[str, str]]:
        """Which cases of a page are emergencies; a call for each community, whole cases are read later."""
        numbers: dict[str, set[str]] = {}
        for stored in held:
            numbers.setdefault(stored.community, set()).add(stored.number)
        lines = self.delivery.desk.cases.lines
        return {
            (community, line.number)
            for community, wanted in numbers.items()
            for line in lines(community, wanted).values()
            if line.urgency == "emergency"
        }

    def _by_person(self, held: Iterable[tuple[StoredNotice, bool]]) -> list[list[StoredNotice]]:
        """The notices that wait, by whom they are for, emergencies first; order is made after a crash."""
        found: dict[Whom, list[tuple[bool, StoredNotice]]] = {}
        for stored, presses in held:
            if stored.unrecorded:
                self.delivery.telling.record(stored)
            elif stored.status == "sending":
                self.delivery.give_back(stored)
            else:
                notice = stored.notice
                number = stored.number if notice.recipient == RESIDENT_ID else ""
                if notice.kind is NoticeKind.CODE:  # a digest has no room for one
                    number = f"{number} {notice.key}"
                whom = (stored.community, notice.channel, notice.recipient, number)
                is_later = not presses or notice.recipient == RESIDENT_ID
                found.setdefault(whom, []).append((is_later, stored))
        in_order = [sorted(pairs, key=lambda pair: pair[0]) for pairs in found.values()]
        in_order.sort(key=lambda pairs: pairs[0][0])
        return [[stored for _, stored in pairs] for pairs in in_order]

    def _tell(self, waiting: list[StoredNotice]) -> bool:
        """Send one person what waits, if it still makes sense and it is time."""
        now = self.delivery.desk.now()
        due = [stored for stored in waiting if self._is_due(stored, now)]
        if not due:
            return False
        last = due[-1]
        case = self._case(last)
        context = self.delivery.desk.context_of(case)
        address = address_of(last.notice, case, context)
        if address is None or not self._is_time(due, address, now):
            return False
        if len(due) == 1:
            return self.delivery.leave(last, case, context, address, None)
        claimed = [
            replace(stored, status="sending", attempts=stored.attempts + 1)
            for stored in due[:MOST_IN_ONE]
            if self.delivery.notices.claim(stored, now)
        ]
        return bool(claimed) and self._send(claimed, address)

    def _is_due(self, stored: StoredNotice, now: datetime) -> bool:
        case = self._case(stored)
        known = known_to_reader(stored.notice, case, self.delivery.desk, self.delivery.notices)
        if pointless := why_suppressed(stored.notice, case) or why_not_told(stored.notice, case, known):
            self.delivery.skip(stored, pointless)
            return False
        # each by itself: whoever is kept away from one case (G13) still hears of the others
        if address_of(stored.notice, case, self.delivery.desk.context_of(case)) is None:
            self.delivery.skip(stored, NO_ADDRESS)
            return False
        return not is_night_for(stored.notice, case, now, known)

    def _is_time(self, due: list[StoredNotice], address: str, now: datetime) -> bool:
        """Whether this person may get a digest now: not too often, and there is money for a resident's.

        Chases of strangers' reports alone wait for their own hours.
        """
        desk, last = self.delivery.desk, due[-1]
        case, channel = self._case(last), last.notice.channel
        if last.notice.kind is NoticeKind.CODE:  # by itself always, and only its budgets hold it
            return not is_code_unpaid(desk, self.delivery.budgets, last.notice, case, address, now)
        source = source_now(desk, last.notice, case, address, now)
        if last.notice.recipient != RESIDENT_ID:
            if all(self._is_chase(stored, address, now) for stored in due):
                return may_chase(desk, channel, address, now)
            return is_first(desk, channel, f"{address} digest", now, STAFF_EVERY)
        is_strange = source is Source.STRANGER and not is_proved(desk, address, now)
        in_time = any(stored.notice.kind in CHANGED_PROMISES for stored in due)
        every = STRANGER_EVERY if is_strange and not in_time else RESIDENT_EVERY
        whose = f"{address} digest"
        if not is_free(desk, channel, whose, now, every):
            return False
        costs = channel is NoticeChannel.SMS
        if costs and is_unpaid(desk, self.delivery.budgets, case, source, now):
            return False
        return is_first(desk, channel, whose, now, every)

    def _is_chase(self, stored: StoredNotice, address: str, now: datetime) -> bool:
        case = self._case(stored)
        source = source_now(self.delivery.desk, stored.notice, case, address, now)
        return is_chase(stored.notice, case, source)

    def _send(self, claimed: list[StoredNotice], address: str) -> bool:
        """One message for all that were claimed; DeliveryError if it was not taken."""
        try:
            provider_id = self.delivery.hand_over(claimed[0], address, self._message(claimed, address))
        except DeliveryError as error:
            for stored in claimed:
                self.delivery.not_taken(stored, error)
            raise
        for stored in claimed:
            self.delivery.sent(stored, provider_id)
        return True

    def _message(self, claimed: list[StoredNotice], address: str) -> tuple[str, str]:
        """Subject and text: how many cases, how many of them emergencies, and where they are."""
        last = claimed[-1]
        case = self._case(last)
        context = self.delivery.desk.context_of(case)
        texts = texts_for(last.notice, case, context.community, self.delivery.texts)
        base_url = self.delivery.base_url
        if last.notice.recipient == RESIDENT_ID:
            url = Writer(self.delivery.desk, texts, base_url).link(case, Purpose.TRACK, context, address)
            return write_digest(texts, last.notice.channel, url, len(claimed), number=case.number)
        numbers = {stored.number for stored in claimed}
        urgent = {stored.number for stored in claimed if is_emergency(stored.notice, self._case(stored))}
        url = f"{base_url}/desk/{case.community}"
        return write_digest(texts, last.notice.channel, url, len(numbers), urgent=len(urgent))

    def _case(self, stored: StoredNotice) -> Case:
        place = (stored.community, stored.number)
        if place not in self._cases:
            self._cases[place] = self.delivery.desk.cases.get(*place)
        return self._cases[place]
