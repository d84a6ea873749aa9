"""The communities with their staff, shifts, prices and changed days.

All rows of a community have the same partition key, so one Query reads them.

| what | call |
|---|---|
| a community with all that belongs to it | one Query of `COMMUNITY#{id}`, at most once a minute |
| the names of all communities | one Query of `COMMUNITIES` |
| a username in several communities | one BatchGetItem for each hundred of them |
| a change of one day | one TransactWriteItems of the day and of when the calendar changed, then the Query |
| when the calendar changed | one GetItem |
| a steward is set or taken away | one PutItem or DeleteItem, then the Query |
| a turn or change of the roster | one TransactWriteItems of it and of who wrote the roster, then the Query |
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import DynamoBeside
from chalicelib.adapters.dynamo.documents import instant, read_instant, read_text, text
from chalicelib.adapters.dynamo.errors import failed_conditions
from chalicelib.adapters.dynamo.handovers import UNSIGNED, DynamoHandovers
from chalicelib.adapters.dynamo.tables import CONNECTION, DirectoryRow
from chalicelib.domain.community.community import AmendedDay, Community, Staff, Steward
from chalicelib.domain.community.handover import Unsigned
from chalicelib.domain.community.prices import PriceItem, PriceList
from chalicelib.domain.community.roster import DutyChange, Shift, entry_key
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.errors import never_changed, roster_changed

KEPT_SECONDS = 60.0
"""How old a community may be: a change of staff reaches every function within this time."""
CHANGED = "CALENDAR"
"""The row that says when hours or days were last changed, for those who look for cases to plan anew."""
COMMUNITY, STAFF, SHIFT, PRICE, AMENDED = "COMMUNITY", "STAFF#", "SHIFT#", "PRICE#", "AMENDED#"
PRICE_LIST = "PRICES#"
"""Whole price lists that were published at the desk, by their first days."""
DUTY, ROSTER, STEWARD, STAFFING = "DUTY#", "ROSTER", "STEWARD#", "STAFFING"
"""Changes of the roster; that it is written at the desk; stewards; which change of the staff was the last."""

Part = TypeVar("Part")


class DynamoDirectory:
    """Directory. `seconds` is a clock that never goes back."""

    handovers = DynamoHandovers()

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self.beside = DynamoBeside(seconds)
        self._known: dict[str, tuple[float, Community]] = {}

    def community(self, community_id: str) -> Community:
        read_at, known = self._known.get(community_id, (0.0, None))
        if known is not None and self._seconds() - read_at < KEPT_SECONDS:
            return known
        found = read_community(community_id)
        self._known[community_id] = (self._seconds(), found)
        return found

    def names(self) -> Mapping[str, str]:
        return {row.sk: row.data or row.sk for row in DirectoryRow.query(keys.COMMUNITIES)}

    def staff_named(self, username: str, communities: Iterable[str]) -> Mapping[str, Staff]:
        places = {keys.directory(community): community for community in communities}
        wanted = [(place, f"{STAFF}{username}") for place in places]
        rows = DirectoryRow.batch_get(wanted, consistent_read=True) if wanted else ()
        return {places[row.pk]: read_text(row.data or "", Staff) for row in rows}

    def amend(self, community_id: str, day: AmendedDay, at: datetime) -> Community:
        row = _amended(community_id, day.date)
        row.data = text(day)
        with TransactWrite(connection=CONNECTION) as transaction:
            transaction.save(row)
            transaction.save(changed_row(community_id, at))
        return self._anew(community_id)

    def restore(self, community_id: str, date: str, at: datetime) -> Community:
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                transaction.delete(_amended(community_id, date), condition=DirectoryRow.sk.exists())
                transaction.save(changed_row(community_id, at))
        except TransactWriteError as error:
            if failed_conditions(error):
                raise never_changed(date) from None
            raise
        return self._anew(community_id)

    def put_duty(self, community_id: str, part: Shift | DutyChange, before: DutyChange | None) -> Community:
        row = DirectoryRow(keys.directory(community_id), duty_key(part))
        is_as_seen = DirectoryRow.data == text(before) if before else DirectoryRow.pk.does_not_exist()
        row.data = text(part)
        return self._rostered(community_id, lambda transaction: transaction.save(row, condition=is_as_seen))

    def drop_duty(self, community_id: str, part: Shift | DutyChange) -> Community:
        row = DirectoryRow(keys.directory(community_id), duty_key(part))
        return self._rostered(community_id, lambda transaction: transaction.delete(row))

    def _rostered(self, community_id: str, change: Callable[[TransactWrite], None]) -> Community:
        """A change of the roster, the desk's own from then on; ConflictError if another was first."""
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                change(transaction)
                transaction.save(DirectoryRow(keys.directory(community_id), ROSTER, data="desk"))
        except TransactWriteError as error:
            if failed_conditions(error):
                raise roster_changed() from None
            raise
        return self._anew(community_id)

    def calendar_changed_at(self, community_id: str) -> datetime | None:
        try:
            row = DirectoryRow.get(keys.directory(community_id), CHANGED)
        except DirectoryRow.DoesNotExist:
            return None
        return read_instant(row.data or "")

    def put_steward(self, community_id: str, steward: Steward) -> Community:
        key = f"{STEWARD}{steward.building}"
        DirectoryRow(keys.directory(community_id), key, data=text(steward)).save()
        return self._anew(community_id)

    def drop_steward(self, community_id: str, building: str) -> Community:
        DirectoryRow(keys.directory(community_id), f"{STEWARD}{building}").delete()
        return self._anew(community_id)

    def anew(self, community_id: str) -> Community:
        return self._anew(community_id)

    def _anew(self, community_id: str) -> Community:
        found = read_community(community_id, consistent=True)
        self._known[community_id] = (self._seconds(), found)
        return found


def changed_row(community_id: str, at: datetime) -> DirectoryRow:
    """The row that says that the calendar was changed at that instant."""
    return DirectoryRow(keys.directory(community_id), CHANGED, data=instant(at))


def duty_key(part: Shift | DutyChange) -> str:
    """The sort key of a turn or change."""
    return f"{DUTY if isinstance(part, DutyChange) else SHIFT}{entry_key(part)}"


def _amended(community_id: str, date: str) -> DirectoryRow:
    return DirectoryRow(keys.directory(community_id), f"{AMENDED}{date}")


def read_community(community_id: str, *, consistent: bool = False) -> Community:
    """The community as it is now; NotFoundError if there is none."""
    found = DirectoryRow.query(keys.directory(community_id), consistent_read=consistent)
    rows = {row.sk: row.data or "" for row in found}
    if COMMUNITY not in rows:
        raise NotFoundError(f"There is no community '{community_id}'.")
    return replace(
        read_text(rows[COMMUNITY], Community),
        staff=_parts(rows, STAFF, Staff),
        shifts=_parts(rows, SHIFT, Shift),
        prices=_parts(rows, PRICE, PriceItem),
        price_lists=_parts(rows, PRICE_LIST, PriceList),
        amendments=_parts(rows, AMENDED, AmendedDay),
        duty_changes=_parts(rows, DUTY, DutyChange),
        own_roster=ROSTER in rows,
        stewards=_parts(rows, STEWARD, Steward),
        unsigned=_parts(rows, UNSIGNED, Unsigned),
        staffing=rows.get(STAFFING, ""),
    )


def _parts(rows: dict[str, str], prefix: str, kind: type[Part]) -> tuple[Part, ...]:
    """The parts of one kind, in the order of their keys."""
    return tuple(read_text(data, kind) for sk, data in rows.items() if sk.startswith(prefix))
