"""Task tokens of workflows, beside their case.

| what | call |
|---|---|
| where one round's workflow stands | one GetItem, consistent |
| all workflows of a case | one Query of `WAIT#…`, consistent |
| keep or forget a token, record a start | one UpdateItem with a condition |
"""

from collections.abc import Sequence

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import instant, read_instant
from chalicelib.adapters.dynamo.errors import condition_failed
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.services.records import Waiting


class DynamoWaiting:
    """WaitingStore."""

    def get(self, community: str, number: str, kind: str, round_number: int) -> Waiting | None:
        try:
            row = CaseRow.get(
                keys.case(community, number), keys.waiting(kind, round_number), consistent_read=True
            )
        except CaseRow.DoesNotExist:
            return None
        return _waiting(row)

    def of_case(self, community: str, number: str) -> tuple[Waiting, ...]:
        rows = CaseRow.query(
            keys.case(community, number), CaseRow.sk.startswith(keys.WAITING), consistent_read=True
        )
        return tuple(_waiting(row) for row in rows)

    def put_token(self, community: str, number: str, waiting: Waiting) -> bool:
        not_overtaken = CaseRow.restart.does_not_exist() | (CaseRow.restart <= waiting.restart)
        return _updated(community, number, waiting.kind, waiting.round, _all_of(waiting), not_overtaken)

    def clear_token(self, community: str, number: str, waiting: Waiting) -> None:
        actions = [CaseRow.token.remove(), CaseRow.awaiting.remove(), CaseRow.wake_at.remove()]
        _updated(community, number, waiting.kind, waiting.round, actions, CaseRow.token == waiting.token)

    def begin(self, community: str, number: str, kind: str, round_number: int, restart: int) -> bool:
        new = CaseRow.restart.does_not_exist() | (CaseRow.restart < restart)
        begun = Waiting(kind, round_number, restart)
        return _updated(community, number, kind, round_number, _all_of(begun), new)


def _updated(
    community: str, number: str, kind: str, round_number: int, actions: Sequence[Action], condition: Condition
) -> bool:
    row = CaseRow(keys.case(community, number), keys.waiting(kind, round_number))
    try:
        row.update(list(actions), condition)
    except UpdateError as error:
        if condition_failed(error):
            return False
        raise
    return True


def _all_of(waiting: Waiting) -> list[Action]:
    """Every attribute as it is in `waiting`; what it has not is removed."""
    values = (
        (CaseRow.token, waiting.token),
        (CaseRow.awaiting, waiting.awaiting),
        (CaseRow.wake_at, instant(waiting.wake_at) if waiting.wake_at else None),
    )
    changed = [attribute.remove() if value is None else attribute.set(value) for attribute, value in values]
    return [CaseRow.restart.set(waiting.restart), CaseRow.turns.set(waiting.waits), *changed]


def _waiting(row: CaseRow) -> Waiting:
    kind, round_number = keys.kind_and_round(row.sk)
    wake_at = read_instant(row.wake_at) if row.wake_at else None
    return Waiting(
        kind,
        round_number,
        restart=int(row.restart or 0),
        token=row.token,
        awaiting=row.awaiting,
        wake_at=wake_at,
        waits=int(row.turns or 0),
    )
