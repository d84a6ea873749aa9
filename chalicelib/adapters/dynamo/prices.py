"""Price lists that are published at the desk, on DynamoDB (B10).

| what | call |
|---|---|
| the list that was handed in last | one Query or PutItem |
| a list is published or taken back | one TransactWriteItems with the act |
| every list that was published, the last first | one Query |

A list stands twice: with its community while it holds or is to hold, and for good in a place of its own, so
that a community is read with no more than it needs.
"""

from chalicelib.adapters.dynamo import directory, keys
from chalicelib.adapters.dynamo.documents import read_text, text
from chalicelib.adapters.dynamo.staffing import written_with
from chalicelib.adapters.dynamo.tables import DirectoryRow
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.prices import PriceList
from chalicelib.services.staff_port import Act

DRAFT, PUBLISHED = "DRAFT", "LIST#"


class DynamoPrices:
    """PriceStore."""

    def draft(self, community_id: str) -> PriceList | None:
        rows = DirectoryRow.query(keys.prices(community_id), DirectoryRow.sk == DRAFT, consistent_read=True)
        return next((read_text(row.data or "", PriceList) for row in rows), None)

    def put_draft(self, community_id: str, draft: PriceList) -> None:
        DirectoryRow(keys.prices(community_id), DRAFT, data=text(draft)).save()

    def publish(self, community: Community, new: PriceList, act: Act) -> bool:
        ended = [_held(community.id, known) for known in community.ended_price_lists(act.at)]
        draft = DirectoryRow(keys.prices(community.id), DRAFT)
        rows = (_held(community.id, new), _kept(community.id, new))
        return written_with(community, act, rows, gone=(draft, *ended))

    def withdraw(self, community: Community, gone: PriceList, act: Act) -> bool:
        rows = (_held(community.id, gone), _kept(community.id, gone))
        return written_with(community, act, (), gone=rows)

    def published(self, community_id: str, limit: int) -> tuple[PriceList, ...]:
        rows = DirectoryRow.query(
            keys.prices(community_id),
            DirectoryRow.sk.startswith(PUBLISHED),
            scan_index_forward=False,
            limit=limit,
        )
        return tuple(read_text(row.data or "", PriceList) for row in rows)


def _held(community: str, known: PriceList) -> DirectoryRow:
    key = f"{directory.PRICE_LIST}{known.valid_from}"
    return DirectoryRow(keys.directory(community), key, data=text(known))


def _kept(community: str, known: PriceList) -> DirectoryRow:
    return DirectoryRow(keys.prices(community), f"{PUBLISHED}{known.valid_from}", data=text(known))
