"""Notices, beside their case. A command's transaction puts them there as pending (see `writes`), or
into a bundle where they are very many (see `bundles`).

| what | call |
|---|---|
| one notice | one GetItem, consistent |
| all notices of a case | one Query of `NOTICE#…`, consistent |
| claim, sent, released, skipped, held | one UpdateItem, conditional on status and attempt |
| what became of a mail | one UpdateItem, conditional on less being known |
| those that have not left, those that are held | one Query of `undelivered`, then BatchGetItem of the rows |

Ids and code words only: a message is written when it leaves, from the case as it is then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import bundles, keys
from chalicelib.adapters.dynamo.documents import instant, read, read_instant
from chalicelib.adapters.dynamo.errors import condition_failed
from chalicelib.adapters.dynamo.paging import Cursor, page_of
from chalicelib.adapters.dynamo.tables import HELD, PENDING, CaseRow
from chalicelib.domain.notices.kinds import Notice
from chalicelib.domain.notices.must_hear import is_put_on_case
from chalicelib.services.records import OUTCOMES, Page, StoredNotice

UNDERWAY = ("pending", "sending")


class DynamoNotices:
    """NoticeStore."""

    def get(self, community: str, number: str, key: str) -> StoredNotice | None:
        try:
            row = CaseRow.get(keys.case(community, number), keys.notice(key), consistent_read=True)
        except CaseRow.DoesNotExist:
            return None
        return notice_of(row)

    def of_case(self, community: str, number: str) -> tuple[StoredNotice, ...]:
        rows = CaseRow.query(
            keys.case(community, number), CaseRow.sk.startswith(keys.NOTICES), consistent_read=True
        )
        return tuple(notice_of(row) for row in rows)

    def claim(self, stored: StoredNotice, now: datetime) -> bool:
        actions = [
            CaseRow.status.set("sending"),
            CaseRow.attempts.add(1),
            CaseRow.claimed_at.set(instant(now)),
        ]
        return _changed(stored, "pending", actions)

    def mark_sent(self, stored: StoredNotice, provider_id: str, now: datetime) -> None:
        actions = [
            CaseRow.status.set("sent"),
            CaseRow.provider_id.set(provider_id),
            CaseRow.sent_at.set(instant(now)),
            CaseRow.error.remove(),
        ]
        _changed(stored, "sending", [*actions, *_ended(stored, has_left=True)])

    def release(self, stored: StoredNotice, error: str, *, final: bool) -> None:
        actions = [CaseRow.status.set("failed" if final else "pending"), CaseRow.error.set(error)]
        _changed(stored, "sending", [*actions, *_ended(stored, has_left=False)] if final else actions)

    def came_to(self, stored: StoredNotice, outcome: str) -> bool:
        row = CaseRow(keys.case(stored.community, stored.number), keys.notice(stored.notice.key))
        less = OUTCOMES[: OUTCOMES.index(outcome)]
        unknown = CaseRow.outcome.does_not_exist()
        news = unknown | CaseRow.outcome.is_in(*less) if less else unknown
        try:
            row.update([CaseRow.outcome.set(outcome)], CaseRow.status.exists() & news)
        except UpdateError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def skip(self, stored: StoredNotice, reason: str) -> None:
        actions = [CaseRow.status.set("skipped"), CaseRow.error.set(reason)]
        _changed(stored, "pending", [*actions, *_ended(stored, has_left=False)])

    def hold(self, stored: StoredNotice, reason: str) -> None:
        _changed(stored, "pending", [CaseRow.undelivered.set(HELD), CaseRow.error.set(reason)])

    def held(self, limit: int, cursor: Mapping[str, str] | None = None) -> Page[StoredNotice]:
        return _page(HELD, None, limit, cursor)

    def recorded(self, stored: StoredNotice) -> None:
        _changed(stored, stored.status, [CaseRow.undelivered.remove()])

    def put(self, community: str, number: str, notice: Notice) -> None:
        (row,) = bundles.notice_rows(keys.case(community, number), [notice], 1)
        row.save()

    def forget(self, community: str, number: str) -> None:
        for stored in self.of_case(community, number):
            if stored.provider_id is not None:
                _changed(stored, stored.status, [CaseRow.provider_id.remove()])

    def unpack(self, community: str, number: str, key: str) -> None:
        bundles.unpack(community, number, key)

    def bundled(self, before: datetime, limit: int) -> tuple[tuple[str, str, str], ...]:
        return bundles.unpacked_by_nobody(before, limit)

    def undelivered(
        self, before: datetime, limit: int, cursor: Mapping[str, str] | None = None
    ) -> Page[StoredNotice]:
        return _page(PENDING, CaseRow.created_at < instant(before), limit, cursor)


def _page(which: str, until: Condition | None, limit: int, cursor: Cursor) -> Page[StoredNotice]:
    """A page of the index, its rows as they are now."""
    rows, left = page_of(CaseRow.not_delivered, which, until, limit, cursor, page_size=limit)
    return Page(_as_they_are(rows), left)


def _as_they_are(found: Iterable[CaseRow]) -> tuple[StoredNotice, ...]:
    """The rows of an index as they are now, oldest first; without those that have come to their end since."""
    places = [(row.pk, row.sk) for row in found]
    rows = CaseRow.batch_get(places, consistent_read=True) if places else ()
    notices = (notice_of(row) for row in rows if row.undelivered)
    return tuple(sorted(notices, key=lambda stored: stored.notice.created_at))


def _ended(stored: StoredNotice, *, has_left: bool) -> list[Action]:
    """What takes a notice that has come to its end from the undelivered; not before its case knows (B8)."""
    return [] if is_put_on_case(stored.notice, has_left=has_left) else [CaseRow.undelivered.remove()]


def _changed(stored: StoredNotice, status: str, actions: Sequence[Action]) -> bool:
    """Change the row if its status and attempts are those that the caller knows."""
    row = CaseRow(keys.case(stored.community, stored.number), keys.notice(stored.notice.key))
    try:
        row.update(list(actions), (CaseRow.status == status) & (CaseRow.attempts == stored.attempts))
    except UpdateError as error:
        if condition_failed(error):
            return False
        raise
    return True


def notice_of(row: CaseRow) -> StoredNotice:
    """A notice as its row has it."""
    return StoredNotice(
        *keys.community_and_number(row.pk),
        notice=read(row.data, Notice),
        status=row.status,
        attempts=int(row.attempts or 0),
        provider_id=row.provider_id,
        error=row.error,
        sent_at=read_instant(row.sent_at) if row.sent_at else None,
        claimed_at=read_instant(row.claimed_at) if row.claimed_at else None,
        unrecorded=bool(row.undelivered) and row.status not in UNDERWAY,
        held=row.undelivered == HELD and row.status in UNDERWAY,
        outcome=row.outcome,
    )
