"""Price lists that are published at the desk, on DynamoDB (B10)."""

from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.directory import read_community
from chalicelib.adapters.dynamo.prices import DynamoPrices
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.prices import PriceItem, PriceList
from chalicelib.services.staff_port import Act, Done
from infra.directory import write_communities
from tests.builders import MONDAY, community

FIRST = date(2026, 12, 1)


def act(serial: int, day: int = 0) -> Act:
    at = MONDAY + timedelta(days=day, seconds=serial)
    return Act(f"{at.timestamp():017.6f}#{serial:08d}", at, "manager-1", Done.PRICES_PUBLISHED)


def price_list(number: int, first: date, fee: int = 9000) -> PriceList:
    day = first.isoformat()
    items = tuple(
        PriceItem(f"item-{serial}", "更" * 60, fee, "次" * 20, day, str(number)) for serial in range(500)
    )
    return PriceList(f"list-{number}", day, str(number), items, "公告栏" * 30, "manager-1", MONDAY)


@pytest.fixture
def written(tables: None) -> Community:
    write_communities([community()])
    return read_community("riverside")


@pytest.mark.req("B10")
def test_a_list_of_the_largest_size_is_kept_published_and_taken_back(written: Community) -> None:
    store, new = DynamoPrices(), price_list(1, FIRST)
    assert store.draft("riverside") is None
    store.put_draft("riverside", new)
    assert store.draft("riverside") == new
    assert store.publish(written, new, act(1))
    assert not store.publish(written, price_list(2, FIRST), act(2)), "somebody else was first"
    found = read_community("riverside")
    assert (found.price_lists, found.prices, store.draft("riverside")) == ((new,), written.prices, None)
    assert store.published("riverside", 5) == (new,)
    assert store.withdraw(found, new, act(3))
    assert (read_community("riverside").price_lists, store.published("riverside", 5)) == ((), ())


@pytest.mark.req("B10")
def test_a_list_that_has_ended_leaves_the_community_and_stays_on_record(written: Community) -> None:
    store, lists = DynamoPrices(), [price_list(number, FIRST + timedelta(days=number)) for number in range(3)]
    for number, known in enumerate(lists):
        assert store.publish(read_community("riverside"), known, act(number, day=number * 60))
    found = read_community("riverside")
    assert found.price_lists == tuple(lists[1:]), "the one that held that day, and the one after"
    assert store.published("riverside", 5) == tuple(reversed(lists))


@pytest.mark.req("B10")
def test_the_operators_file_leaves_a_list_of_the_desk_alone(written: Community) -> None:
    store, new = DynamoPrices(), price_list(1, FIRST)
    assert store.publish(written, new, act(1))
    other = community(prices=(PriceItem("tap", "更换水龙头", 100, "个"),))
    assert write_communities([other]) == ("riverside: as set at the desk, and not as in the file: prices.",)
    assert write_communities([community()]) == ()
    found = read_community("riverside")
    assert (found.price_lists, found.prices) == ((new,), written.prices)
