"""Which cases are joined to an incident, and which lead one (A16).

| what | call |
|---|---|
| a case joins or leaves | one row under the case that leads, in the transaction of its command |
| all that are joined | one consistent Query, page after page of 1 MB |
| how many are joined to each of a page of leaders | one Query over all of them, which are neighbours |
| the cases that lead | one Query, newest first |
| have whoever takes a number know of a case that leads | one UpdateItem of the counter, unconditional |

The case that leads is not written when another joins: two hundred at once do not meet in it. Nor is the
counter written in the transaction of an opening, for every intake would collide with that.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.paging import Cursor, page_of
from chalicelib.adapters.dynamo.tables import COUNTER, CaseRow
from chalicelib.services.incident_port import Lead
from chalicelib.services.records import Change, Page

JOINED, LEFT = "joined", "left"


def incident_rows(change: Change) -> Iterator[tuple[CaseRow, Condition | None]]:
    """The rows of a case that joins, leaves or leads."""
    case = change.outcome.after
    for leader, state in ((change.leaves, LEFT), (change.joins, JOINED)):
        if leader is not None:
            yield CaseRow(keys.joined(case.community), keys.joined_to(leader, case.number), state=state), None
    if change.leads:
        yield CaseRow(keys.incidents(case.community), keys.number_key(case.number)), None


def joined(community: str, number: str) -> tuple[str, ...]:
    place, begins = keys.joined(community), keys.joined_to(number)
    rows = CaseRow.query(place, CaseRow.sk.startswith(begins), CaseRow.state == JOINED, consistent_read=True)
    return tuple(keys.number_of(row.sk.removeprefix(begins)) for row in rows)


def joined_to_each(community: str, numbers: Collection[str]) -> Mapping[str, int]:
    if not numbers:
        return {}
    leaders = sorted(map(keys.number_key, numbers))
    among = CaseRow.sk.between(leaders[0], f"{leaders[-1]}$")  # "$" comes after "#"
    rows = CaseRow.query(keys.joined(community), among, CaseRow.state == JOINED)
    counted = Counter(keys.number_of(row.sk.partition("#")[0]) for row in rows)
    return {number: counted[number] for number in numbers}


def leaders(community: str, limit: int, cursor: Cursor) -> Page[str]:
    place = keys.incidents(community)
    rows, left = page_of(CaseRow, place, None, limit, cursor, page_size=limit + 1, newest_first=True)
    return Page(tuple(keys.number_of(row.sk) for row in rows), left)


def leads_in(counter: CaseRow) -> frozenset[Lead]:
    """The leads that a month's counter tells of."""
    return frozenset(_lead(*said.split("#")) for said in counter.leading or ())


def _lead(key: str, number: str, until: str) -> Lead:
    return Lead(key, number, datetime.fromtimestamp(int(until), UTC))


def show_lead(community: str, month: str, lead: Lead, at: str, *, shown: bool) -> None:
    said = {f"{lead.key}#{lead.number}#{int(lead.until.timestamp())}"}
    counter = CaseRow(keys.month(community, month), COUNTER)
    if shown:  # a month may be told of it before its first serial
        counter.update(
            [
                CaseRow.leading.add(said),
                CaseRow.serial.add(0),
                CaseRow.counted_at.set(CaseRow.counted_at | at),
            ]
        )
    else:
        counter.update([CaseRow.leading.delete(said)])
