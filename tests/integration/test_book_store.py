"""The answer book on DynamoDB: one query, and no version is lost whoever saves at once (A14)."""

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.book import DynamoBook
from chalicelib.domain.book import LONGEST_ANSWER, Entry
from tests.builders import MONDAY, Office
from tests.fakes.book import FakeBook

FIRST = Entry("a1", 1, "fees", "停车费", "每月300元。", "车位", "supervisor-1", MONDAY)


@pytest.mark.req("A14")
@pytest.mark.parametrize("make", [FakeBook, DynamoBook])
def test_versions_follow_one_another_and_stay(make: type, dynamo_place: Office) -> None:
    store = make()
    second = replace(FIRST, version=2, answer="每月350元。", by="manager-1")
    assert store.put("riverside", FIRST)
    assert not store.put("riverside", FIRST), "sent twice"
    assert store.put("riverside", second)
    assert not store.put("riverside", replace(second, answer="每月400元。")), "somebody was first"
    assert not store.put("riverside", replace(second, version=4)), "one is left out"
    assert store.entries("riverside") == (second,)
    assert store.versions("riverside", "a1") == (FIRST, second)
    assert store.entries("hillside") == ()


@pytest.mark.req("A14")
def test_a_book_of_the_longest_entries_is_read_whole(dynamo_place: Office) -> None:
    store, answer = DynamoBook(), "".join(chr(0x4E00 + place * 7 % 9000) for place in range(LONGEST_ANSWER))
    for number in range(30):
        assert store.put("riverside", replace(FIRST, id=f"e{number:02d}", answer=answer))
    assert len(store.entries("riverside")) == 30
