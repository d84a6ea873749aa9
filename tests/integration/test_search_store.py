"""The index by which cases are found, on fakes and on DynamoDB: what it reads, and that it is made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.adapters.dynamo.tables import CONNECTION, FIND, CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Member
from chalicelib.services.privacy.own_data import ALL_KINDS
from chalicelib.services.search import follow, forget, term_key
from chalicelib.services.views.found import found_on_record
from tests.builders import Office, community, staff

PLACE = community()


def member(username: str) -> Member:
    found = next(person for person in staff() if person.username == username)
    return Member(found.username, found.name, found.role, found.departments, PLACE)


def told(place: Office, **changes: Any) -> Case:
    """A case that the relay has seen."""
    case = place.register(**changes).case
    follow(place.desk, case.community, case.number)
    return case


def found(place: Office, query: str, username: str = "agent-1", cursor: Any = None) -> list[str]:
    page = found_on_record(place.desk, member(username), query, 20, cursor)
    return [row.line.number for row in page.items]


@pytest.mark.req("E8")
def test_it_is_found_by_each_of_its_terms_the_newest_first(place: Office) -> None:
    first, second = told(place), told(place, unit="5-0302", name="李雷", phone="+8613800005678")
    assert found(place, "走廊") == [second.number, first.number]
    assert found(place, "5栋0302室") == found(place, "5678") == found(place, "李雷") == [second.number]
    assert found(place, "走廊 1234") == [first.number]
    assert found(place, first.number) == found(place, "0001") == [first.number]
    assert found(place, "没有的词") == found(place, "202611-0099") == []


@pytest.mark.req("E8")
def test_pages_go_on_and_each_case_is_on_one_of_them(place: Office) -> None:
    numbers = {told(place).number for _ in range(5)}
    seen, cursor, pages = list[str](), None, 0
    while pages == 0 or cursor is not None:
        page = found_on_record(place.desk, member("agent-1"), "走廊", 2, cursor)
        seen, cursor, pages = seen + [row.line.number for row in page.items], page.cursor, pages + 1
    assert (sorted(seen), pages) == (sorted(numbers), 3)
    assert seen == sorted(seen, reverse=True)


def test_it_is_made_again_without_effect(place: Office) -> None:
    case = told(place)
    assert follow(place.desk, "riverside", case.number) == 0
    assert follow(place.desk, "riverside", "202611-0099") == 0, "a number without a case has none"


def test_an_older_state_of_the_case_overtakes_no_newer(place: Office) -> None:
    case = told(place)
    key = term_key(place.desk, "riverside", "走廊")
    assert place.stores.search.put("riverside", case.number, 7, frozenset()) > 0
    assert place.stores.search.put("riverside", case.number, 6, frozenset({key})) == 0
    assert place.stores.search.find("riverside", key, 5, None) == ((), True)


@pytest.mark.req("G24")
def test_what_is_erased_leaves_no_row_but_those_of_the_number(dynamo_place: Office) -> None:
    case = told(dynamo_place)
    forget(dynamo_place.desk, dynamo_place.case(case), ALL_KINDS)
    left = {row.pk for row in CaseRow.scan() if "#FIND#" in row.pk}
    desk = dynamo_place.desk
    assert left == {
        keys.found("riverside", term_key(desk, "riverside", term))
        for term in (case.number, "0001", "1", "2026110001", "2026111")
    }


def test_a_crash_half_way_is_made_good_the_next_time(
    dynamo_place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows were written and the rest was not: then what is there is known all the same, and goes."""
    case = dynamo_place.register().case
    whole = CaseRow.batch_write

    def crashing() -> Any:
        batch = whole()
        batch.max_operations = 5
        monkeypatch.setattr(batch, "commit", _fails_second(batch.commit))
        return batch

    monkeypatch.setattr(CaseRow, "batch_write", crashing)
    with pytest.raises(ConnectionError):
        follow(dynamo_place.desk, "riverside", case.number)
    monkeypatch.setattr(CaseRow, "batch_write", whole)
    forget(dynamo_place.desk, dynamo_place.case(case), ALL_KINDS)
    assert len([row for row in CaseRow.scan() if "#FIND#" in row.pk]) == 5
    follow(dynamo_place.desk, "riverside", case.number)
    assert found(dynamo_place, "走廊") == [case.number]


def _fails_second(commit: Any) -> Any:
    done: list[int] = []

    def commit_once() -> None:
        if done:
            raise ConnectionError("the function was stopped")
        done.append(1)
        commit()

    return commit_once


