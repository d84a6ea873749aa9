"""Whoever signs in: a row of their own in the directory, beside their rows in the communities.

| what | call |
|---|---|
| a person, with their place in a community | one BatchGetItem, consistent: what has ended is over |
| the end of a session, or of all | one UpdateItem, and one more that forgets the oldest ends |
| a second factor, a network | one UpdateItem |
"""

from pynamodb.exceptions import UpdateError

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.directory import STAFF
from chalicelib.adapters.dynamo.documents import read_text
from chalicelib.adapters.dynamo.errors import condition_failed
from chalicelib.adapters.dynamo.tables import DirectoryRow
from chalicelib.domain.community.community import Staff
from chalicelib.services.records import Person

MOST_ENDS = 100
"""Ends of single sessions that are kept: more than anybody can begin before a session is over by itself."""
MOST_NETWORKS = 50


class DynamoPeople:
    """PersonStore."""

    def standing(self, username: str, community: str | None = None) -> tuple[Person, Staff | None]:
        own = (keys.person(username), keys.SESSIONS)
        wanted = [own]
        if community is not None:
            wanted.append((keys.directory(community), f"{STAFF}{username}"))
        rows = {(row.pk, row.sk): row for row in DirectoryRow.batch_get(wanted, consistent_read=True)}
        place = rows.get(wanted[-1]) if community is not None else None
        return _person(rows.get(own)), read_text(place.data or "", Staff) if place else None

    def end_session(self, username: str, signed_in_at: int) -> None:
        row = _row(username)
        row.update([DirectoryRow.ended.add({signed_in_at})])
        if len(row.ended or ()) > MOST_ENDS:
            oldest = sorted(row.ended)[: -MOST_ENDS // 2]
            self.end_sessions(username, int(oldest[-1]))
            row.update([DirectoryRow.ended.delete(set(oldest))])

    def end_sessions(self, username: str, not_before: int) -> None:
        later = DirectoryRow.not_before.does_not_exist() | (DirectoryRow.not_before < not_before)
        try:
            _row(username).update([DirectoryRow.not_before.set(not_before)], condition=later)
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def set_second_factor(self, username: str, asked_for: bool) -> None:
        _row(username).update([DirectoryRow.second_factor.set(asked_for)])

    def add_network(self, username: str, network: str) -> None:
        row = _row(username)
        row.update([DirectoryRow.networks.add({network})])
        if len(row.networks or ()) > MOST_NETWORKS:
            others = sorted(row.networks - {network})
            row.update([DirectoryRow.networks.delete(set(others[: MOST_NETWORKS // 2]))])


def _row(username: str) -> DirectoryRow:
    return DirectoryRow(keys.person(username), keys.SESSIONS)


def _person(row: DirectoryRow | None) -> Person:
    if row is None:
        return Person()
    return Person(
        int(row.not_before or 0),
        frozenset(int(begun) for begun in row.ended or ()),
        bool(row.second_factor),
        frozenset(row.networks or ()),
    )
