"""The accounts of a month, written with the bills and payments of cases (B9).

| what | call |
|---|---|
| a bill, a payment, a signature under one | one row, in the transaction of its command |
| a month with its signature | one Query, page after page of 1 MB |
| what is owed | one Query |
| a month is signed | one PutItem, if it is not |

A bill that is paid or given up leaves what is owed: its row says so, and goes by itself a day later.
"""

from collections.abc import Iterator
from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import instant, read, stored
from chalicelib.adapters.dynamo.errors import saved_if
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.work.accounts import OWED, Entry, MonthSigned, accounts_of
from chalicelib.services.records import Change

SIGNED = "SIGNED"
"""The sort key of a signature; those of payments are instants."""
STANDS, LEFT = "stands", "left"
FORGOTTEN_AFTER = timedelta(days=1)


def account_rows(change: Change) -> Iterator[tuple[CaseRow, Condition | None]]:
    """The rows of what a command changes in the accounts; none for nearly every command."""
    after = change.outcome.after
    before = change.outcome.before
    if before is not None and before.order.bills == after.order.bills:
        return
    old, new = _keyed(before), _keyed(after)
    for place, entry in new.items():
        if old.get(place) != entry:
            yield _row(after.community, place, entry, STANDS), None
    for place in old.keys() - new.keys():
        row = _row(after.community, place, old[place], LEFT)
        row.expires_at_epoch = int((after.changed_at + FORGOTTEN_AFTER).timestamp())
        yield row, None


def _keyed(case: Case | None) -> dict[tuple[str, str], Entry]:
    """(account, sort key) → entry: a bill that was written anew stands at another instant."""
    return {(account, _sort_key(entry)): entry for (account, _), entry in accounts_of(case).items()}


def _sort_key(entry: Entry) -> str:
    at = entry.paid_at or entry.billed_at
    return f"{instant(at)}#{keys.number_key(entry.number)}#{entry.place:03d}"


def _row(community: str, place: tuple[str, str], entry: Entry, state: str) -> CaseRow:
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

    def sign(self, community: str, signed: MonthSigned) -> bool:
        row = CaseRow(keys.account(community, signed.month), SIGNED, data=stored(signed))
        return saved_if(row, CaseRow.pk.does_not_exist())
