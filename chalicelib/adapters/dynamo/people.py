"""Whoever signs in: a row of their own in the directory, beside their rows in the communities.

| what | call |
|---|---|
| a person, with their place in a community | one BatchGetItem, consistent: what has ended is over |
| the end of a session, or of all | one UpdateItem, and one more that forgets the oldest ends |
| a second factor, a network, a session in the second of such an end | one UpdateItem |
"""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

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

    def end_session(self, username: str, signed_in_at: int, session: str = "") -> None:
        row = _row(username)
        begun = [DirectoryRow.begun.delete({session})] if session else []
        row.update([DirectoryRow.ended.add({signed_in_at}), *begun])
        if len(row.ended or ()) > MOST_ENDS:
            oldest = sorted(row.ended)[: -MOST_ENDS // 2]
            _updated(row, [DirectoryRow.not_before.set(int(oldest[-1]))], _not_after(int(oldest[-1])))
            row.update([DirectoryRow.ended.delete(set(oldest))])

    def end_sessions(self, username: str, not_before: int) -> None:
        over: list[Action] = [DirectoryRow.not_before.set(not_before), DirectoryRow.begun.remove()]
        _updated(_row(username), over, _not_after(not_before))

    def begin_session(self, username: str, session: str, not_before: int) -> bool:
        known: Condition = DirectoryRow.not_before == not_before
        same = known if not_before else DirectoryRow.not_before.does_not_exist()
        row = _row(username)
        if not _updated(row, [DirectoryRow.begun.add({session})], same):
            return False
        if len(row.begun or ()) > MOST_ENDS:
            row.update([DirectoryRow.begun.delete({*sorted(row.begun - {session})[: MOST_ENDS // 2]})])
        return True

    def set_second_factor(self, username: str, asked_for: bool) -> None:
        _row(username).update([DirectoryRow.second_factor.set(asked_for)])

    def add_network(self, username: str, network: str) -> None:
        row = _row(username)
        row.update([DirectoryRow.networks.add({network})])
        if len(row.networks or ()) > MOST_NETWORKS:
            others = sorted(row.networks - {network})
            row.update([DirectoryRow.networks.delete(set(others[: MOST_NETWORKS // 2]))])


def _not_after(not_before: int) -> Condition:
    """That no later end of all sessions is on record."""
    found: Condition = DirectoryRow.not_before.does_not_exist() | (DirectoryRow.not_before <= not_before)
    return found


def _updated(row: DirectoryRow, actions: list[Action], condition: Condition) -> bool:
    """Whether the condition held, and the row was changed."""
    try:
        row.update(actions, condition=condition)
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True


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
        frozenset(row.begun or ()),
    )
