"""Link codes and rate counters. Intake and commands write links and idempotency keys (see `writes`).

| what | call |
|---|---|
| what a code stands for | one GetItem by its hash |
| who has left a mark | one GetItem |
| one more hit in a window | one UpdateItem of the window's own counter |

TTL removes what has expired, but hours later: `check_link` compares the date, and a window has its own key.
"""

from datetime import datetime

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import read_text
from chalicelib.adapters.dynamo.tables import LinkRow
from chalicelib.domain.case.links import Link


class DynamoLinks:
    """LinkStore."""

    def find(self, code_hash: str) -> Link | None:
        try:
            row = LinkRow.get(code_hash, consistent_read=True)
        except LinkRow.DoesNotExist:
            return None
        return read_text(row.link, Link) if row.link else None

    def marked(self, key: str, now: datetime) -> str | None:
        try:
            row = LinkRow.get(keys.mark(key), consistent_read=True)
        except LinkRow.DoesNotExist:
            return None
        return row.number if (row.expires_at_epoch or 0) > now.timestamp() else None

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        ends = int(window_ends_at.timestamp())
        row = LinkRow(keys.rate(bucket, ends))
        row.update([LinkRow.hits.add(1), LinkRow.expires_at_epoch.set(ends)])
        return int(row.hits or 0)