@contextmanager
def items_read() -> Iterator[list[int]]:
    """How many items each read of DynamoDB looked at."""
    read: list[int] = []

    def answered(parsed: dict[str, Any], **_: Any) -> None:
        batches = parsed.get("Responses") or {}
        read.append(parsed.get("ScannedCount", 0) + sum(len(rows) for rows in batches.values()))

    events = CONNECTION.client.meta.events
    events.register("after-call.dynamodb.*", answered)
    try:
        yield read
    finally:
        events.unregister("after-call.dynamodb.*", answered)


def put_directly(desk_key: str, first: int, last: int, year: int = 2020) -> None:
    """Rows of the index as they stand in the table, past its API, which would take minutes."""
    regions = dynamodb_backends[DEFAULT_ACCOUNT_ID].values()
    table = next(region.tables["test-cases"] for region in regions if "test-cases" in region.tables)
    for serial in range(first, last):
        month = 100 * year + 1 + serial % 12
        table.put_item({"pk": {"S": desk_key}, "sk": {"S": f"{month}-{serial:08d}"}})


@pytest.mark.req("E8")
def test_among_a_hundred_thousand_cases_it_reads_no_more_than_among_a_thousand(dynamo_place: Office) -> None:
    """Two reads, whatever there is: the newest of the term and one more, then those cases."""
    desk, reads = dynamo_place.desk, []
    numbers = [told(dynamo_place).number for _ in range(4)]
    place = keys.found("riverside", term_key(desk, "riverside", "走廊"))
    for there, wanted in ((0, 1_000), (1_000, 100_000)):
        put_directly(place, there, wanted)
        with items_read() as read, metered() as made:
            page = found_on_record(desk, member("agent-1"), "走廊", 3, None)
        assert [row.line.number for row in page.items] == numbers[:0:-1]
        assert [call.operation for call in made] == ["Query", "BatchGetItem", "PutItem"], (
            "the last is the look, on record"
        )
        reads.append(read)
    assert reads[0] == reads[1] == [4, 6, 0]


@pytest.mark.req("E8")
def test_two_words_are_found_in_either_order_however_many_newer_cases_have_one(dynamo_place: Office) -> None:
    """The list that ends first leads: two at most are begun, and none is read through."""
    desk, reads = dynamo_place.desk, list[list[list[int]]]()
    number = told(dynamo_place, text="走廊漏水").number
    corridor = keys.found("riverside", term_key(desk, "riverside", "走廊"))
    for there, wanted in ((0, 1_000), (1_000, 100_000)):
        put_directly(corridor, there, wanted, 2030)
        reads.append([])
        for query in ("走廊 漏水", "漏水 走廊"):
            with items_read() as read, metered() as made:
                page = found_on_record(desk, member("agent-1"), query, 20, None)
            assert ([row.line.number for row in page.items], page.cursor) == ([number], None)
            assert [call.operation for call in made if not call.reads] == ["PutItem"]
            reads[-1].append(read)
    assert reads[0] == reads[1]
    for read in reads[0]:
        assert sum(read) <= 21 + 1 + 2, "the newest of one, all of the other, the case with its line"


@pytest.mark.req("E8")
def test_two_words_of_very_many_cases_each_meet_without_either_being_read_through(
    dynamo_place: Office,
) -> None:
    desk, reads = dynamo_place.desk, []
    numbers = [told(dynamo_place, text="走廊漏水").number for _ in range(3)][::-1]
    corridor, leak = (keys.found("riverside", term_key(desk, "riverside", word)) for word in ("走廊", "漏水"))
    for there, wanted in ((0, 1_000), (1_000, 4_000)):
        put_directly(corridor, there, wanted, 2030)
        put_directly(leak, there, wanted, 2020)
        with items_read() as read:
            page = found_on_record(desk, member("agent-1"), "漏水 走廊", 3, None)
        assert [row.line.number for row in page.items] == numbers
        reads.append(read)
    assert reads[0] == reads[1]
    assert sum(reads[0]) <= 4 + 4 + 4 + 6


@pytest.mark.req("E8", "G8")
def test_no_row_shows_what_it_is_of(dynamo_place: Office) -> None:
    case = told(dynamo_place)
    rows = [row.serialize() for row in CaseRow.scan() if "#FIND#" in row.pk or row.sk == FIND]
    assert len(rows) > 30
    assert not [said for row in rows for said in ("王", "1234", "走廊", "1201") if said in str(row)]
    assert case.report.phone == "+8613900001234"
