"""The accounts of a month, and what others than residents bear, written with the cases (B9, G12).

| what | call |
|---|---|
| a bill, a payment, a signature under one | one row, in the transaction of its command |
| a month with its signature | one Query, page after page of 1 MB |
| what is owed | one Query |
| what a party bears, by the cost of a case, a claim, a payment of it | one row a party, in that transaction |
| all that a party bears | one Query, page after page of 1 MB |
| a month is signed | one PutItem, if it is not |

A bill that is paid or given up leaves what is owed, and a case what a party bears once another pays: its row
says so, and goes by itself a day later.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import instant, read, stored
from chalicelib.adapters.dynamo.errors import saved_if
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.work.accounts import OWED, Entry, MonthSigned, accounts_of
from chalicelib.domain.work.borne import Borne, borne_by
from chalicelib.services.records import Change

SIGNED = "SIGNED"
"""The sort key of a signature; those of payments are instants."""
STANDS, LEFT = "stands", "left"
FORGOTTEN_AFTER = timedelta(days=1)

Place = tuple[str, str]
"""The account of an entry (a month, what is owed, a party that bears costs), and its sort key."""


def account_rows(change: Change) -> Iterator[tuple[CaseRow, Condition | None]]:
    """The rows of what a command changes in the accounts; none for nearly every command."""
    after = change.outcome.after
    before = change.outcome.before
    yield from _changed(_bills(before), _bills(after), after)
    yield from _changed(_borne(before), _borne(after), after)


def _changed(
    old: Mapping[Place, Entry | Borne], new: Mapping[Place, Entry | Borne], after: Case
) -> Iterator[tuple[CaseRow, Condition | None]]:
    for place, entry in new.items():
        if old.get(place) != entry:
            yield _row(after.community, place, entry, STANDS), None
    for place in old.keys() - new.keys():
        row = _row(after.community, place, old[place], LEFT)
        row.expires_at_epoch = int((after.changed_at + FORGOTTEN_AFTER).timestamp())
        yield row, None


def _bills(case: Case | None) -> dict[Place, Entry]:
    """Its bills by account and sort key: one that was written anew stands at another instant."""
    return {(account, _sort_key(entry)): entry for (account, _), entry in accounts_of(case).items()}


def _borne(case: Case | None) -> dict[Place, Borne]:
    """What each party bears of it, by account and sort key."""
    borne = borne_by(case) if case is not None else ()
    return {(one.party, keys.number_key(one.number)): one for one in borne}


def _sort_key(entry: Entry) -> str:
    at = entry.paid_at or entry.billed_at
    return f"{instant(at)}#{keys.number_key(entry.number)}#{entry.place:03d}"


def _row(community: str, place: Place, entry: Entry | Borne, state: str) -> CaseRow:
    account, sort_key = place
    return CaseRow(keys.account(community, account), sort_key, data=stored(entry), state=state)


class DynamoAccounts:
    """AccountStore."""

    def month(self, community: str, month: str) -> tuple[tuple[Entry, ...], MonthSigned | None]:
        rows = list(CaseRow.query(keys.account(community, month), consistent_read=True))
        signed = next((read(row.data, MonthSigned) for row in rows if row.sk == SIGNED), None)
        return tuple(read(row.data, Entry) for row in rows if row.sk != SIGNED), signed

    def owed(self, community: str) -> tuple[Entry, ...]:
        stands = CaseRow.state == STANDS
        rows = CaseRow.query(keys.account(community, OWED), None, stands, consistent_read=True)
        return tuple(read(row.data, Entry) for row in rows)

    def borne(self, community: str, party: str) -> tuple[Borne, ...]:
        stands = CaseRow.state == STANDS
        rows = CaseRow.query(keys.account(community, party), None, stands, consistent_read=True)
        return tuple(read(row.data, Borne) for row in rows)

    def sign(self, community: str, signed: MonthSigned) -> bool:
        row = CaseRow(keys.account(community, signed.month), SIGNED, data=stored(signed))
        return saved_if(row, CaseRow.pk.does_not_exist())
