"""Rows of `links` that show a report sent again, or one like another (A4)."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.tables import LinkRow
from chalicelib.domain.case.case import Case
from chalicelib.services.records import Change, Mark

REMEMBERED = timedelta(days=90)
"""How long an idempotency key is known; TTL removes it some time after."""


def key_row(change: Change, key: str) -> LinkRow:
    """The idempotency key of a new case."""
    case = change.outcome.after
    return LinkRow(
        keys.idempotency(key),
        number=case.number,
        body_hash=change.body_hash,
        expires_at_epoch=int((case.registered_at + REMEMBERED).timestamp()),
    )


def marked(mark: Mark, case: Case) -> tuple[LinkRow, Condition | None]:
    """A mark of a new case; where it waits, on condition that none is there.

    One that has run out may still be there, until TTL comes by.
    """
    ends = int(mark.expires_at.timestamp())
    row = LinkRow(keys.mark(mark.key), number=case.number, expires_at_epoch=ends)
    free = LinkRow.pk.does_not_exist() | (LinkRow.expires_at_epoch <= int(case.changed_at.timestamp()))
    if mark.replaces is not None:
        free = free | (LinkRow.number == mark.replaces)
    return row, free if mark.waits else None


def left_by(marks: Iterable[str]) -> frozenset[str]:
    """The numbers of the cases that have left these marks (keys of rows); one that is gone is left out."""
    numbers = set()
    for key in marks:
        with suppress(LinkRow.DoesNotExist):
            numbers.add(LinkRow.get(key, consistent_read=True).number)
    return frozenset(numbers)
